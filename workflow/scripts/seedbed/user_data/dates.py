"""Dates in a table: which cells are dates, in which way they are written, and the number that a date becomes."""

from __future__ import annotations

import datetime
import re

import numpy as np
import pandas as pd

ISO, DAY_FIRST, MONTH_FIRST = "year first", "day first", "month first"
_TIME = r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_LARGEST_MONTH = 12


def holds_dates(column: pd.Series) -> bool:
    """Whether every cell that is not empty is a date, in one way of writing."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    cells = _cells(column)
    if not len(cells):
        return False
    if cells.map(lambda cell: isinstance(cell, datetime.date)).all():
        return True
    if not cells.map(lambda cell: isinstance(cell, str)).all():
        return False
    texts = [cell.strip() for cell in cells]
    return any(all(map(pattern.fullmatch, texts)) for pattern in (_YEAR_FIRST, _YEAR_LAST))


def order_of(column: pd.Series) -> str:
    """How day, month and year follow one another in a column of dates.

    Raises
    ------
    ValueError
        If no cell tells days from months, or one is no day of the calendar.
    """
    cells = _cells(column)
    if not len(cells) or not isinstance(cells.iloc[0], str):
        return ISO
    matches = [_YEAR_LAST.fullmatch(cell.strip()) for cell in cells]
    if not all(matches):
        return ISO
    found = [(int(match[1]), int(match[3]), match[2]) for match in matches if match]
    firsts = max(first for first, _, _ in found)
    seconds = max(second for _, second, _ in found)
    if firsts > _LARGEST_MONTH or (seconds <= _LARGEST_MONTH and all(sign == "." for _, _, sign in found)):
        return DAY_FIRST
    if seconds > _LARGEST_MONTH:
        return MONTH_FIRST
    shown = cells.iloc[0].strip()
    raise ValueError(
        f"column '{column.name}': '{shown}' may be the day {found[0][0]} of the month {found[0][1]}, or the other way "
        "round, and no row tells which; write dates as 2024-01-31"
    )


def moments(column: pd.Series, order: str = "") -> pd.Series:
    """A column of dates as moments without a time zone (those with one in UTC), empty cells as NaT.

    Parameters
    ----------
    column : Series
        For which :func:`holds_dates` is true.
    order : str
        What :func:`order_of` says of it; looked for here if it is not given.

    Raises
    ------
    ValueError
        If a cell is no day of the calendar, or days cannot be told from months.
    """
    order = order or order_of(column)
    texts = column.astype(object).where(column.notna(), None)
    values = [None if cell is None else _moment(cell, order, column.name) for cell in texts]
    return pd.Series(pd.to_datetime(pd.Series(values, dtype="datetime64[ns]")).to_numpy(), index=column.index)


def days_since(column: pd.Series, first: pd.Timestamp, order: str = "") -> pd.Series:
    """Days, with fractions, from ``first`` on; NaN for empty cells."""
    spans = moments(column, order) - first
    return spans.dt.total_seconds() / 86_400.0


def _cells(column: pd.Series) -> pd.Series:
    cells = column[column.notna()]
    return cells.astype(object)


def _moment(cell: object, order: str, name: object) -> np.datetime64:
    try:
        stamp = _parsed(cell.strip(), order) if isinstance(cell, str) else pd.Timestamp(cell)  # type: ignore[arg-type]
        stamp = stamp.tz_convert("UTC").tz_localize(None) if stamp.tzinfo else stamp
        return stamp.as_unit("ns").to_datetime64()
    except (ValueError, TypeError, OverflowError) as error:
        known = isinstance(error, pd.errors.OutOfBoundsDatetime)
        said = "is beyond the years 1678 to 2261" if known else f"is no date ({order})"
        raise ValueError(f"column '{name}': '{cell}' {said}; mend it, or leave the column out with drop") from None


def _parsed(text: str, order: str) -> pd.Timestamp:
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        first = _YEAR_FIRST.fullmatch(text)
        if first is None:
            raise ValueError(text)
        year, month, day, rest = first[1], first[3], first[4], text[first.end(4) :]
    else:
        year, rest = match[4], text[match.end(4) :]
        month, day = (match[1], match[3]) if order == MONTH_FIRST else (match[3], match[1])
    return pd.Timestamp(f"{year}-{int(month):02d}-{int(day):02d}{rest}")
