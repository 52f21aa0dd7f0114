"""Names that a member of an archive may bear: each its own place, below the folder, and none that a rerun believes."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from seedbed.core.errors import printable

# What a rerun writes, remembers or starts from: planted there, a file would be taken for something that was computed.
TAKEN = ("results", "logs", ".snakemake", ".git", ".venv")
_COMPILED = (".pyc", ".pyo", ".so", ".pyd")  # Python prefers these to the source beside them, which is what people read
_LONGEST_PART, _LONGEST = 255, 2000  # bytes
_DEEPEST = 50  # folders: every folder above a name is looked at


def name_errors(names: Iterable[str]) -> Iterator[str]:
    """One message for each name that is refused, and for each two that would be one file."""
    counts = Counter(names)
    yield from (f"{name}: is there {count} times" for name, count in counts.items() if count > 1)
    places: dict[tuple[str, ...], str] = {}
    for name in counts:
        if reason := _reason(name):
            yield f"{name}: {reason}"
        if name.count("/") > _DEEPEST:
            continue
        place = tuple(map(_folded, name.split("/")))
        if place in places:
            yield f"{name}: is the same file as {places[place]} where capitals do not count"
        places.setdefault(place, name)
    for place, name in places.items():
        above = (place[:depth] for depth in range(1, len(place)))
        if folder := next((part for part in above if part in places), None):
            yield f"{name}: lies below {places[folder]}, which is a file"


def _reason(name: str) -> str:
    parts = name.split("/")
    if "\\" in name or PurePosixPath(name).is_absolute() or ".." in parts:
        return "leads out of the archive"
    if name != printable(name) or "\n" in name:
        return "holds characters that nobody can see"
    if {"", "."} & {*parts} or any(part != part.strip().rstrip(".") for part in parts):
        return "is no plain path"
    if len(name.encode()) > _LONGEST or any(len(part.encode()) > _LONGEST_PART for part in parts):
        return "is too long"
    if len(parts) > _DEEPEST + 1:
        return f"lies in more than {_DEEPEST} folders"
    folded = [*map(_folded, parts)]
    if (first := folded[0].partition(":")[0].rstrip(" .")) in TAKEN:
        return f"lies in {first}, where a rerun looks for what it has computed"
    if "__pycache__" in folded or folded[-1].endswith(_COMPILED):
        return "is compiled code, which would run in place of what can be read"
    return ""


def _folded(part: str) -> str:
    """A part of a path as the most forgiving file system reads it."""
    seen = "".join(char for char in unicodedata.normalize("NFKC", part) if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", seen.casefold())
