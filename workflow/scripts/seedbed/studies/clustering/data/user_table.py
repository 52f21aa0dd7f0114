"""A user's own table, in any format, with or without a column of labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.clustering.partitions.internal_criteria import without_clusters
from seedbed.user_data.choices import Choice
from seedbed.user_data.columns import (
    bad_classes,
    class_numbers,
    class_text,
    class_texts,
    describe,
    distinct_rows,
    missing_labels,
)
from seedbed.user_data.features import roles_text
from seedbed.user_data.formats.table import Table
from seedbed.user_data.kept import origin
from seedbed.user_data.recipe import fitted_text
from seedbed.user_data.sampling import SHARE, rows_of, sample_text, share_taken
from seedbed.user_data.tables import check_table, feature_matrix, feature_names, left_out, read_chosen, with_path

from .subsampling import draw_rows, standardise_columns


@dataclass(frozen=True, kw_only=True)
class UserTable(Choice):
    """A random subsample of the rows of a file.

    Parameters
    ----------
    path : str
        A file whose name ends in ``.csv``, ``.tsv``, ``.parquet``, ``.npz``, ``.npy`` or ``.xlsx``; relative paths
        start at the folder in which ``snakemake`` runs.
    label_column : str, optional
        Column (NPZ: array) with the true classes, text or numbers. Without it, metrics that need the truth
        are undefined, and no method is ranked.
    n_clusters : int, optional
        Number of clusters to look for; by default the number of classes in ``label_column``.
    columns, drop, id_column, missing, categories, dates
        What is asked of the columns; see :class:`seedbed.user_data.choices.Choice`.
    standardise : bool
        Give every feature mean zero and variance one (on the chosen rows).
    sample_size : int, optional
        Rows of the subsample, drawn without replacement, stratified by label if labels are known; by default 80 % of
        all rows.
    """

    path: str
    label_column: str | None = None
    n_clusters: int | None = None
    standardise: bool = True
    sample_size: int | None = None

    def messages(self) -> list[str]:
        """What is wrong with a user's file or with what is asked of it, one message each; the file is read."""
        return self._examined()[0]

    def understood(self) -> list[str]:
        """What was understood of a user's file, in parts of a line."""
        table = read_chosen(self.path, self, self.label_column)
        names = feature_names(table, self)
        said = f"{self.n_clusters} clusters to look for"
        if self.label_column is not None:
            said = class_text(table.frame[self.label_column])
        said = [said, *roles_text(self, {}), sample_text(self._size(table), len(table)), *table.notes]
        return describe(table.frame, names, left_out(table, names, self.label_column, self.id_column), said)

    def overlap(self) -> float:
        """The share of the rows that a replicate takes; 1 if every one takes all of them."""
        if self.sample_size is None:
            return SHARE
        return share_taken(self.sample_size, rows_of(self.path, self, self.label_column))

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``X`` (n, p), ``n_clusters`` (), and with a label column ``labels`` (n,) numbered from zero; without one
            ``X_reference`` (n, p), rows of the same spread without clusters. ``rows`` and ``ids`` say which rows they
            are.

        Raises
        ------
        ValueError
            For anything that :meth:`messages` reports.
        """
        table, points, labels = self._read()
        rows = draw_rows(rng, len(points), self._size(table), labels)
        data = self._data(table, points, labels, rows)
        return data if labels is not None else {**data, "X_reference": without_clusters(rng, data["X"])}

    def whole(self) -> dict[str, np.ndarray]:
        """All rows, in the order of the file, and the recipe that makes the same features of others."""
        table, points, labels = self._read()
        data = self._data(table, points, labels, np.arange(len(points)))
        return {**data, "recipe": np.asarray(fitted_text(table.recipe, points, self.standardise))}

    def _data(self, table: Table, points: np.ndarray, labels: np.ndarray | None, rows: np.ndarray) -> dict:
        n_clusters = self.n_clusters
        if not n_clusters:
            assert labels is not None  # one of the two is given, or there would be a message
            n_clusters = int(labels.max()) + 1
        points = standardise_columns(points[rows]) if self.standardise else points[rows]
        result = {"X": points, "n_clusters": np.asarray(n_clusters), **origin(table, self, rows)}
        return result if labels is None else {**result, "labels": labels[rows]}

    def _read(self) -> tuple[Table, np.ndarray, np.ndarray | None]:
        messages, table = self._examined()
        if messages or table is None:
            raise ValueError("; ".join(messages))
        points = feature_matrix(table, feature_names(table, self))
        return table, points, None if self.label_column is None else class_numbers(table.frame[self.label_column])

    def _size(self, table: Table) -> int:
        """Rows of a replicate."""
        least = max(2, self.n_clusters or 1, self._classes(table))
        return min(len(table), max(least, round(SHARE * len(table)))) if self.sample_size is None else self.sample_size

    def _classes(self, table: Table) -> int:
        return 1 if self.label_column is None else len(np.unique(class_texts(table.frame[self.label_column])))

    def _examined(self) -> tuple[list[str], Table | None]:
        messages, table = check_table(self.path, self, label_column=self.label_column)
        if table is None:
            return messages, None
        labels = None if self.label_column is None else table.frame[self.label_column]
        more = [] if labels is None else missing_labels(labels) or bad_classes(labels)
        more += self._bad_sizes(table)
        if not messages and not more:
            X = feature_matrix(table, feature_names(table, self))
            more = _too_few_points(X, self.n_clusters or len(np.unique(class_texts(labels))))
        return [*messages, *with_path(self.path, more, table)], table

    def _bad_sizes(self, table: Table) -> list[str]:
        n_rows, n_classes, messages = len(table), self._classes(table), []
        if self.n_clusters is None and self.label_column is None:
            messages.append("n_clusters is needed, since no label_column is given to count the classes of")
        if self.sample_size is not None and not max(2, n_classes) <= self.sample_size <= n_rows:
            low = max(2, n_classes)
            messages.append(f"sample_size is {self.sample_size}; the file's {n_rows} rows allow {low} to {n_rows}")
        wanted, available = n_classes if self.n_clusters is None else self.n_clusters, self.sample_size or n_rows
        if not 1 <= wanted <= available:
            messages.append(f"n_clusters is {wanted}; {available} points allow 1 to {available}")
        return messages


def _too_few_points(X: np.ndarray, n_clusters: int) -> list[str]:
    """Fewer different rows than clusters, or one row again and again."""
    wanted = max(2, n_clusters)
    if (found := distinct_rows(X, wanted)) == 1:
        return ["all rows have the same features; there is nothing to divide"]
    return [f"n_clusters is {n_clusters}; only {found} rows differ in their features"] if found < wanted else []
