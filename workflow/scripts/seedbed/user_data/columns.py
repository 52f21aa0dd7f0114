"""What is wrong, and what is remarkable, in the columns of a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from seedbed.user_data.formats.messages import LARGEST, SHOWN, cell_text, name_text, printable, row_text
from seedbed.user_data.formats.text_numbers import CODE, EXACT, LONG, MISSING, bare, cure

from .dates import holds_dates

FEWEST_IDS = 10  # rows from which whole numbers that all differ are no chance


def bad_numbers(features: pd.DataFrame, hint: str, choices: bool = False) -> list[str]:
    """Columns that hold no numbers, and cells that are empty, infinite or beyond what a double can hold.

    Parameters
    ----------
    features : DataFrame
    hint : str
        What to do with a column that is not numeric.
    choices : bool
        Whether the user may choose what becomes of empty cells, dates and texts.
    """
    numeric = _numeric(features)
    texts = [name for name, is_number in zip(features.columns, numeric, strict=True) if not is_number]
    messages = [_not_numeric(features[name], hint, choices) for name in texts[:SHOWN]]
    messages += [f"{len(texts) - SHOWN} more columns are not numeric"] if len(texts) > SHOWN else []
    numbers = features.loc[:, numeric]
    if not numbers.shape[1]:
        return messages
    values = numbers.to_numpy(float, na_value=np.nan)
    whole = np.array([pd.api.types.is_integer_dtype(dtype) for dtype in numbers.dtypes])
    sizes = np.abs(values)
    mend = "; remove or mend such rows"
    large = (sizes > LARGEST) & (sizes < np.inf)
    problems = {
        f"value missing (NaN){mend}{', or write missing: drop_rows or median' * choices}": np.isnan(sizes),
        f"value infinite{mend}": np.isinf(sizes),
        f"{{}} is beyond {LARGEST:g}, whose square is infinite{mend}": large,
        "{} is a whole number beyond 2^53, which no double holds exactly; leave an id out, save a size as float": whole
        & (sizes >= EXACT),
    }
    for problem, where in problems.items():
        places = np.flatnonzero(where.any(axis=0))
        for place in places[:SHOWN]:
            rows = np.flatnonzero(where[:, place])
            said = problem.format(numbers.iloc[rows[0], place])
            messages.append(f"column '{numbers.columns[place]}', {row_text(rows + 1)}: {said}")
        if len(places) > SHOWN:
            messages.append(f"{len(places) - SHOWN} more columns: {problem.format('a value')}")
    return messages


def bad_ids(ids: pd.Series, rows: np.ndarray) -> list[str]:
    """Rows whose id is empty, or that of an earlier row."""
    empty, twice = ids.isna().to_numpy(), ids.notna().to_numpy() & ids.duplicated().to_numpy()
    messages = []
    if empty.any():
        messages.append(f"id_column '{ids.name}', {row_text(rows[empty])}: id missing; fill it in")
    if twice.any():
        cell = cell_text(ids[twice].iloc[0])
        messages.append(
            f"id_column '{ids.name}', {row_text(rows[twice])}: {cell} is the id of an earlier row too; ids must differ "
            "(drop the column if its values tell groups of rows apart)"
        )
    return messages


def _numeric(frame: pd.DataFrame) -> list[bool]:
    known = {
        dtype: pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype)
        for dtype in set(frame.dtypes)
    }
    return [known[dtype] for dtype in frame.dtypes]


def _not_numeric(column: pd.Series, hint: str, choices: bool) -> str:
    there, text = column.notna().to_numpy(), column.astype(str).str
    numbers = pd.to_numeric(column.astype(str), errors="coerce").to_numpy()
    bad = np.flatnonzero(there & (np.isnan(numbers) | text.fullmatch(LONG).to_numpy()))
    bad = bad if len(bad) else np.flatnonzero(there & text.fullmatch(CODE).to_numpy())
    if not len(bad):  # numbers of a kind that no array holds
        bad, hint = np.flatnonzero(there), f"save it as float, or: {hint}"
    if not len(bad):
        return f"column '{column.name}' is not numeric: it is empty ({hint})"
    cell = column.iloc[bad[0]]
    advice = "; ".join(filter(None, [(choices and _choice_for(column)) or cure(cell), hint]))
    return f"column '{column.name}' is not numeric; row {bad[0] + 1} holds {cell_text(cell)} ({advice})"


def _choice_for(column: pd.Series) -> str:
    """The choice that makes something of a column that is not numeric, if there is one."""
    if holds_dates(column):
        return "dates: days makes a number of dates"
    cells = column[column.notna()]
    if not cells.map(lambda cell: isinstance(cell, str)).all() or pd.to_numeric(cells, errors="coerce").notna().any():
        return ""
    if len(cells) >= FEWEST_IDS and cells.is_unique:
        return "if it tells the rows apart, name it as id_column"
    return "categories: one_hot makes columns of 0 and 1 of texts" if cells.nunique() <= len(cells) / 2 else ""


def missing_labels(labels: pd.Series) -> list[str]:
    """Rows of a label column that are empty, or that some readers take for empty."""
    empty = labels.isna().to_numpy()
    messages = []
    if rows := list(np.flatnonzero(empty) + 1):
        messages.append(
            f"label column '{labels.name}', {row_text(rows)}: label missing; remove such rows or fill it in"
        )
    text = labels.astype(object).where(~empty, "x").astype(str)
    for token in sorted(MISSING & set(text)):
        rows = np.flatnonzero((text == token).to_numpy()) + 1
        messages.append(
            f"label column '{labels.name}', {row_text(rows)}: '{token}' reads as missing; if it is the name of a "
            "class, write another, such as 'no' or 'none given'; else remove such rows"
        )
    return messages


def class_texts(labels: pd.Series) -> np.ndarray:
    """Every label as text as it is seen: without blanks around it, accents in the one way of writing them."""
    texts, places = np.unique(labels.astype(str).to_numpy().astype(str), return_inverse=True)
    seen = np.array([unicodedata.normalize("NFC", bare(str(text))) for text in texts], dtype=str)
    return seen[places]


def class_numbers(labels: pd.Series) -> np.ndarray:
    """Labels numbered from zero in the order of their texts."""
    return np.unique(class_texts(labels), return_inverse=True)[1]


def bad_classes(labels: pd.Series) -> list[str]:
    """Labels that nothing can be learned from or compared with: one class, or as many as rows."""
    count = len(np.unique(class_texts(labels)))
    if count < 2:
        return [f"label column '{labels.name}' holds one class, {cell_text(labels.iloc[0])}; at least 2 are needed"]
    if count == len(labels):
        return [f"label column '{labels.name}' holds a class of its own for each of the {count} rows; is it an id?"]
    return []


def distinct_rows(X: np.ndarray, enough: int) -> int:
    """How many rows differ, counted up to ``enough``: one pass."""
    seen = set()
    for row in np.ascontiguousarray(X) + 0.0:  # -0.0 is 0.0
        seen.add(row.tobytes())
        if len(seen) >= enough:
            break
    return len(seen)


def remarks(features: pd.DataFrame) -> list[str]:
    """Columns that look like ids, indices, constants, or a second column of the same name."""
    names, values = np.array(features.columns, dtype=object), features.to_numpy(float)
    constant = (values == values[:1]).all(axis=0)
    ids = np.zeros(len(names), bool)
    if len(values) >= FEWEST_IDS:
        ids = (values == np.floor(values)).all(axis=0)
        ordered = np.sort(values[:, ids], axis=0)
        ids[ids] = (ordered[1:] > ordered[:-1]).all(axis=0)
    counts = ids.copy()
    counts[ids] = (np.diff(values[:, ids], axis=0) == 1).all(axis=0)
    known = set(names)
    twins = [name for name in names if name.rpartition(".")[0] in known and name.rpartition(".")[2].isdecimal()]
    found = {
        "counts the rows, as an index does": names[counts],
        "looks like an id (whole numbers, all different)": names[ids & ~counts],
        "is constant": names[constant],
        "bears the name that is given to a second column of the same name": twins,
    }
    return [f"{name_text(list(which))} {what}" for what, which in found.items() if len(which)]


def shape_remarks(n_rows: int, n_columns: int) -> list[str]:
    """A table so wide that methods with covariance matrices take hours."""
    if n_columns > max(n_rows, 500):
        return [
            f"{n_columns} features of {n_rows} rows: a method with covariance matrices takes time as their third power "
            "(limits, columns)"
        ]
    return []


def class_text(labels: pd.Series) -> str:
    """The classes with their sizes, the first few by name."""
    names, sizes = np.unique(class_texts(labels), return_counts=True)
    shown = ", ".join(f"{name[:30]} ({size})" for name, size in list(zip(names, sizes, strict=True))[: 2 * SHOWN])
    more = f" and {len(names) - 2 * SHOWN} more" if len(names) > 2 * SHOWN else ""
    return f"{len(names)} classes in '{labels.name}': {shown}{more}"


def describe(frame: pd.DataFrame, features: Sequence[str], left_out: Sequence[str], notes: Sequence[str]) -> list[str]:
    """What was understood of a table: rows, features, what was left out, how it was read, what is remarkable."""
    number = f"{len(features)} feature{'s' if len(features) > 1 else ''}"
    parts = [f"{len(frame)} rows", f"{number}: {name_text(list(features), 2 * SHOWN)}"]
    parts += [f"left out: {name_text(list(left_out), 2 * SHOWN)}"] if left_out else []
    said = [*parts, *notes, *remarks(frame[list(features)]), *shape_remarks(len(frame), len(features))]
    return [printable(part) for part in said]
