"""The names of a table's columns: which there are, which are an index, and whether the first line holds any."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from .text_numbers import MISSING, bare

# what pandas calls a column without a name: in a file that it has written anew, the header spells it
_NAMELESS = re.compile(r"(Unnamed: \d+(_level_\d+)?(\.\d+)?|__index_level_\d+__)?")
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?")
_FIRST_YEAR, _LAST_YEAR = 1000, 2999


def name_columns(columns: pd.DataFrame, header: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Give a table the names of its header line.

    Columns without a name are left out where they come first and are an index, or are empty.

    Parameters
    ----------
    columns : DataFrame
        One column per field of the header.
    header : list of str

    Returns
    -------
    frame : DataFrame
    notes : list of str
        What was left out, and why.

    Raises
    ------
    ValueError
        If a column has no name.
    """
    names, notes = [bare(name) for name in header], []
    if names and re.match(r"# \S", names[0]):  # numpy.savetxt puts it before the header
        names[0] = names[0][2:].strip()
        notes.append("the '# ' before the first name is left out")
    nameless = [is_nameless(name) for name in names]
    empty = [i for i, none in enumerate(nameless) if none and len(columns) and _is_empty(columns.iloc[:, i])]
    leading = next((i for i, none in enumerate(nameless) if not none), len(names))
    index = [i for i in range(leading) if i not in empty]
    if index and not is_index(columns.iloc[:, index]):
        raise ValueError(
            "the first column has no name: give it one in the header if it is data, or save the file without it if it "
            "is an index (pandas: to_csv(index=False); R: row.names = FALSE)"
        )
    notes += [_index_note(len(index))] if index else []
    notes += [_empty_note(len(empty))] if empty else []
    left_out = {*index, *empty}
    for place, none in enumerate(nameless):
        if none and place not in left_out:
            raise ValueError(f"column {place + 1} has no name in the header; give it one, or delete the column")
    kept = [i for i in range(len(names)) if i not in left_out]
    frame = columns.iloc[:, kept] if left_out else columns
    frame.columns = [names[i] for i in kept]
    return frame, notes


def is_nameless(name: str) -> bool:
    """Whether a name is empty, or one that pandas makes up."""
    return _NAMELESS.fullmatch(name) is not None


def is_index(columns: pd.DataFrame) -> bool:
    """Whether columns tell the rows apart and measure nothing: text, dates or whole numbers, all different."""
    measured = any(pd.api.types.is_float_dtype(dtype) for dtype in columns.dtypes)
    return len(columns) == 0 or not (measured or columns.duplicated().any())


def _index_note(levels: int) -> str:
    if levels == 1:
        return "the first column, which has no name, is left out as an index"
    return f"the first {levels} columns, which have no names, are left out as an index"


def _empty_note(number: int) -> str:
    return "an empty column without a name is left out" if number == 1 else f"{number} empty columns are left out"


def _is_empty(column: pd.Series) -> bool:
    return bool((column.isna() | (column.astype(str).str.strip() == "")).all())


def check_first_line(frame: pd.DataFrame) -> None:
    """Whether the first line of a file holds names, and no other line holds them again.

    Names that are all numbers are the first row of a table without a header, unless they count.

    Raises
    ------
    ValueError
        If there are no names, or a row repeats them.
    """
    texts = [place for place, dtype in enumerate(frame.dtypes) if not pd.api.types.is_numeric_dtype(dtype)]
    again = [_holds(frame.iloc[:, place]) for place in texts]
    if again and len(again) == frame.shape[1] and (rows := np.logical_and.reduce(again)).any():
        raise ValueError(f"row {int(rows.argmax()) + 1} holds the names of the columns again; remove it")
    names = [name for place, name in enumerate(frame.columns) if place not in {*texts}]
    numbers = [name for name in names if _NUMBER.fullmatch(name)]
    if not numbers or not all(name in MISSING for name in {*names} - {*numbers}):
        return
    if _count(names) and not any(found.any() for found in again):
        return
    raise ValueError(
        f"the first line must be a header with the names of the columns; it holds numbers ({', '.join(names[:3])}"
        f"{', ...' if len(names) > 3 else ''}). Put a line of names before it, or, if these are the names, write them "
        f"as text, such as x{names[0]}"
    )


def _holds(column: pd.Series) -> np.ndarray:
    """Cells that are the name of their own column."""
    return np.array([isinstance(cell, str) and cell == column.name for cell in column], bool)


def _count(names: list[str]) -> bool:
    """0, 1, 2, ... or 1, 2, ... or 1990, 1991, ...: what arrays and years give as names."""
    if not all(name.isdecimal() for name in names):
        return False
    numbers = np.array([int(name) for name in names if len(name) < 10])
    if len(numbers) < len(names) or not (np.diff(numbers) == 1).all():
        return False
    years = numbers[0] >= _FIRST_YEAR and numbers[-1] <= _LAST_YEAR
    return names == ["0"] or (len(names) > 1 and (numbers[0] < 2 or years))
