"""What a message names: the nearest known name, and the rows with a mistake."""

from __future__ import annotations

import difflib
from pathlib import Path

import numpy as np

LARGEST = 1e150  # sums of squares of larger numbers overflow
SHOWN = 5  # mistakes of one kind that are named before the rest is counted


def row_text(rows: np.ndarray) -> str:
    """Data rows counted from one, the header left out."""
    shown = ", ".join(str(row) for row in rows[:SHOWN])
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"row {shown}{more}" if len(rows) == 1 else f"rows {shown}{more}"


def repeated(names: list[str]) -> list[str]:
    """Names that occur more than once."""
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def missing_file(path: str, suffixes: tuple[str, ...]) -> list[str]:
    """A message if a file is not there or its name ends in none of ``suffixes``."""
    file = Path(path)
    if file.suffix.lower() not in suffixes:
        return [f"{path}: the name must end in one of {', '.join(suffixes)}"]
    if not file.is_file():
        folder = file.parent
        there = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in suffixes) if folder.is_dir() else []
        return [f"{path}: there is no such file{similar(file.name, there)}"]
    return []


def unreadable(path: str, error: Exception) -> str:
    """What a reader said of a broken file, in one line."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"{path}: cannot be read as {Path(path).suffix[1:].upper()}: {reason}"


def similar(name: str, known: list[str]) -> str:
    """The known name that is closest, and what is known."""
    close = difflib.get_close_matches(name, known, n=1)
    listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return (f"; did you mean '{close[0]}'?" if close else "") + (f" (there: {listed})" if known else "")
