"""What a space of responses is: checks, distances, Fréchet means."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from scipy.spatial.distance import cdist

_BLOCK = 256  # rows of distances at a time where a row costs memory


class Space(ABC):
    """A metric space of objects, all of one size.

    Objects are handled in *prepared* form, which :meth:`prepare` makes once from what the user gives; every
    other method takes and returns prepared objects, stacked along the first axis.
    """

    name: ClassVar[str]
    described: ClassVar[str]  # the shape that ``prepare`` expects, for messages

    @abstractmethod
    def prepare(self, y: Any) -> np.ndarray:
        """Check the objects ``y`` and bring them into the form that distances are computed from.

        Raises
        ------
        ValueError
            If ``y`` does not hold objects of this space; the message says what would be right.
        """

    @abstractmethod
    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Distances of every object of ``a`` to every object of ``b``, shape (len(a), len(b))."""

    @abstractmethod
    def mean(self, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
        r"""Fréchet means :math:`\arg\min_v \sum_i w_i d^2(v, y_i)` of several groups at once.

        Parameters
        ----------
        groups : ndarray of shape (m, k, ...)
            ``m`` groups of ``k`` prepared objects.
        weights : ndarray of shape (m, k)
            Not negative, rows summing to one.

        Returns
        -------
        ndarray of shape (m, ...)
        """

    def pairwise(self, y: np.ndarray) -> np.ndarray:
        """All distances among prepared objects: symmetric, with a diagonal of zeros, to the last bit."""
        distances = self.distances(y, y)
        distances = (distances + distances.T) / 2.0
        np.fill_diagonal(distances, 0.0)
        return distances


class FlatSpace(Space):
    """A space that is isometric to a part of Euclidean space: its prepared form is those coordinates."""

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Euclidean distances of the coordinates, in ``O(n m k)``; no squares are subtracted, so ties stay ties."""
        return cdist(a, b)

    def mean(self, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Means of the coordinates; the spaces that use this are convex in them."""
        return np.einsum("mk,mkc->mc", weights, groups)


def real_array(y: Any, expected: str, ndim: tuple[int, ...]) -> np.ndarray:
    """``y`` as finite float64 numbers with one of the allowed numbers of axes, or a message."""
    try:
        array = np.asarray(y, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"y must hold {expected}, as one array of real numbers") from None
    if array.ndim not in ndim:
        raise ValueError(f"y must hold {expected}; got an array of shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"y must hold {expected}; it contains NaN or infinity")
    return array


def in_blocks(function: Any, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``function(a[i], b) -> distances``, row by row of ``a``."""
    out = np.empty((len(a), len(b)))
    for i in range(len(a)):
        out[i] = function(a[i], b)
    return out
