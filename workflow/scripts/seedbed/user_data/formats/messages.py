"""What a message names: the nearest known name, and the rows with a mistake."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np

from .kinds import other_kind

LARGEST = 1e150  # sums of squares of larger numbers overflow
SHOWN = 5  # mistakes of one kind that are named before the rest is counted
_COMPARED = 2000  # names that a wrong one is compared with: genes have 60,000
_LONGEST = 60  # letters of a cell that are shown


def row_text(rows: np.ndarray | list[np.intp]) -> str:
    """Data rows counted from one, the header left out."""
    shown = ", ".join(str(row) for row in rows[:SHOWN])
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"row {shown}{more}" if len(rows) == 1 else f"rows {shown}{more}"


def name_text(names: list[str], shown: int = SHOWN) -> str:
    """The first few names in quotes, and how many more there are."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(f"'{name}'" for name in names[:shown]) + more


def cell_text(cell: object) -> str:
    """A cell in quotes, cut if it is long."""
    text = str(cell)
    return repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "...")


def printable(text: str) -> str:
    """The text in one line, with control characters escaped: names come from files that anybody may have written."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def repeated(names: list[str]) -> list[str]:
    """Names that occur more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def missing_file(path: str, suffixes: tuple[str, ...]) -> list[str]:
    """A message if a file is not there or its name ends in none of ``suffixes``."""
    file = Path(path)
    if file.suffix.lower() not in suffixes:
        return [f"{path}: the name must end in one of {', '.join(suffixes)}"]
    if os.path.isdir(path):
        return [f"{path}: is a folder; a file is needed{_within(file, suffixes)}"]
    if os.path.islink(path) and not os.path.exists(path):
        return [f"{path}: is a link to {file.readlink()}, which is not there"]
    if os.path.exists(path) and not os.path.isfile(path):
        return [f"{path}: is no regular file"]
    if not os.path.isfile(path):
        if path.startswith("~") or "://" in path:
            return [f"{path}: there is no such file; write a path of this machine's, without ~ and ://"]
        return [f"{path}: there is no such file{similar(file.name, _named(file.parent, suffixes))}"]
    return []


def _named(folder: Path, suffixes: tuple[str, ...]) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.suffix.lower() in suffixes) if folder.is_dir() else []


def _within(folder: Path, suffixes: tuple[str, ...]) -> str:
    there = _named(folder, suffixes)
    return f", such as {folder / there[0]}" if there else ""


def unreadable(path: str, error: Exception) -> str:
    """What a reader said of a broken file, in one line."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "allow_pickle" in reason:
        reason = "it holds Python objects, which are not read; save numbers as numbers and text as text: a.astype(str)"
    if isinstance(error, MemoryError):
        reason = "it does not fit into memory, or is damaged"
    with suppress(OSError):  # then the reader's own words say why
        reason = other_kind(Path(path)) or reason
    return f"{path}: cannot be read as {Path(path).suffix[1:].upper()}: {reason}"


def similar(name: str, known: list[str]) -> str:
    """The known name that is closest, and what is known."""
    close = difflib.get_close_matches(name, known[:_COMPARED], n=1)
    listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return (f"; did you mean '{close[0]}'?" if close else "") + (f" (there: {listed})" if known else "")
