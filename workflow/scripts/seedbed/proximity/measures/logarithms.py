"""Distances from the logarithms of a symmetric matrix: compiled where numba is installed and matrices are large."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from seedbed.optional_numba import none_without_numba

LONG = 2000  # rows; below, loading numba takes longer than it spares in a hundred matrices
# the least x by base: of 1 + x, of which rounding can have left nothing positive, the smallest that it could have been
FLOORS = {0.0: 0.0, 1.0: 2.0**-52 - 1.0}


@none_without_numba
def _loops() -> ModuleType:
    from . import log_loops

    return log_loops


def distances_of_logs(matrix: np.ndarray, base: float, scale: float = 1.0) -> np.ndarray:
    """``(l_ii + l_jj) / 2 - l_ij`` with ``l = log(base + scale x) / scale``, in place.

    Parameters
    ----------
    matrix : ndarray of shape (n, n)
        Finite, and symmetric up to rounding; written over.
    base : {0.0, 1.0}
        With 0, entries are positive normal numbers.
    scale : float

    Returns
    -------
    ndarray of shape (n, n)
        The same array.
    """
    loops = _loops() if len(matrix) >= LONG else None
    if loops is not None:
        loops.distances_of_logs(matrix, base, scale, FLOORS[base])
        return matrix
    if scale != 1.0:
        matrix *= scale
    if base:
        np.log1p(np.maximum(matrix, FLOORS[base], out=matrix), out=matrix)
    else:
        np.log(matrix, out=matrix)
    if scale != 1.0:
        matrix /= scale
    return half_differences(matrix)


def half_differences(logs: np.ndarray) -> np.ndarray:
    """``(l_ii + l_jj) / 2 - l_ij``, in place; zero on the diagonal."""
    halves = 0.5 * logs.diagonal()
    distances = np.subtract(halves[:, None], logs, out=logs)
    distances += halves
    np.fill_diagonal(distances, 0.0)
    return distances
