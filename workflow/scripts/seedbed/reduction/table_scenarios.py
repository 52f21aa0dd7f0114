"""Generator of a user's own table: features, and responses in columns or as a matrix of distances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from seedbed.reduction.replicate import replicate
from seedbed.reduction.response import Response
from seedbed.reduction.user_responses import Metric, bad_features, bad_split, objects_of, split_sizes
from seedbed.user_data.features import check_features, read_features
from seedbed.user_data.tables import bad_numbers, check_table, feature_names, missing_labels, read_table


def user_table(
    rng: np.random.Generator,
    *,
    path: str,
    response_columns: list[str] | None = None,
    distances: str | None = None,
    metric: Metric = "euclidean",
    columns: list[str] | None = None,
    sample_size: int | None = None,
    test_share: float = 0.3,
    n_components: int = 1,
) -> dict[str, np.ndarray]:
    """Random splits of a user's rows.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses the rows.
    path : str
        CSV, TSV, Parquet or NPZ; see ``data/README.md``.
    response_columns : list of str, optional
        The columns that hold the response: one number, several, the points of a sample, the parts of a composition,
        the entries of a matrix row by row.
    distances : str, optional
        In their place, a file with the distances of all rows to all rows: NPY, or NPZ with an array ``X``.
    metric : str
        The space of the response columns.
    columns : list of str, optional
        Feature columns; by default all that are no response.
    sample_size : int, optional
        Rows of a replicate, drawn without replacement; all by default.
    test_share : float
        Of these rows.
    n_components : int

    Returns
    -------
    dict of ndarray
        See :mod:`seedbed.reduction.replicate`.
    """
    table, responses = read_table(path), response_columns or []
    X = table[feature_names(table, columns, *responses)].to_numpy(float)
    n_train, n_test = split_sizes(len(X), sample_size, test_share)
    rows = rng.permutation(len(X))[: n_train + n_test]
    if distances is not None:
        y, metric = read_features(distances)[0][np.ix_(rows, rows)], "precomputed"
    else:
        y = _responses(table, responses, metric)[rows]
    return replicate(X[rows], y, n_train, metric, n_components, model="user")


def _responses(table: pd.DataFrame, names: list[str], metric: str) -> np.ndarray:
    if metric == "discrete":
        return np.unique(table[names[0]].to_numpy().astype(str), return_inverse=True)[1]
    return objects_of(table[names].to_numpy(float), metric)


def check_user_table(
    *,
    path: str,
    response_columns: list[str] | None = None,
    distances: str | None = None,
    metric: str = "euclidean",
    columns: list[str] | None = None,
    sample_size: int | None = None,
    test_share: float = 0.3,
    n_components: int = 1,
) -> list[str]:
    """What is wrong with the user's files or with what is asked of them, one message each."""
    responses = response_columns or []
    targets = {f"response_columns[{i}]": name for i, name in enumerate(responses)}
    messages, table = check_table(path, columns, **targets)
    if table is None:
        return messages
    if bool(responses) == (distances is not None):
        messages.append(f"{path}: give either response_columns or distances, the file with the responses' distances")
    elif len(set(responses)) < len(responses):
        messages.append(f"{path}: response_columns names a column twice")
    elif distances is not None:
        messages += _bad_distances(distances, len(table))
    else:
        messages += [f"{path}: {text}" for text in _bad_responses(table, responses, metric)]
    if not messages:
        X = table[feature_names(table, columns, *responses)].to_numpy(float)
        more = bad_split(len(table), sample_size, test_share) or bad_features(X, n_components)
        messages += [f"{path}: {text}" for text in more]
    return messages


def _bad_responses(table: pd.DataFrame, names: list[str], metric: str) -> list[str]:
    if metric == "discrete":
        if len(names) > 1:
            return [f"metric 'discrete' takes one column of labels, got {len(names)}"]
        return missing_labels(table[names[0]])
    if messages := bad_numbers(table[names], "columns"):
        return messages
    try:
        objects_of(table[names].to_numpy(float), metric)
    except ValueError as error:
        return [f"the response columns do not fit the metric '{metric}': {error}"]
    return []


def _bad_distances(path: str, n_rows: int) -> list[str]:
    if messages := check_features(path):
        return messages
    matrix = read_features(path)[0]
    if matrix.shape != (n_rows, n_rows):
        return [f"{path}: holds {matrix.shape[0]} x {matrix.shape[1]} distances; the table has {n_rows} rows"]
    try:
        Response.of(matrix, "precomputed")
    except ValueError as error:
        return [f"{path}: {error}"]
    return []
