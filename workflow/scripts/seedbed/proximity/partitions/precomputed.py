"""Distances or a kernel that a user brings, as half the squared distances."""

from __future__ import annotations

from numbers import Integral
from typing import ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import validate_data

from seedbed.proximity.measures.transforms import plain_distance

from .ward import power_of_two

METRICS = ("precomputed", "distance", "squared_distance", "kernel")


class PrecomputedClustering(ClusterMixin, BaseEstimator):
    """Base of the estimators that divide what has an n x n matrix of distances or of inner products."""

    _parameter_constraints: ClassVar[dict] = {
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "metric": [StrOptions(set(METRICS))],
    }

    def _begin(self, X) -> tuple[np.ndarray, float]:
        """``D``, half the squared distances, over the square of a unit in which they neither overflow nor vanish.

        Raises
        ------
        ValueError
            If X is not square, not symmetric, holds negative distances, or has fewer rows than ``n_clusters``.
        """
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=1)
        if X.shape[0] != X.shape[1]:
            raise ValueError(f"{type(self).__name__} needs a square matrix of distances or a kernel, got {X.shape}")
        if len(X) < self.n_clusters:
            raise ValueError(f"n_samples={len(X)} should be >= n_clusters={self.n_clusters}.")
        size = np.abs(X).max()
        if np.abs(X - X.T).max() > 1e-8 * size:
            row, column = np.unravel_index(np.abs(X - X.T).argmax(), X.shape)
            raise ValueError(f"the matrix is not symmetric: entries ({row}, {column}) and ({column}, {row}) differ")
        metric = self.metric
        if metric == "precomputed":
            metric = "kernel" if np.abs(X.diagonal()).max() > 1e-12 * size else "distance"
        self.metric_ = metric
        unit = power_of_two(size if metric == "distance" else np.sqrt(size))
        if metric == "kernel":
            return plain_distance(X / (unit * unit)), unit
        if X.min() < 0:
            row, column = np.unravel_index(X.argmin(), X.shape)
            raise ValueError(f"distances cannot be negative: entry ({row}, {column}) is {X.min():g}")
        return (X / unit) ** 2 / 2.0 if metric == "distance" else X / (unit * unit) / 2.0, unit

    @staticmethod
    def _in_units(found, unit: float, power: int):
        """What was found in units of ``unit**power``, as numbers.

        Raises
        ------
        ValueError
            If they are larger than a double can hold.
        """
        with np.errstate(over="ignore"):
            for _ in range(power):
                found = found * unit
        if not np.isfinite(found).all():
            raise ValueError("squared distances exceed what a double can hold; divide the matrix by its largest entry")
        return found

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = True
        return tags
