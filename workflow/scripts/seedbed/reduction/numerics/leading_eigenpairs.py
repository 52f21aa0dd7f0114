"""The largest eigenvalues of symmetric matrices, whatever the matrix: zero, of low rank, or with equal eigenvalues."""

from __future__ import annotations

import numpy as np
from scipy.linalg import LinAlgError, eigh

__all__ = ["leading_eigenpairs"]

_DENSE = 200  # up to this size LAPACK is as fast
_SPARE = 2  # columns of the block beyond those that are wanted
_ACCURACY = 1e-12  # of residuals, relative to the norm


def leading_eigenpairs(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k largest eigenvalues, falling, and their eigenvectors (n, k).

    Rayleigh-Ritz in the Krylov space of a block of k + 2 columns, drawn once and for all: an eigenvalue that is there
    several times is found several times, and no eigenvector of the kind that data have (constant, odd, a class) is
    orthogonal to the block, as can happen with a single start. LAPACK for small matrices, and where the space would
    grow to a third of the whole.

    Parameters
    ----------
    matrix : ndarray of shape (n, n)
        Symmetric.
    k : int
        At most n are returned.

    Notes
    -----
    Residuals are at most 1e-12 of the norm. ``O(n^2 k)`` per step, some ten steps; ``O(n^3)`` by LAPACK. The same
    matrix gives the same result, to the last bit.
    """
    n = len(matrix)
    k = min(k, n)
    if n <= _DENSE or not matrix.any():
        return _dense(matrix, k)
    width = k + _SPARE
    basis = np.linalg.qr(np.random.RandomState(0).standard_normal((n, width)))[0]
    image = matrix @ basis
    while basis.shape[1] + 2 * width <= n // 3:
        for _ in range(2):
            fresh = image[:, -width:]
            for _ in range(2):  # once would leave rounding errors of the size of what is looked for
                fresh = fresh - basis @ (basis.T @ fresh)
            fresh = np.linalg.qr(fresh)[0]
            fresh = np.linalg.qr(fresh - basis @ (basis.T @ fresh))[0]
            basis, image = np.hstack([basis, fresh]), np.hstack([image, matrix @ fresh])
        small = basis.T @ image
        values, rotation = np.linalg.eigh((small + small.T) / 2.0)
        norm, values, rotation = np.abs(values).max(), values[: -k - 1 : -1], rotation[:, : -k - 1 : -1]
        vectors = basis @ rotation
        if np.abs(image @ rotation - vectors * values).max() <= _ACCURACY * norm:
            return values, vectors
    return _dense(matrix, k)


def _dense(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    n = len(matrix)
    try:
        values, vectors = eigh(matrix, subset_by_index=[n - k, n - 1], check_finite=False)
    except LinAlgError:  # LAPACK's solver for a few can give up on many equal eigenvalues; the one for all does not
        values, vectors = np.linalg.eigh(matrix)
    return values[: -k - 1 : -1], vectors[:, : -k - 1 : -1]
