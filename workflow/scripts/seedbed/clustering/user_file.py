"""A user's own table: CSV, TSV, Parquet or NPZ, with or without a column of labels."""

from __future__ import annotations

import difflib
from pathlib import Path

import numpy as np
import pandas as pd

from .subsampling import draw_rows, standardise_columns

SUFFIXES = (".csv", ".tsv", ".parquet", ".npz")
_SHOWN = 5  # mistakes of one kind that are named before the rest is counted


def user_table(
    rng: np.random.Generator,
    *,
    path: str,
    label_column: str | None = None,
    n_clusters: int | None = None,
    columns: list[str] | None = None,
    standardise: bool = True,
    sample_size: int | None = None,
) -> dict[str, np.ndarray]:
    """Draw a random subsample of the rows of a file.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses the rows.
    path : str
        A file whose name ends in ``.csv``, ``.tsv``, ``.parquet`` or ``.npz``; relative paths start at the
        folder in which ``snakemake`` runs.
    label_column : str, optional
        Column (NPZ: array) with the true classes, text or numbers. Without it, metrics that need the truth
        are undefined.
    n_clusters : int, optional
        Number of clusters to look for; by default the number of classes in ``label_column``.
    columns : list of str, optional
        Feature columns; by default all but ``label_column``.
    standardise : bool
        Give every feature mean zero and variance one (on the chosen rows).
    sample_size : int, optional
        Rows of the subsample, drawn without replacement, stratified by label if labels are known.

    Returns
    -------
    dict of ndarray
        ``X`` (n, p), ``n_clusters`` (), and with a label column ``labels`` (n,) numbered from zero.

    Raises
    ------
    ValueError
        For anything that :func:`check_user_file` reports.
    """
    messages = check_user_file(
        path=path, label_column=label_column, n_clusters=n_clusters, columns=columns, sample_size=sample_size
    )
    if messages:
        raise ValueError("; ".join(messages))
    table = _read_table(Path(path))
    points = table[_feature_names(table, columns, label_column)].to_numpy(float)
    labels = None
    if label_column is not None:
        labels = np.unique(table[label_column].to_numpy().astype(str), return_inverse=True)[1]
    n_clusters = n_clusters or int(labels.max()) + 1
    rows = draw_rows(rng, len(points), sample_size, labels)
    points = standardise_columns(points[rows]) if standardise else points[rows]
    result = {"X": points, "n_clusters": np.asarray(n_clusters)}
    return result if labels is None else {**result, "labels": labels[rows]}


def check_user_file(
    *,
    path: str,
    label_column: str | None = None,
    n_clusters: int | None = None,
    columns: list[str] | None = None,
    standardise: bool = True,
    sample_size: int | None = None,
) -> list[str]:
    """What is wrong with a user's file or with what is asked of it, one message each; the file is read."""
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        return [f"{path}: the name must end in one of {', '.join(SUFFIXES)}"]
    if not file.is_file():
        return [f"{path}: there is no such file{_similar(file.name, _neighbours(file))}"]
    try:
        table = _read_table(file)
    except Exception as error:  # a broken file can fail in any way its reader knows
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return [f"{path}: cannot be read as {file.suffix[1:].upper()}: {reason}"]
    messages = _missing_columns(table, columns, label_column)
    if len(table) < 2:  # a column without rows has no type, so that nothing more can be said
        messages.append(f"has {len(table)} rows; at least 2 are needed")
    if not messages:
        features = table[_feature_names(table, columns, label_column)]
        messages = _bad_values(features)
        if label_column is not None:
            messages += _bad_labels(table[label_column])
        messages += _bad_sizes(table, label_column, n_clusters, sample_size)
    return [f"{path}: {message}" for message in messages]


def _read_table(file: Path) -> pd.DataFrame:
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
        arrays = {name: archive[name] for name in archive.files}
    if "X" not in arrays or arrays["X"].ndim != 2:
        raise ValueError(f"a two-dimensional array named X is needed (found: {', '.join(arrays) or 'none'})")
    points = arrays.pop("X")
    names = arrays.pop("feature_names", np.array([f"x{j}" for j in range(points.shape[1])]))
    table = pd.DataFrame(points, columns=[str(name) for name in names])
    vectors = {name: array for name, array in arrays.items() if array.shape == (len(points),)}
    return table.assign(**vectors)


def _feature_names(table: pd.DataFrame, columns: list[str] | None, label_column: str | None) -> list[str]:
    return columns or [name for name in table.columns if name != label_column]


def _missing_columns(table: pd.DataFrame, columns: list[str] | None, label_column: str | None) -> list[str]:
    known = list(table.columns)
    messages = [
        f"the name '{name}' is given to several columns; names must differ" for name in _repeated(known)[:_SHOWN]
    ]
    if label_column is not None and label_column not in known:
        messages.append(
            f"label_column is '{label_column}', which the file does not have{_similar(label_column, known)}"
        )
    for name in columns or []:
        if name not in known:
            messages.append(f"columns names '{name}', which the file does not have{_similar(name, known)}")
        elif name == label_column:
            messages.append(f"columns names '{name}', which is the label_column; the truth cannot be a feature")
    messages += [f"columns names '{name}' more than once" for name in _repeated(columns or [])]
    if not messages and not _feature_names(table, columns, label_column):
        messages.append("no feature column is left; at least one is needed")
    return messages


def _bad_values(features: pd.DataFrame) -> list[str]:
    """Columns that hold no numbers, and cells that are empty, not a number or infinite."""
    messages = []
    for name, column in features.items():
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
            numbers = pd.to_numeric(column.astype(str), errors="coerce")
            bad = column[numbers.isna() & column.notna()]
            example = f"; row {bad.index[0] + 1} holds {str(bad.iloc[0])!r}" if len(bad) else ""
            hint = "name it as label_column, or leave it out with columns"
            messages.append(f"column '{name}' is not numeric{example} ({hint})")
            continue
        numbers = column.to_numpy(float, na_value=np.nan)
        for problem, where in (("missing (NaN)", np.isnan(numbers)), ("infinite", np.isinf(numbers))):
            rows = np.flatnonzero(where) + 1
            if len(rows):
                messages.append(f"column '{name}', {_rows(rows)}: value {problem}; remove or fill in such rows")
    return messages


def _bad_labels(labels: pd.Series) -> list[str]:
    rows = np.flatnonzero(labels.isna()) + 1
    if len(rows):
        return [f"label column '{labels.name}', {_rows(rows)}: label missing; remove such rows or fill it in"]
    return []


def _bad_sizes(
    table: pd.DataFrame, label_column: str | None, n_clusters: int | None, sample_size: int | None
) -> list[str]:
    n_rows, messages = len(table), []
    n_classes = table[label_column].astype(str).nunique() if label_column is not None else 1
    if n_clusters is None and label_column is None:
        messages.append("n_clusters is needed, since no label_column is given to count the classes of")
    if sample_size is not None and not max(2, n_classes) <= sample_size <= n_rows:
        low = max(2, n_classes)
        messages.append(f"sample_size is {sample_size}; the file's {n_rows} rows allow {low} to {n_rows}")
    wanted, available = n_clusters if n_clusters is not None else n_classes, sample_size or n_rows
    if not 1 <= wanted <= available:
        messages.append(f"n_clusters is {wanted}; {available} points allow 1 to {available}")
    return messages


def _rows(rows: np.ndarray) -> str:
    """Data rows counted from one, the header left out."""
    shown = ", ".join(str(row) for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return f"row {shown}{more}" if len(rows) == 1 else f"rows {shown}{more}"


def _repeated(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def _neighbours(file: Path) -> list[str]:
    folder = file.parent
    return sorted(p.name for p in folder.iterdir() if p.suffix.lower() in SUFFIXES) if folder.is_dir() else []


def _similar(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return (f"; did you mean '{close[0]}'?" if close else "") + (f" (there: {listed})" if known else "")
