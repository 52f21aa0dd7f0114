"""Rows of a table as records: of the few that a chart draws, a list is read many times as fast as a data frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

Row = dict[str, Any]


def rows_of(table: pd.DataFrame, columns: Sequence[str] | None = None) -> list[Row]:
    """Its rows, with these columns."""
    return (table if columns is None else table[[*columns]]).to_dict("records")


def grouped(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """The rows by what a column holds, in their order and without it.

    >>> grouped([{"a": 1, "b": 2}, {"a": 3, "b": 2}], "b")
    {2: [{'a': 1}, {'a': 3}]}
    """
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append({key: value for key, value in row.items() if key != column})
    return found


def finite(rows: Iterable[Row], columns: Iterable[str]) -> list[float]:
    """All known numbers of some columns."""
    columns = [*columns]
    return [value for row in rows for column in columns if math.isfinite(value := row[column])]


def in_order(rows: Iterable[Row], direction: str) -> list[Row]:
    """By ``mean``, best first; where no end is better, the highest. Unknown ones come last, and ties stay.

    >>> [row["mean"] for row in in_order([{"mean": 1.0}, {"mean": float("nan")}, {"mean": 2.0}], "higher")]
    [2.0, 1.0, nan]
    """
    sign = 1.0 if direction == "lower" else -1.0
    return sorted(rows, key=lambda row: (math.isnan(row["mean"]), sign * row["mean"]))
