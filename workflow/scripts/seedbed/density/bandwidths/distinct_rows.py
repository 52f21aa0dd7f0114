"""Rows that are equal count once, with the sum of their weights: copies of a row say nothing of its neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
