"""Generator of a user's own table: features, and responses in columns or as a matrix of distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seedbed.reduction.spaces.response import Response
from seedbed.user_data.columns import bad_classes, bad_numbers, class_numbers, describe, missing_labels
from seedbed.user_data.features import check_features, read_features, roles_text
from seedbed.user_data.formats.messages import missing_file, printable
from seedbed.user_data.formats.table import Table
from seedbed.user_data.held_out import HeldOutRows
from seedbed.user_data.kept import origin
from seedbed.user_data.recipe import fitted_text
from seedbed.user_data.tables import (
    SUFFIXES,
    check_table,
    feature_matrix,
    feature_names,
    left_out,
    with_path,
)

from .replicate import replicate
from .user_responses import Metric, bad_features, constant_response, objects_of


@dataclass(frozen=True, kw_only=True)
class UserTable(HeldOutRows):
    """Random splits of a user's rows, or splits as the table says.

    Parameters
    ----------
    path : str
        CSV, TSV, Parquet, NPZ, NPY or XLSX; see ``data/README.md``.
    response_columns : list of str, optional
        The columns that hold the response: one number, several, the points of a sample, the parts of a composition,
        the entries of a matrix row by row.
    distances : str, optional
        In their place, a file with the distances of all rows to all rows: NPY, or NPZ with an array ``X``.
    metric : str
        The space of the response columns.
    columns, drop, id_column, missing, categories, dates
        What is asked of the columns; see :class:`seedbed.user_data.choices.Choice`.
    split_column, group_column, time_column
        What the rows are split by, if not at random; see :class:`seedbed.user_data.splits.SplitChoice`.
    standardise : bool
        Mean zero and variance one for every feature, on the rows that methods are fitted to.
    sample_size : int, optional
        Rows of a replicate, drawn without replacement; all by default.
    test_share : float
        Of these rows.
    n_components : int
    """

    response_columns: list[str] | None = None
    distances: str | None = None
    metric: Metric = "euclidean"
    n_components: int = 1

    def messages(self) -> list[str]:
        """What is wrong with the user's files or with what is asked of them, one message each."""
        responses = self.response_columns or []
        named = {f"response_columns[{i}]": name for i, name in enumerate(responses)}
        if len(set(responses)) < len(responses):
            return [f"{self.path}: response_columns names a column twice"]
        messages, table = check_table(self.path, self, hint="", **named, **self._roles())
        if table is None:
            return messages
        more = []
        if bool(responses) == (self.distances is not None):
            more.append("give either response_columns or distances, the file with the responses' distances")
        elif self.distances is not None and self.missing == "drop_rows":
            more.append("missing is 'drop_rows', which would leave distances without their rows; write median")
        elif self.distances is not None:
            messages += _bad_distances(self.distances, len(table))
        else:
            more += _bad_responses(table, responses, self.metric)
        if not messages and not more:
            X = feature_matrix(table, feature_names(table, self))
            more = self._bad_split(table) or bad_features(X, self.n_components)
        return [*messages, *with_path(self.path, more, table)]

    def understood(self) -> list[str]:
        """What was understood of a user's files, in parts of a line."""
        responses, table = self.response_columns or [], self._table()
        names = feature_names(table, self)
        said = f"{', '.join(responses)} ({self.metric})" if responses else f"distances of {self.distances}"
        said = [f"response: {said}", *roles_text(self, self.split_roles), *self._how(len(table)), *table.notes]
        gone = left_out(table, names, *responses, self.id_column, *self.split_roles.values())
        return describe(table.frame, names, gone, said)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            See :mod:`seedbed.studies.reduction.data.replicate`; ``feature_names``, and ``rows`` and ``ids``, which rows
            of the file they are, those that train first.
        """
        table = self._table()
        rows, n_train = self._drawn_rows(rng, table)
        return self._data(table, rows, n_train)

    def whole(self) -> dict[str, np.ndarray]:
        """All rows, to fit and to be reduced, and the recipe that makes the same features of others."""
        table = self._table()
        X = feature_matrix(table, feature_names(table, self))
        data = self._data(table, np.arange(len(table)), len(table))
        recipe = fitted_text(table.recipe, X, self.standardise)
        return {**data, "X_test": data["X"], "y_test": data["y"], "recipe": np.asarray(recipe)}

    def _data(self, table: Table, rows: np.ndarray, n_train: int) -> dict[str, np.ndarray]:
        X = self._features(table, rows, n_train)
        if self.distances is not None:
            y, metric = read_features(self.distances).X[np.ix_(rows, rows)], "precomputed"
        else:
            y, metric = _values(table, self.response_columns or [], self.metric)[rows], self.metric
        data = replicate(X, y, n_train, metric, self.n_components, model="user")
        return {**data, "feature_names": np.array(feature_names(table, self), dtype=str), **origin(table, self, rows)}

    def _responses(self) -> Sequence[str]:
        return self.response_columns or []


def _values(table: Table, names: list[str], metric: str) -> np.ndarray:
    if metric == "discrete":
        return class_numbers(table.frame[names[0]])
    return objects_of(feature_matrix(table, names), metric)


def _bad_responses(table: Table, names: list[str], metric: str) -> list[str]:
    if metric == "discrete":
        if len(names) > 1:
            return [f"metric 'discrete' takes one column of labels, got {len(names)}"]
        return missing_labels(table.frame[names[0]]) or bad_classes(table.frame[names[0]])
    if messages := bad_numbers(table.frame[names], _label_hint(names)):
        return messages
    try:
        objects = objects_of(feature_matrix(table, names), metric)
    except ValueError as error:
        return [f"the response columns do not fit the metric '{metric}': {error}"]
    return constant_response(objects)


def _label_hint(names: list[str]) -> str:
    if len(names) == 1:
        return "if it holds labels, write metric: discrete"
    return "a response of numbers is asked for; of labels, name one column, with metric: discrete"


def _bad_distances(path: str, n_rows: int) -> list[str]:
    if missing_file(path, SUFFIXES):
        return missing_file(path, SUFFIXES)
    if messages := _condensed(path, n_rows) or check_features(path):
        return messages
    matrix = read_features(path).X
    if matrix.shape != (n_rows, n_rows):
        return [f"{path}: holds {matrix.shape[0]} x {matrix.shape[1]} distances; the table has {n_rows} rows"]
    try:
        Response.of(matrix, "precomputed")
    except ValueError as error:
        return [f"{path}: {error}"]
    if not matrix.any():
        return [f"{path}: all distances are zero; there is no response to learn from"]
    return []


def _condensed(path: str, n_rows: int) -> list[str]:
    """The upper half of a matrix in one vector, as scipy.spatial.distance.pdist gives it."""
    if not path.lower().endswith(".npy"):
        return []
    try:
        shape = np.load(path, mmap_mode="r", allow_pickle=False).shape
    except Exception:  # what is wrong is said by check_features
        return []
    if shape != (n_rows * (n_rows - 1) // 2,):
        return []
    said = f"holds the {shape[0]} distances of {n_rows} rows in one vector; the matrix is needed"
    return [printable(f"{path}: {said}: scipy.spatial.distance.squareform(d)")]
