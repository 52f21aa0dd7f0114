r"""Nearest rows, exactly: what products of matrices or a tree find near is measured again by differences.

Every way of searching ends in the same sums of squared differences, added in one order, so that the distances are the
same to the last bit with numba and without, and whatever BLAS there is.
"""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np

from seedbed.optional_numba import none_without_numba

from . import nearest_numpy

__all__ = ["nearest_rows"]

_LONG = (
    1.4e8  # entries and terms of distances, from which one search gains more than it takes to load numba, half a second
)
_TILE = 2**19  # products that are looked at together: two megabytes in single precision stay near the processor
_ROWS = (16, 128)  # in a tile, at least and at most
_FURTHEST = 1022  # exponent of two of a normal number whose inverse is one, too
_STRIPS = 32  # that a row is cut in at most; of their minima there are eight times the neighbours, or more


@none_without_numba
def _compiled() -> ModuleType:
    from . import nearest_loops

    return nearest_loops


def _loops() -> ModuleType:
    """:mod:`.nearest_loops`, or what stands in for it where numba is not installed."""
    return _compiled() or nearest_numpy


def nearest_rows(X: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    r"""Distances (n, k) of each row to its k nearest others, nearest first, and which they are.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Distinct rows: one of equal rows may be lost to itself.
    k : int
        Below n.

    Raises
    ------
    ValueError
        If the mean of X, or the distance of a value from it, overflows.

    Notes
    -----
    Rows equally far come in their order. O(n^2 d) by products, or a k-d tree where there are few columns and many rows.
    """
    rows, scale = _in_range(X)
    squares, nearest = _by_tree(rows, k) if _tree_pays(*rows.shape, k) else _by_products(rows, k)
    return np.ldexp(np.sqrt(squares), scale), nearest


def _in_range(X: np.ndarray) -> tuple[np.ndarray, int]:
    """Columns that vary, over a power of two that keeps squares in range, and its exponent: no digit changes."""
    low, high = X.min(axis=0), X.max(axis=0)
    varies = low < high
    if not varies.all():
        X, low, high = X[:, varies], low[varies], high[varies]
    with np.errstate(over="ignore", invalid="ignore"):
        mean = X.mean(axis=0)
        spread = np.maximum(high - mean, mean - low).max(initial=0.0)
    if not np.isfinite(spread):
        raise ValueError("X reaches so far that its mean, or distances from it, overflow: divide it by a power of two")
    scale = int(np.clip(np.frexp(spread)[1], -_FURTHEST, _FURTHEST))
    return np.multiply(X, 2.0**-scale, order="C"), scale


def _tree_pays(n: int, d: int, k: int) -> bool:
    """Where a tree takes less than products, on uniform data of 1 to 8 columns, with 2 to 200 neighbours."""
    return 2 * np.log2(n / (500 * k**0.4)) >= d


def _by_tree(rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Squared distances and places, by a k-d tree; of rows equally far at the last place it takes its own choice."""
    from scipy.spatial import KDTree

    n = len(rows)
    found = KDTree(rows).query(rows, k + 1)[1]
    own = found == np.arange(n)[:, None]
    own[~own.any(axis=1), -1] = True
    nearest = np.sort(found[~own].reshape(n, k), axis=1)
    squares = nearest_numpy.squared_distances(rows.T, np.repeat(np.arange(n), k), nearest.ravel()).reshape(n, k)
    order = np.argsort(squares, axis=1, kind="stable")
    return np.take_along_axis(squares, order, 1), np.take_along_axis(nearest, order, 1)


def _by_products(rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    r"""The same from all products, by blocks of rows, of equally far rows the first.

    In row i of a tile stand :math:`t_j = |c_j|^2 - 2 c_i \cdot c_j`, with c around the mean; in ``low`` the minima of
    its strips, column by column. The k-th smallest minimum is above k entries, so the k nearest are below it but for
    rounding. What is below is measured by differences, unless nothing is rounded. In single precision, unless that
    would let too many pass.
    """
    n, d = rows.shape
    strips = max(1, min(_STRIPS, n // (8 * k)))
    size = -(-n // strips)
    centred, exact = _centred(rows)
    own = np.vecdot(centred, centred)
    loops = _loops() if n * (n + k * d) >= _LONG or "numba" in sys.modules else nearest_numpy
    measured = loops.arranged(rows)
    squares, nearest = np.empty((n, k)), np.empty((n, k), dtype=np.int64)
    block = min(n, max(_ROWS[0], min(_ROWS[1], _TILE // n)))
    single = exact or not _too_coarse(np.zeros(1), np.ones(1), d)
    points = _padded(centred, own, strips * size, np.float32 if single else np.float64)
    buffer, minima = _buffers(points, block, size)
    start = 0
    while start < n:
        here = slice(start, min(start + block, n))
        own_here = own[here]
        m = len(own_here)
        left = -2 * points[here]
        left[:, d] = 1
        tile, low = np.matmul(left, points.T, out=buffer[:m]), minima[:m]
        tile[np.arange(m), np.arange(start, start + m)] = np.inf
        loops.strip_minima(tile, low)
        reach = np.maximum(np.partition(low, k - 1, axis=1)[:, k - 1] + own_here, 0.0)
        if points.dtype == np.float32 and not exact and _too_coarse(own_here, reach, d):
            points = _padded(centred, own, strips * size, np.float64)
            buffer, minima = _buffers(points, block, size)
            continue
        slack = 0.0 if exact else _slack(own_here, reach, d, points.dtype)
        limits = np.nextafter((reach - own_here + slack).astype(points.dtype), np.inf, dtype=points.dtype)
        norms = own_here if exact else own[:0]
        loops.keep_nearest(tile, low, limits, norms, measured, start, squares[here], nearest[here])
        start += m
    return squares, nearest


def _centred(rows: np.ndarray) -> tuple[np.ndarray, bool]:
    r"""Rows around their mean, or near it, and whether all sums of their products are exact in single precision.

    They are where values are whole numbers of a unit so large that 2^24 of its squares hold any of the sums, which are
    at most :math:`4 \max_i |c_i|^2`, by Cauchy-Schwarz: numbers of few digits such as counts, grey levels, or zero and
    one. Then rows equally far, of which such data have many, need not be told apart by differences.
    """
    unit = 2.0 ** -max(0, (22 - len(rows.T).bit_length()) // 2)
    centre = rows.mean(axis=0)
    if not (np.fmod(rows[0], unit).any() or np.fmod(rows, unit).any()):
        centred = rows - unit * np.rint(centre / unit)
        if 4 * np.vecdot(centred, centred).max() <= 2.0**24 * unit**2:
            return centred, True
    return rows - centre, False


def _too_coarse(own: np.ndarray, reach: np.ndarray, d: int) -> bool:
    """Whether single precision lets a ball pass that is so much larger that it holds e^(1/2) times as many rows."""
    return 2 * np.count_nonzero(d * _slack(own, reach, d, np.dtype(np.float32)) > reach) > len(own)


def _padded(centred: np.ndarray, own: np.ndarray, width: int, dtype: type) -> np.ndarray:
    """Rows with their squared norms as one column more, and up to a full strip rows further away than any."""
    n, d = centred.shape
    points = np.zeros((width, d + 1), dtype=dtype)
    points[:n, :d], points[:n, d], points[n:, d] = centred, own, np.finfo(dtype).max / 4
    return points


def _buffers(points: np.ndarray, block: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """For a tile, and for the minima of its strips: memory that is written again and again stays near the processor."""
    return np.empty((block, len(points)), points.dtype), np.empty((block, size), points.dtype)


def _slack(own: np.ndarray, reach: np.ndarray, d: int, dtype: np.dtype) -> np.ndarray:
    r"""How far above the k-th minimum the entry of a k nearest row can lie; ``own`` is :math:`|c_i|^2`.

    An entry and :math:`|c_i|^2` sum to the squared distance D_j, as it is measured, up to an error below
    :math:`e (|c_i| + |c_j|)^2 \le e (8 |c_i|^2 + 2 D_j)`, with :math:`e = (3 d + 15) u` from bounds on sums of
    products in any order (N. Higham, Accuracy and Stability of Numerical Algorithms, section 3.1). It can be off so far
    at the minimum and at the entry. Row i alone says how far: one row far away does not make all others inexact.
    """
    limits = np.finfo(dtype)
    return (d + 5) * (limits.eps * (30 * own + 10 * reach) + 8 * float(limits.tiny))
