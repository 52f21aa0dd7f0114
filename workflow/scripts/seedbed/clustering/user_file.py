"""A user's own table: CSV, TSV, Parquet or NPZ, with or without a column of labels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from seedbed.user_data.tables import check_table, feature_names, missing_labels, read_table

from .subsampling import draw_rows, standardise_columns


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
    table = read_table(path)
    points = table[feature_names(table, columns, label_column)].to_numpy(float)
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
    messages, table = check_table(path, columns, label_column=label_column)
    if table is not None:
        more = missing_labels(table[label_column]) if label_column is not None else []
        more += _bad_sizes(table, label_column, n_clusters, sample_size)
        messages += [f"{path}: {message}" for message in more]
    return messages


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
