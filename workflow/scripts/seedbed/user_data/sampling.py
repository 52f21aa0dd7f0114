"""How many rows of a table a replicate takes, and what replicates of one table have in common."""

from __future__ import annotations

import os
from functools import lru_cache

from .choices import Choice
from .tables import read_chosen

SHARE = 0.8  # of the rows, that a replicate takes where nobody says how many


def rows_of(path: str, choice: Choice, *targets: str | None) -> int:
    """How many rows a table has to draw from; 0 if it cannot be read. It is read once per state of the file."""
    try:
        status = os.stat(path)
        return _rows(path, repr(choice), targets, status.st_mtime_ns, status.st_size, _Hidden(choice))
    except Exception:  # what is wrong with the file is said where it is checked
        return 0


def share_taken(size: int, n_rows: int) -> float:
    """The share of the rows that a sample takes, which two samples have in common on average.

    It is 1 for a sample of all rows: every replicate then has the same data.
    """
    return min(1.0, size / n_rows) if n_rows else 1.0


class _Hidden:
    """A choice beside the key of a cache: lists cannot be part of one."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden)

    def __hash__(self) -> int:
        return 0


@lru_cache(64)
def _rows(path: str, _key: str, targets: tuple[str | None, ...], _mtime: int, _size: int, hidden: _Hidden) -> int:
    return len(read_chosen(path, hidden.choice, *targets))


def sample_text(size: int, n_rows: int) -> str:
    """What a replicate takes of the rows, in words."""
    if size >= n_rows:
        return "every replicate takes all rows: one data set, so that nothing has an interval over data"
    return f"replicates are random subsamples of {size} of the {n_rows} rows ({100 * size / n_rows:.3g} %)"
