"""Tables of a user's own: CSV, TSV, Parquet or NPZ, one row per case, numeric features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from .messages import LARGEST, SHOWN, missing_file, repeated, row_text, similar, unreadable
from .npz import array_of

SUFFIXES = (".csv", ".tsv", ".parquet", ".npz")


def read_table(path: str) -> pd.DataFrame:
    """The table as it is; see ``data/README.md`` for the formats. Nothing in a file is executed."""
    file = Path(path)
    match file.suffix.lower():
        case ".csv":
            table = pd.read_csv(file)
        case ".tsv":
            table = pd.read_csv(file, sep="\t")
        case ".parquet":
            table = pd.read_parquet(file)
        case _:
            table = _read_npz(file)
    return table.rename(columns=str)


def _read_npz(file: Path) -> pd.DataFrame:
    """``X`` gives the features, named by ``feature_names`` or x0, x1, ...; other vectors are columns too."""
    with np.load(file, allow_pickle=False) as archive:
        arrays = {name: array_of(archive, name) for name in archive.files}
    if "X" not in arrays or arrays["X"].ndim != 2:
        raise ValueError(f"a two-dimensional array named X is needed (found: {', '.join(arrays) or 'none'})")
    points = arrays.pop("X")
    names = arrays.pop("feature_names", np.array([f"x{j}" for j in range(points.shape[1])]))
    table = pd.DataFrame(points, columns=[str(name) for name in names])
    vectors = {name: array for name, array in arrays.items() if array.shape == (len(points),)}
    return table.assign(**vectors)


def check_table(
    path: str, columns: list[str] | None = None, **targets: str | None
) -> tuple[list[str], pd.DataFrame | None]:
    """What is wrong with a file or with the columns asked of it, and the table itself.

    Parameters
    ----------
    path : str
        The file.
    columns : list of str, optional
        The feature columns; by default all that are no target.
    **targets : str or None
        Columns that are no features, by the parameter that names them, such as ``label_column="kind"``.

    Returns
    -------
    messages : list of str
        One per mistake, each with the path in front.
    table : pandas.DataFrame or None
        None if the file or its columns are not what was asked for; then nothing more can be said of it.
    """
    if messages := missing_file(path, SUFFIXES):
        return messages, None
    try:
        table = read_table(path)
    except Exception as error:  # a broken file can fail in any way its reader knows
        return [unreadable(path, error)], None
    messages = _missing_columns(table, columns, targets)
    if len(table) < 2:  # a column without rows has no type, so that nothing more can be said
        messages.append(f"has {len(table)} rows; at least 2 are needed")
    usable = not messages
    if usable:
        elsewhere = next(iter(targets), "columns")
        messages = bad_numbers(table[feature_names(table, columns, *targets.values())], elsewhere)
    return [f"{path}: {message}" for message in messages], table if usable else None


def feature_names(table: pd.DataFrame, columns: list[str] | None, *targets: str | None) -> list[str]:
    """The columns that hold features."""
    return columns or [name for name in table.columns if name not in targets]


def _missing_columns(table: pd.DataFrame, columns: list[str] | None, targets: dict[str, str | None]) -> list[str]:
    known = list(table.columns)
    messages = [f"the name '{name}' is given to several columns; names must differ" for name in repeated(known)[:SHOWN]]
    for parameter, name in targets.items():
        if name is not None and name not in known:
            messages.append(f"{parameter} is '{name}', which the file does not have{similar(name, known)}")
    for name in columns or []:
        role = next((parameter for parameter, target in targets.items() if target == name), None)
        if name not in known:
            messages.append(f"columns names '{name}', which the file does not have{similar(name, known)}")
        elif role:
            messages.append(f"columns names '{name}', which is the {role}; the truth cannot be a feature")
    messages += [f"columns names '{name}' more than once" for name in repeated(columns or [])]
    if not messages and not feature_names(table, columns, *targets.values()):
        messages.append("no feature column is left; at least one is needed")
    return messages


def bad_numbers(features: pd.DataFrame, elsewhere: str = "label_column") -> list[str]:
    """Columns that hold no numbers, and cells that are empty, not a number or infinite."""
    messages = []
    for name, column in features.items():
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
            numbers = pd.to_numeric(column.astype(str), errors="coerce")
            bad = column[numbers.isna() & column.notna()]
            bad = bad if len(bad) else column[column.notna()]  # numbers of a kind that no array holds
            example = f"; row {bad.index[0] + 1} holds {str(bad.iloc[0])!r}" if len(bad) else ""
            hint = f"name it as {elsewhere}, or leave it out with columns"
            messages.append(f"column '{name}' is not numeric{example} ({hint})")
            continue
        numbers = column.to_numpy(float, na_value=np.nan)
        problems = {
            "missing (NaN)": np.isnan(numbers),
            "infinite": np.isinf(numbers),
            f"beyond {LARGEST:g}, whose square is infinite": np.isfinite(numbers) & (np.abs(numbers) > LARGEST),
        }
        for problem, where in problems.items():
            rows = np.flatnonzero(where) + 1
            if len(rows):
                messages.append(f"column '{name}', {row_text(rows)}: value {problem}; remove or mend such rows")
    return messages


def missing_labels(labels: pd.Series) -> list[str]:
    """Rows of a label column that are empty."""
    rows = np.flatnonzero(labels.isna()) + 1
    if len(rows):
        return [f"label column '{labels.name}', {row_text(rows)}: label missing; remove such rows or fill it in"]
    return []
