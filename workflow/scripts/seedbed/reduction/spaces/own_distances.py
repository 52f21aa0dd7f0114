"""Distances that the user brings: a function of two objects, or a matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .space import TOLERANCE, Space, in_blocks, real_array, symmetric, tolerance_of

_NEIGHBOURS = 8  # objects after each to which a function is called both ways, to see whether it is a distance


class OwnDistance(Space):
    """``function(a, b) -> distance`` on objects of any kind: one real number, symmetric, zero for equal objects."""

    name = "callable"
    described = "objects that the metric function takes, in pairs"

    def __init__(self, function: Callable[[Any, Any], float]):
        self.function = function

    def prepare(self, y: Any) -> np.ndarray:
        """A vector of the objects, whatever they are.

        Raises
        ------
        ValueError
            If the function is seen to be no distance; ``18 n`` calls are made to find out.
        """
        objects = np.empty(len(y), dtype=object)
        for i, item in enumerate(y):
            objects[i] = item
        self._require_symmetry(objects)
        return objects

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """One call per pair."""
        out = in_blocks(lambda item, others: [self._call(item, other) for other in others], a, b)
        return _checked(out, "the metric function returned")

    def pairwise(self, y: np.ndarray) -> np.ndarray:
        """One call per pair that is not the same up to order."""
        out = np.zeros((len(y), len(y)))
        for i in range(len(y) - 1):
            out[i, i + 1 :] = [self._call(y[i], other) for other in y[i + 1 :]]
        return _checked(out + out.T, "the metric function returned")

    def _require_symmetry(self, y: np.ndarray) -> None:
        """Both ways between every object and the eight that follow it, and from every object to itself."""
        n = len(y)
        steps = [*range(1, min(n, _NEIGHBOURS + 1)), 0]
        pairs = [(i, (i + step) % n) for step in steps for i in range(n)]
        there = np.array([self._call(y[i], y[j]) for i, j in pairs])
        back = np.array([self._call(y[j], y[i]) for i, j in pairs])
        allowed = TOLERANCE * np.abs(there).max(initial=0.0)
        for (i, j), one, other in zip(pairs, there, back, strict=True):
            _require_distance(min(one, other) if one == one else one, "the metric function returned", i, j)
            if i == j and not abs(one) <= allowed:
                raise ValueError(f"the metric function is no distance: it is {one:g} from object {i} to itself, not 0")
            if not abs(one - other) <= allowed:
                raise ValueError(
                    f"the metric function is not symmetric: it is {one:g} from object {i} to object {j}, and {other:g} "
                    "back. Make it so, for instance by the mean of both"
                )

    def _call(self, a: Any, b: Any) -> float:
        value = self.function(a, b)
        try:
            if np.ndim(value) == 0 and not isinstance(value, (str, bytes, complex)):
                return float(value)
        except (TypeError, ValueError):
            pass
        shape = f" of shape {np.shape(value)}" if np.ndim(value) else ""
        raise ValueError(
            f"the metric function must return one real number; it returned a {type(value).__name__}{shape}"
        )

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
        array = symmetric(array, y, f"with metric='precomputed' y must be {self.described}")
        diagonal = np.abs(np.diagonal(array))
        if diagonal.max(initial=0.0) > tolerance_of(y) * np.abs(array).max(initial=1e-300):
            i = int(diagonal.argmax())
            raise ValueError(
                f"with metric='precomputed' the diagonal of y must be zero, d(y, y) = 0; y[{i}, {i}] is {array[i, i]:g}"
            )
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
        _require_distance(distances[i, j], who, i, j)
    return distances


def _require_distance(value: float, who: str, i: int, j: int) -> None:
    if not 0.0 <= value < np.inf:
        raise ValueError(f"distances must be finite and not negative; {who} {value} for objects {i} and {j}")
