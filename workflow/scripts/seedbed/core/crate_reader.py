"""Open an archive that somebody gave us: whatever is wrong with it is said in one message."""

from __future__ import annotations

import contextlib
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from .crate import METADATA, RESULTS
from .errors import UserError

_NEEDED = ("Snakefile", "config.yaml", f"{RESULTS}/provenance.json")


class Crate:
    """An archive whose every file is what its description says."""

    def __init__(self, archive: zipfile.ZipFile, files: Mapping[str, Mapping[str, Any]]) -> None:
        self.archive = archive
        self.files = files

    def read(self, name: str) -> bytes:
        """The content of a file; empty if there is none."""
        return self.archive.read(name) if name in self.files else b""

    def extract(self, folder: str) -> None:
        """Write all files below a folder."""
        for name in self.files:
            self.archive.extract(name, folder)


@contextlib.contextmanager
def open_crate(path: str) -> Iterator[Crate]:
    """Open an archive, and compare each file with its digest.

    Raises
    ------
    UserError
        That says what is wrong with it.
    """
    file = Path(path)
    if not file.is_file():
        raise UserError(f"{path}: there is no such file; `snakemake archive` makes one")
    try:
        with zipfile.ZipFile(file) as archive:
            files = _described_files(path, archive)
            _check_members(path, archive, files)
            yield Crate(archive, files)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zipfile.zlib.error) as error:
        raise UserError(f"{path} is no archive, or a damaged one ({error}): fetch it again") from None


def _described_files(path: str, archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    if METADATA not in archive.namelist():
        raise UserError(f"{path} has no {METADATA}: it was not made by `snakemake archive`")
    try:
        graph = json.loads(archive.read(METADATA))["@graph"]
        entities = {entity["@id"]: entity for entity in graph}
        files = {name: entity for name, entity in entities.items() if "File" in _types(entity)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: its {METADATA} cannot be read ({type(error).__name__}: {error})") from None
    missing = [name for name in _NEEDED if name not in files]
    if missing:
        raise UserError(f"{path} is no archive of this workflow: it has no {', '.join(missing)}")
    return files


def _types(entity: Mapping[str, Any]) -> list[str]:
    types = entity.get("@type", [])
    return [types] if isinstance(types, str) else list(types)


def _check_members(path: str, archive: zipfile.ZipFile, files: Mapping[str, Mapping[str, Any]]) -> None:
    """Every file is described, every description has its file, and no name leads out of the folder."""
    names = set(archive.namelist()) - {METADATA}
    wrong = [f"{name}: is described, but not there" for name in sorted(set(files) - names)]
    wrong += [f"{name}: is there, but not described" for name in sorted(names - set(files))]
    wrong += [f"{name}: leads out of the archive" for name in sorted(names) if _leads_out(name)]
    for name in sorted(names & set(files)):
        if _sha256(archive, name) != files[name].get("sha256"):
            wrong.append(f"{name}: is not what it was when the archive was made")
    if wrong:
        shown = wrong[:10] + ([f"and {len(wrong) - 10} more"] if len(wrong) > 10 else [])
        raise UserError.from_list(f"{path} was changed or damaged; fetch it again, or ask who did:", shown)


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
