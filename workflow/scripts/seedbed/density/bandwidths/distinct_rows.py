"""Rows that are equal count once, with the sum of their weights: copies of a row say nothing of its neighbourhood."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.validation import _check_sample_weight

NEARLY = 1e-10  # of a weight that is left: less has lost its digits


@dataclass(frozen=True)
class DistinctRows:
    """What leave-one-out needs of the data.

    Attributes
    ----------
    rows : ndarray of int
        The first of every group of equal rows, in the order of the data.
    weights : ndarray
        The sum of the weights of every group; they add up to 1.
    n_duplicates : int
        Rows that equal an earlier one.
    """

    rows: np.ndarray
    weights: np.ndarray
    n_duplicates: int

    @property
    def effective(self) -> float:
        """Kish's number of rows, one over the sum of squared weights."""
        return float(1.0 / (self.weights @ self.weights))


def checked_weights(sample_weight: Any, X: np.ndarray) -> np.ndarray:
    """Weights of the rows that add up to 1.

    Raises
    ------
    ValueError
        If they are not one finite number for each row, negative, or all zero.
    """
    weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    if not weights.max() > 0.0:
        raise ValueError("the sample weights are all zero")
    weights = weights / weights.max()  # whose sum is a number, too
    return weights / weights.sum()


def warn_of_copies(distinct: DistinctRows, n: int, stacklevel: int) -> None:
    """Say that copies are left out together."""
    if distinct.n_duplicates:
        warnings.warn(
            f"{distinct.n_duplicates} of {n} rows equal an earlier one; where one of them is left out, all "
            "are, or the best bandwidth would be zero. If the values are rounded, mind that the density is too",
            UserWarning, stacklevel=stacklevel + 1,
        )  # fmt: skip


def log_others(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Logarithms of the weight that is left where one of the rows is left out, of weights that add up to 1.

    Raises
    ------
    ValueError
        If it is rounding.
    """
    if weights.max() > 1.0 - NEARLY:
        raise ValueError(
            f"one row has all but {1.0 - weights.max():.1g} of the weight: where it is left out, nothing is left; give "
            "a number as the bandwidth, or even out the weights"
        )
    return np.log1p(-weights[rows])


def distinct_rows(X: np.ndarray, weights: np.ndarray) -> DistinctRows:
    """Group equal rows, by sorting: O(n d log n) in the worst case, one sort of numbers where rows differ."""
    n = len(X)
    # a random mixture of the columns tells rows apart almost always, and is the same for equal rows
    with np.errstate(over="ignore", invalid="ignore"):
        mixture = np.sort(X @ np.random.default_rng(0).standard_normal(X.shape[1]))
        gap = np.min(np.diff(mixture), initial=np.inf)
    # equal rows have equal mixtures but for the rounding of a product by blocks
    if gap > 1e-13 * np.abs(mixture).max(initial=0.0):
        return DistinctRows(np.arange(n), weights / weights.sum(), 0)
    _, first, group = np.unique(X + 0.0, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    total = np.bincount(place[group.ravel()], weights, minlength=len(order))
    return DistinctRows(first[order], total / total.sum(), n - len(first))
