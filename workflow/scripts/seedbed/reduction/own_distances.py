"""Distances that the user brings: a function of two objects, or a matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seedbed.reduction.space import Space, in_blocks, real_array


class OwnDistance(Space):
    """``function(a, b) -> distance`` on objects of any kind."""

    name = "callable"
    described = "objects that the metric function takes, in pairs"

    def __init__(self, function: Callable[[Any, Any], float]):
        self.function = function

    def prepare(self, y: Any) -> np.ndarray:
        """A vector of the objects, whatever they are."""
        objects = np.empty(len(y), dtype=object)
        for i, item in enumerate(y):
            objects[i] = item
        return objects

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """One call per pair."""
        out = in_blocks(lambda item, others: [float(self.function(item, other)) for other in others], a, b)
        return _checked(out, "the metric function returned")

    def pairwise(self, y: np.ndarray) -> np.ndarray:
        """One call per pair that is not the same up to order."""
        out = np.zeros((len(y), len(y)))
        for i in range(len(y) - 1):
            out[i, i + 1 :] = [float(self.function(y[i], other)) for other in y[i + 1 :]]
        return _checked(out + out.T, "the metric function returned")

    def mean(self, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The object of each group with the least weighted sum of squared distances to it."""
        return np.array([group[_medoid(self.pairwise(group), w)] for group, w in zip(groups, weights, strict=True)])


class Precomputed(Space):
    """A matrix of distances between all objects; an object's prepared form is its place in the matrix."""

    name = "precomputed"
    described = "a square symmetric matrix of distances (n, n)"

    def prepare(self, y: Any) -> np.ndarray:
        """Keep the matrix, and number the objects."""
        array = real_array(y, self.described, (2,))
        if array.shape[0] != array.shape[1]:
            raise ValueError(f"with metric='precomputed' y must be {self.described}; got shape {array.shape}")
        scale = np.abs(array).max(initial=1e-300)
        if np.abs(array - array.T).max(initial=0.0) > 1e-8 * scale:
            raise ValueError(f"with metric='precomputed' y must be {self.described}; it is not symmetric")
        if np.abs(np.diagonal(array)).max(initial=0.0) > 1e-6 * scale:
            raise ValueError("with metric='precomputed' the diagonal of y must be zero: d(y, y) = 0")
        array = (array + array.T) / 2.0
        np.fill_diagonal(array, 0.0)
        self.matrix = _checked(array, "y holds")
        return np.arange(len(array))

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Entries of the matrix."""
        return self.matrix[np.ix_(a, b)]

    def mean(self, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The object of each group with the least weighted sum of squared distances to it."""
        chosen = [_medoid(self.distances(group, group), w) for group, w in zip(groups, weights, strict=True)]
        return groups[np.arange(len(groups)), chosen]


def _medoid(distances: np.ndarray, weights: np.ndarray) -> int:
    return int((distances**2 @ weights).argmin())


def _checked(distances: np.ndarray, who: str) -> np.ndarray:
    bad = ~np.isfinite(distances) | (distances < 0)
    if bad.any():
        i, j = np.argwhere(bad)[0]
        raise ValueError(f"distances must be finite and not negative; {who} {distances[i, j]} for objects {i} and {j}")
    return distances
