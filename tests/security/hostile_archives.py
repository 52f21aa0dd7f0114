"""Archives that a test makes: right ones, and from them ones that lie."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from seedbed.core.keeping.crate import METADATA

RIGHT = {"Snakefile": b"rule all:\n", "config.yaml": b"seed: 1\n", "archived/provenance.json": b"{}"}


def metadata_of(members: Mapping[str, bytes]) -> bytes:
    """A description in which every size and digest is right: the forger was thorough."""
    graph = [
        {"@id": name, "@type": "File", "sha256": hashlib.sha256(data).hexdigest(), "contentSize": str(len(data))}
        for name, data in members.items()
    ]
    return json.dumps({"@graph": graph}).encode()


def write(path: Path, entries: Iterable[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """A ZIP file of just these entries, equal names included."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.filename = entry.orig_filename = name  # ZipInfo would mend a backslash or cut at a NUL
            entry.compress_type = compression
            archive.writestr(entry, data)
    return path


def archive_with(path: Path, members: Mapping[str, bytes], **settings: Any) -> Path:
    """An archive that describes itself rightly, with these members on top of what every one has."""
    content = {**RIGHT, **members}
    return write(path, [*content.items(), (METADATA, metadata_of(content))], **settings)
