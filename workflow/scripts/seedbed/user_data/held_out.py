"""Rows of a user's table to fit and rows held out: drawn anew in every replicate, or as the table says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .formats.table import Table
from .recipe import centre_and_scale
from .sampling import SHARE, rows_of, share_taken
from .splits import SplitChoice, split_messages, split_rows_of, split_text
from .tables import feature_matrix, feature_names, read_chosen

FEWEST_TRAIN, FEWEST_TEST = 20, 10


@dataclass(frozen=True, kw_only=True)
class HeldOutRows(SplitChoice):
    """What is asked of a table some of whose rows are held out.

    Parameters
    ----------
    path : str
    standardise : bool
        Mean zero and variance one for every feature, on the rows that methods are fitted to.
    sample_size : int, optional
        Rows of a replicate, drawn without replacement; all by default.
    test_share : float
        Of these rows.
    """

    path: str
    standardise: bool = False
    sample_size: int | None = None
    test_share: float = 0.3

    def overlap(self) -> float:
        """The expected share of test rows that two replicates have in common."""
        if self.split_column is not None or self.time_column is not None:
            return SHARE
        if self.sample_size is None:
            return self.test_share
        return self.test_share * share_taken(self.sample_size, rows_of(self.path, self, *self._not_features()))

    def _responses(self) -> Sequence[str]:
        """Columns that are neither features nor say how to split."""
        return ()

    def _not_features(self) -> list[str]:
        return [*self._responses(), *self._roles().values()]

    def _roles(self) -> dict[str, str]:
        """The columns that say how to split, where there are any: others are not offered as what a column may be."""
        return {role: name for role, name in self.split_roles.items() if name is not None}

    def _table(self) -> Table:
        return read_chosen(self.path, self, *self._not_features())

    def _drawn_rows(self, rng: np.random.Generator, table: Table) -> tuple[np.ndarray, int]:
        """The rows of a replicate, those to fit first, and how many these are."""
        if self.is_plain:
            n_train, n_test = split_sizes(len(table), self.sample_size, self.test_share)
            return rng.permutation(len(table))[: n_train + n_test], n_train
        train, test = split_rows_of(rng, self, table, self.test_share, None)
        return np.concatenate([train, test]), len(train)

    def _features(self, table: Table, rows: np.ndarray, n_train: int) -> np.ndarray:
        """Of these rows, standardised by the first of them if that is asked for."""
        X = feature_matrix(table, feature_names(table, self))[rows]
        if not self.standardise:
            return X
        centre, scale = centre_and_scale(X[:n_train])
        return (X - centre) / scale

    def _how(self, n_rows: int) -> list[str]:
        """What is said of the split."""
        held_out = split_sizes(n_rows, self.sample_size, self.test_share)[1]
        return split_text(self) or [f"{held_out} rows are held out, drawn anew in every replicate"]

    def _bad_split(self, table: Table) -> list[str]:
        """Messages for rows that cannot be split as is asked for."""
        if self.is_plain:
            return bad_split(len(table), self.sample_size, self.test_share)
        if self.sample_size is not None:
            return ["sample_size goes with random splits alone; leave it out where the table says how to split"]
        if not 0.0 < self.test_share < 1.0:
            return [f"test_share must lie between 0 and 1, got {self.test_share}"]
        if wrong := split_messages(self, table, self.test_share, None):
            return wrong
        train, test = split_rows_of(np.random.default_rng(0), self, table, self.test_share, None)
        return _too_few(len(train), len(test))


def split_sizes(n_rows: int, sample_size: int | None, test_share: float) -> tuple[int, int]:
    """Training and test rows of one replicate."""
    used = n_rows if sample_size is None else sample_size
    n_test = round(test_share * used)
    return used - n_test, n_test


def bad_split(n_rows: int, sample_size: int | None, test_share: float) -> list[str]:
    """Messages for sizes that leave too few rows."""
    if sample_size is not None and sample_size > n_rows:
        return [f"sample_size is {sample_size}; there are {n_rows} rows"]
    if not 0.0 < test_share < 1.0:
        return [f"test_share must lie between 0 and 1, got {test_share}"]
    return _too_few(*split_sizes(n_rows, sample_size, test_share))


def _too_few(n_train: int, n_test: int) -> list[str]:
    """A message if rows are too few to fit, or to test on."""
    if n_train >= FEWEST_TRAIN and n_test >= FEWEST_TEST:
        return []
    return [
        f"{n_train} rows to fit and {n_test} to test on are left; at least {FEWEST_TRAIN} and {FEWEST_TEST} are needed "
        "(sample_size, test_share)"
    ]
