"""What the user chooses for the columns of a table, empty cells, texts and dates: nothing of it happens unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from seedbed.user_data.formats.messages import name_text
from seedbed.user_data.formats.table import Table
from seedbed.user_data.formats.text_numbers import MISSING

from .dates import holds_dates
from .recipe import LEVELS, Feature, Recipe, made, of_dates, plain

Missing = Literal["error", "drop_rows", "median"]
Categories = Literal["error", "one_hot", "drop"]
Dates = Literal["error", "days", "drop"]
MOST_CATEGORIES = 30  # different texts of a column; more are names or notes


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is asked of the columns of a table; generators that read one have these fields.

    Parameters
    ----------
    columns, drop : list of str, optional
        The columns that are features, by default all that are nothing else; and columns that are none.
    id_column : str, optional
        The column that names the rows: no feature, and kept beside them.
    missing : {"error", "drop_rows", "median"}
        What becomes of empty cells: a message, their rows are left out, or the median of the column.
    categories : {"error", "one_hot", "drop"}
        What becomes of columns of text: a message, a column of 0 and 1 for each text, or they are left out.
    dates : {"error", "days", "drop"}
        What becomes of columns of dates: a message, days since the first of them, or they are left out.
    """

    columns: list[str] | None = None
    drop: list[str] | None = None
    id_column: str | None = None
    missing: Missing = "error"
    categories: Categories = "error"
    dates: Dates = "error"


PLAIN = Choice()


def choose(table: Table, features: Sequence[str], targets: Sequence[str], choice: Choice = PLAIN) -> Table:
    """The table with its features as they are to be used.

    Parameters
    ----------
    table : Table
    features, targets : list of str
        Columns that are there.
    choice : Choice
        Rows with an empty cell in a feature or a target are left out; or empty cells of numbers get the median of
        their column. A column of text becomes one column of 0 and 1 per text (of two texts, one in all), or is left
        out; one of dates becomes a number of days, or is left out.

    Returns
    -------
    Table
        Features first, then targets and columns apart; with notes on what was done, and the recipe for other rows.
        Faults are left as they are: the check of the numbers names them.

    Raises
    ------
    ValueError
        If no row or no feature is left, or a column holds too many different texts, one that reads as missing, or
        dates that can be read in two ways.
    """
    if (choice.missing, choice.categories, choice.dates) == ("error",) * 3:
        return replace(table, features=tuple(features), recipe=Recipe(plain(features)))
    table, notes = _whole_rows(table, features, targets) if choice.missing == "drop_rows" else (table, [])
    frame = table.frame
    dated = [name for name in features if holds_dates(frame[name])] if choice.dates != "error" else []
    texts = [name for name in features if name not in dated and not pd.api.types.is_numeric_dtype(frame[name])]
    texts = [name for name in texts if choice.categories == "drop" or _is_text(frame[name])]
    texts = texts if choice.categories != "error" else []
    gone = [*(dated if choice.dates == "drop" else []), *(texts if choice.categories == "drop" else [])]
    parts = [_feature(frame[name], name in dated, name in texts) for name in features if name not in gone]
    if choice.missing == "median":  # of numbers; an empty cell of text is none of the texts, and stays a fault
        parts, filled = _with_medians(parts, frame)
        notes += [f"{filled} empty cells have the median of their column"] if filled else []
    notes += _notes(choice, dated, texts, parts)
    if not parts:
        raise ValueError("no feature column is left; at least one is needed")
    columns = made(parts, frame)
    apart = tuple(name for name in table.apart if name not in features)
    others = {name: frame[name] for name in (*targets, *apart) if name not in columns}
    used = {*features, *targets, *apart}
    return replace(
        table,
        frame=pd.DataFrame({**columns, **others}),
        notes=(*table.notes, *notes),
        apart=apart,
        features=tuple(columns),
        unused=tuple(name for name in table.names if name not in used or name in gone),
        recipe=Recipe(tuple(parts)),
    )


def _whole_rows(table: Table, features: Sequence[str], targets: Sequence[str]) -> tuple[Table, list[str]]:
    whole = table.frame[[*features, *targets]].notna().all(axis=1).to_numpy()
    if not whole.any():
        raise ValueError("every row has an empty cell; leave columns out with drop, or write missing: median")
    if whole.all():
        return table, []
    kept = replace(table, frame=table.frame[whole].reset_index(drop=True), rows=tuple(np.flatnonzero(whole) + 1))
    return kept, [f"{int((~whole).sum())} rows with empty cells are left out"]


def _feature(column: pd.Series, is_date: bool, is_text: bool) -> Feature:
    if is_date:
        return of_dates(column)
    return Feature(str(column.name), LEVELS, levels=_levels(column)) if is_text else Feature(str(column.name))


def _notes(choice: Choice, dated: list[str], texts: list[str], parts: list[Feature]) -> list[str]:
    notes = []
    if texts and choice.categories == "drop":
        notes.append(f"columns of text are left out: {name_text(texts)}")
    if dated and choice.dates == "drop":
        notes.append(f"columns of dates are left out: {name_text(dated)}")
    if texts and choice.categories == "one_hot":
        notes.append(f"columns of 0 and 1 for each text of {name_text(texts)}")
    if dated and choice.dates == "days":
        ways = {feature.name: feature for feature in parts if feature.name in dated}
        said = [f"'{name}' since {one.first[:10]} ({one.order})" for name, one in ways.items()]
        notes.append(f"days of {', '.join(said)}")
    return notes


def _is_text(column: pd.Series) -> bool:
    """Text or truth values beside empty cells; dates, lists and exact decimals are neither text nor numbers."""
    return pd.api.types.infer_dtype(column, skipna=True) in ("string", "boolean", "categorical", "empty")


def _levels(column: pd.Series) -> tuple[str, ...]:
    text = column.astype(object).where(column.notna(), None)
    levels = sorted({str(cell) for cell in text.dropna()})
    if unclear := sorted(MISSING & set(levels)):
        raise ValueError(
            f"column '{column.name}', row {int((text == unclear[0]).to_numpy().argmax()) + 1}: '{unclear[0]}' reads as "
            "missing; if it is a category, write another text, such as 'no' or 'none given'; else leave the cell empty"
        )
    if len(levels) > MOST_CATEGORIES:
        raise ValueError(
            f"column '{column.name}' holds {len(levels)} different texts; up to {MOST_CATEGORIES} become columns: "
            "leave it out with drop, or name it as id_column if it tells the rows apart"
        )
    return tuple(levels)


def _with_medians(parts: list[Feature], frame: pd.DataFrame) -> tuple[list[Feature], int]:
    """Every column of numbers knows its median: rows that come later may have empty cells where these have none."""
    filled, count = [], 0
    for one in parts:
        numbers = one.columns(frame[one.name])[one.name] if one.kind != LEVELS else frame[one.name]
        numeric = pd.api.types.is_numeric_dtype(numbers) and not pd.api.types.is_bool_dtype(numbers)
        empty = int(numbers.isna().sum()) if numeric and one.kind != LEVELS else 0
        known = numeric and one.kind != LEVELS and empty < len(numbers)
        median = float(numbers.median()) if known else np.nan
        filled.append(replace(one, fill=median) if np.isfinite(median) else one)
        count += empty if known else 0
    return filled, count
