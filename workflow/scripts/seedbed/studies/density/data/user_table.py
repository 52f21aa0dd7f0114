"""Generator of a user's own table: rows to estimate the density of, and rows to test it on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.user_data.columns import describe
from seedbed.user_data.features import roles_text
from seedbed.user_data.formats.table import Table
from seedbed.user_data.held_out import HeldOutRows
from seedbed.user_data.kept import origin
from seedbed.user_data.recipe import fitted_text
from seedbed.user_data.tables import check_table, feature_matrix, feature_names, left_out, with_path

from .replicate import replicate

LARGEST = 1e100


@dataclass(frozen=True, kw_only=True)
class UserTable(HeldOutRows):
    """Random splits of a user's rows, or splits as the table says.

    Parameters
    ----------
    path : str
        CSV, TSV, Parquet, NPZ, NPY or XLSX; see ``data/README.md``.
    columns, drop, id_column, missing, categories, dates
        What is asked of the columns; see :class:`seedbed.user_data.choices.Choice`.
    split_column, group_column, time_column
        What the rows are split by, if not at random; see :class:`seedbed.user_data.splits.SplitChoice`.
    standardise : bool
        Mean zero and variance one for every feature, on the rows that methods are fitted to. Log densities are then
        those of the standardised features.
    sample_size : int, optional
        Rows of a replicate, drawn without replacement; all by default.
    test_share : float
        Of these rows.
    """

    def messages(self) -> list[str]:
        """What is wrong with the user's file or with what is asked of it, one message each."""
        messages, table = check_table(self.path, self, hint="", **self._roles())
        if table is None or messages:
            return messages
        more = self._bad_split(table)
        if not more:
            X = feature_matrix(table, feature_names(table, self))
            if np.abs(X).max(initial=0.0) > LARGEST:
                more = [f"features beyond {LARGEST:g} cannot be squared; rescale them"]
            elif not (np.ptp(X, axis=0) > 0.0).any():
                more = ["all rows are equal; there is no density to estimate"]
        return with_path(self.path, more, table)

    def understood(self) -> list[str]:
        """What was understood of a user's file, in parts of a line."""
        table = self._table()
        names = feature_names(table, self)
        said = [*roles_text(self, self.split_roles), *self._how(len(table)), *table.notes]
        gone = left_out(table, names, self.id_column, *self.split_roles.values())
        return describe(table.frame, names, gone, said)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            See :mod:`seedbed.studies.density.data.replicate`; ``feature_names``, and ``rows`` and ``ids``, which rows
            of the file they are, those that methods are fitted to first.
        """
        table = self._table()
        rows, n_train = self._drawn_rows(rng, table)
        return self._data(table, rows, n_train)

    def whole(self) -> dict[str, np.ndarray]:
        """All rows, to fit and to be told the density of, and the recipe that makes the same features of others."""
        table = self._table()
        X = feature_matrix(table, feature_names(table, self))
        data = self._data(table, np.arange(len(table)), len(table))
        return {**data, "X_test": data["X"], "recipe": np.asarray(fitted_text(table.recipe, X, self.standardise))}

    def _data(self, table: Table, rows: np.ndarray, n_train: int) -> dict[str, np.ndarray]:
        X = self._features(table, rows, n_train)
        kept = {"feature_names": np.array(feature_names(table, self), dtype=str), **origin(table, self, rows)}
        return {**replicate(X[:n_train], X[n_train:]), **kept}
