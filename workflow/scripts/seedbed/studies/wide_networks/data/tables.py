"""Small tables: those that scikit-learn ships, and Friedman's first function; 200 rows train.

A replicate holds ``X``, ``y``, ``X_test``, ``y_test``; whole numbers in ``y`` are classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from seedbed.user_data.recipe import centre_and_scale

from .digits import bad_counts

ShippedName = Literal["iris", "wine", "breast_cancer", "digits", "diabetes"]
ROWS = {"iris": 150, "wine": 178, "breast_cancer": 569, "digits": 1797, "diabetes": 442}
CLASSES = {"iris": 3, "wine": 3, "breast_cancer": 2, "digits": 10}


@dataclass(frozen=True, kw_only=True)
class ShippedTable:
    """Rows of a table that scikit-learn ships, split anew in every replicate, by class where there are classes.

    Parameters
    ----------
    name : {"iris", "wine", "breast_cancer", "digits", "diabetes"}
    n_train : int
        Rows that train, at most half of the table; features are standardised by these.
    """

    name: ShippedName
    n_train: int = 200

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        least = 5 * CLASSES.get(self.name, 4)
        return [] if self.n_train >= least else [f"n_train must be at least {least}, got {self.n_train}"]

    def overlap(self) -> float:
        """The expected share of test rows that two replicates have in common."""
        return 1.0 - self._used() / ROWS[self.name]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        from sklearn import datasets
        from sklearn.model_selection import train_test_split

        X, y = getattr(datasets, f"load_{self.name}")(return_X_y=True)
        rows, rest = train_test_split(
            np.arange(len(y)), train_size=self._used(), stratify=y if self.name in CLASSES else None,
            random_state=int(rng.integers(2**31 - 1)),
        )  # fmt: skip
        return table_replicate(X, y, rows, rest)

    def _used(self) -> int:
        return min(self.n_train, ROWS[self.name] // 2)


@dataclass(frozen=True, kw_only=True)
class Friedman1:
    """Friedman's first function of ten uniform features, five of them irrelevant, with noise of variance one.

    Parameters
    ----------
    n_train, n_test : int
    """

    n_train: int = 200
    n_test: int = 500

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        few = [f"n_train must be at least 20, got {self.n_train}"] if self.n_train < 20 else []
        return few + bad_counts(n_test=self.n_test)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        from sklearn.datasets import make_friedman1

        n = self.n_train + self.n_test
        X, y = make_friedman1(n, 10, noise=1.0, random_state=int(rng.integers(2**31 - 1)))
        return table_replicate(X, y, np.arange(self.n_train), np.arange(self.n_train, n))


def table_replicate(X: np.ndarray, y: np.ndarray, train: np.ndarray, test: np.ndarray) -> dict[str, np.ndarray]:
    """Features standardised by the rows that train; responses too, classes as they are."""
    centre, scale = centre_and_scale(X[train])
    X = (X - centre) / scale
    if y.dtype.kind == "f":
        y = (y - y[train].mean()) / (y[train].std() or 1.0)
    return {"task": np.array("tables"), "X": X[train], "y": y[train], "X_test": X[test], "y_test": y[test]}
