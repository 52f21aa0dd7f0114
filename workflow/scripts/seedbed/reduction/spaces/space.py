"""What a space of responses is: checks, distances, Fréchet means."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from scipy.spatial.distance import cdist

from seedbed.reduction.numerics.columns import resolution_of

TOLERANCE = 1e-5  # of the largest entry: what rounding to five digits, or single precision, may do
SINGLE_TOLERANCE = 1e-3  # where numbers arrive in single precision or less


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
    if np.ma.is_masked(y):
        raise ValueError(f"y must hold {expected}; {np.ma.count_masked(y)} of its entries are masked")
    if array.ndim not in ndim:
        raise ValueError(f"y must hold {expected}; got an array of shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"y must hold {expected}; it contains NaN or infinity")
    return array


def tolerance_of(given: Any) -> float:
    """What rounding may do to numbers as they were given, relative to the largest."""
    return SINGLE_TOLERANCE if resolution_of(given) > 1e-8 else TOLERANCE


def symmetric(array: np.ndarray, given: Any, what: str) -> np.ndarray:
    """The symmetric part of matrices (..., d, d), if rounding explains what is lost.

    Distances and products A C A' in single precision are symmetric up to some 1e-7 of the largest entry, and distances
    from squares up to the root of that; numbers with fewer digits were printed with five.

    Raises
    ------
    ValueError
        For a larger difference; the message says how large, and where.
    """
    skew = np.abs(array - np.swapaxes(array, -1, -2)).reshape(-1, array.shape[-1] ** 2)
    scale = np.abs(array).reshape(skew.shape).max(axis=1, initial=1e-300)
    worst = skew.max(axis=1, initial=0.0) / scale
    if (bad := np.flatnonzero(worst > tolerance_of(given))).size:
        row, column = divmod(int(skew[bad[0]].argmax()), array.shape[-1])
        place = f"y[{bad[0]}]" if array.ndim > 2 else "it"
        raise ValueError(
            f"{what}; {place} is not symmetric: the entries ({row}, {column}) and ({column}, {row}) differ by "
            f"{worst[bad[0]]:.1e} of the largest entry. If that is rounding, pass (y + y transposed) / 2"
        )
    return (array + np.swapaxes(array, -1, -2)) / 2.0


def in_blocks(function: Any, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``function(a[i], b) -> distances``, row by row of ``a``."""
    out = np.empty((len(a), len(b)))
    for i in range(len(a)):
        out[i] = function(a[i], b)
    return out
