"""Generator of a user's own table: features, and classes or numbers to predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seedbed.user_data.columns import bad_classes, bad_numbers, class_numbers, describe, missing_labels
from seedbed.user_data.features import roles_text
from seedbed.user_data.formats.table import Table
from seedbed.user_data.held_out import HeldOutRows
from seedbed.user_data.kept import origin
from seedbed.user_data.recipe import fitted_text
from seedbed.user_data.tables import check_table, feature_matrix, feature_names, left_out, with_path

from .tables import table_replicate

LARGEST, RAREST = 1e100, 5


@dataclass(frozen=True, kw_only=True)
class UserTable(HeldOutRows):
    """Random splits of a user's rows, or splits as the table says; features are standardised in any case.

    Parameters
    ----------
    path : str
        CSV, TSV, Parquet, NPZ, NPY or XLSX; see ``data/README.md``.
    response_column : str, optional
        A column of numbers to predict; or
    label_column : str, optional
        in its place a column of classes.
    columns, drop, id_column, missing, categories, dates
        What is asked of the columns; see :class:`seedbed.user_data.choices.Choice`.
    split_column, group_column, time_column
        What the rows are split by, if not at random; see :class:`seedbed.user_data.splits.SplitChoice`.
    sample_size : int, optional
        Rows of a replicate, drawn without replacement; all by default.
    test_share : float
        Of these rows.
    """

    standardise: bool = True
    response_column: str | None = None
    label_column: str | None = None

    def messages(self) -> list[str]:
        """What is wrong with the user's file or with what is asked of it, one message each."""
        if (self.response_column is None) == (self.label_column is None):
            return [f"{self.path}: name either response_column, a column of numbers, or label_column, one of classes"]
        if not self.standardise:
            return ["standardise must be true: all methods of this study are made for features of one size"]
        roles = {"response_column": self.response_column, "label_column": self.label_column}
        named = {role: name for role, name in roles.items() if name is not None}
        messages, table = check_table(self.path, self, hint="", **named, **self._roles())
        if table is None:
            return messages
        if not messages:
            messages = with_path(self.path, self._bad_response(table) or self._bad_rows(table), table)
        return messages

    def understood(self) -> list[str]:
        """What was understood of a user's file, in parts of a line."""
        table, kind = self._table(), "classes" if self.label_column else "numbers"
        names = feature_names(table, self)
        said = [f"response: {self._response} ({kind})", *roles_text(self, self.split_roles)]
        said += [*self._how(len(table)), *table.notes]
        gone = left_out(table, names, self._response, self.id_column, *self.split_roles.values())
        return describe(table.frame, names, gone, said)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            See :mod:`seedbed.studies.wide_networks.data.tables`; ``feature_names``, and ``rows`` and ``ids``, which
            rows of the file they are, those that train first.
        """
        table = self._table()
        rows, n_train = self._drawn_rows(rng, table)
        return self._data(table, rows[:n_train], rows[n_train:])

    def whole(self) -> dict[str, np.ndarray]:
        """All rows, to learn from and to be predicted, and the recipe that makes the same features of others."""
        table = self._table()
        rows, X = np.arange(len(table)), feature_matrix(table, feature_names(table, self))
        data = self._data(table, rows, rows[:0])
        recipe = np.asarray(fitted_text(table.recipe, X, True))
        return {**data, "X_test": data["X"], "y_test": data["y"], "recipe": recipe}

    def _data(self, table: Table, train: np.ndarray, test: np.ndarray) -> dict[str, np.ndarray]:
        names = feature_names(table, self)
        found = table_replicate(feature_matrix(table, names), self._values(table), train, test)
        more = origin(table, self, np.concatenate([train, test]))
        return {**found, "feature_names": np.array(names, dtype=str), **more}

    @property
    def _response(self) -> str:
        return self.label_column or self.response_column or ""

    def _responses(self) -> Sequence[str]:
        return [self._response]

    def _values(self, table: Table) -> np.ndarray:
        column = table.frame[self._response]
        return class_numbers(column) if self.label_column else column.to_numpy(float)

    def _bad_response(self, table: Table) -> list[str]:
        column = table.frame[self._response]
        if self.label_column is None:
            hint = "if it holds classes, name it as label_column"
            wrong = bad_numbers(table.frame[[self._response]], hint)
            if not wrong and np.ptp(column.to_numpy(float)) == 0:
                wrong = ["the response is the same in all rows; there is nothing to learn from"]
            return wrong
        if wrong := missing_labels(column) or bad_classes(column):
            return wrong
        rarest = int(np.bincount(class_numbers(column)).min())
        return [f"the rarest class has {rarest} rows; at least {RAREST} are needed"] if rarest < RAREST else []

    def _bad_rows(self, table: Table) -> list[str]:
        if wrong := self._bad_split(table):
            return wrong
        X = feature_matrix(table, feature_names(table, self))
        if np.abs(X).max(initial=0.0) > LARGEST:
            return [f"features beyond {LARGEST:g} cannot be squared; rescale them"]
        return [] if (np.ptp(X, axis=0) > 0.0).any() else ["all rows have the same features; nothing can be learned"]
