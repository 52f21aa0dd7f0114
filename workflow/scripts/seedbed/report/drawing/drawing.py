"""A figure as the files that it becomes, kept from run to run for as long as nothing that it shows has changed."""

from __future__ import annotations

import base64
import json
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from seedbed.core.files import atomic_path
from seedbed.core.recall.user_cache import find_text, keep_text


@dataclass(frozen=True)
class Drawing:
    """``files`` by suffix; what is ``seen``, a sentence; a ``table`` of texts in place of a picture; or the ``error``.

    A drawing without files is that of a figure that has nothing to show.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    seen: str = ""
    table: Mapping[str, Any] | None = None
    error: str = ""

    def write(self, stem: str) -> None:
        """As ``<stem>.<suffix>``."""
        for suffix, content in self.files.items():
            with atomic_path(f"{stem}.{suffix}") as part:
                part.write_bytes(content)

    @property
    def words(self) -> dict[str, Any]:
        """What there is to say of it beside its files."""
        told = {"seen": self.seen, "table": self.table, "error": self.error}
        return {key: value for key, value in told.items() if value}


def kept_drawing(key: str, draw: Callable[[], Drawing]) -> Drawing:
    """The drawing of this key, a digest of all that it depends on; drawn if it is not in the user's keeping."""
    found = find_drawing(key)
    if found is None:
        found = draw()
        keep_drawing(key, found)
    return found


def find_drawing(key: str) -> Drawing | None:
    """What was kept under a key."""
    text = find_text(f"figure-{key}")
    if text is None:
        return None
    kept = json.loads(text)
    files = {suffix: base64.b64decode(content) for suffix, content in kept.pop("files").items()}
    return Drawing(files=files, **kept)


def keep_drawing(key: str, drawing: Drawing) -> None:
    """For the next run; what could not be drawn is tried again."""
    if not drawing.error:
        files = {suffix: base64.b64encode(content).decode() for suffix, content in drawing.files.items()}
        keep_text(f"figure-{key}", json.dumps({"files": files, "seen": drawing.seen, "table": drawing.table}))


def not_drawn(name: str, error: BaseException) -> Drawing:
    """In place of a figure that raised: the traceback is in the job's log, the message in the report."""
    traceback.print_exception(error)
    message = f"{type(error).__name__}: {error}"
    print(f"The figure {name} could not be drawn: {message}", file=sys.stderr)
    return Drawing(error=message)
