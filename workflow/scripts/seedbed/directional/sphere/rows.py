"""Rows on the unit sphere: dense or sparse, in float64."""

from __future__ import annotations

import numpy as np
from scipy import sparse

# half the squared distance of two unit vectors that differ by their rounding only
COINCIDENT = 4.0 * np.finfo(float).eps ** 2


def unit_rows(x):
    """Scale the rows of a dense array or CSR matrix to unit length; rows of norm one are left as they are.

    Parameters
    ----------
    x : ndarray or sparse matrix of shape (n, p)
        Finite numbers.

    Returns
    -------
    The same kind of matrix, a copy unless nothing had to change.

    Raises
    ------
    ValueError
        If a row is zero, which has no direction.
    """
    is_sparse = sparse.issparse(x)
    x = x.tocsr().astype(np.float64) if is_sparse else np.asarray(x, np.float64)
    # by the largest entry first, so that no square over- or underflows
    largest = abs(x).max(axis=1).toarray().ravel() if is_sparse else np.abs(x).max(axis=1, initial=0.0)
    if np.any((largest > 1e100) | ((largest < 1e-100) & (largest > 0))):
        x = _scaled(x, np.where(largest > 0, largest, 1.0))
    norms = np.sqrt(np.asarray(x.multiply(x).sum(axis=1)).ravel() if is_sparse else np.einsum("ij,ij->i", x, x))
    if np.any(norms == 0):
        row = int(np.flatnonzero(norms == 0)[0])
        raise ValueError(f"row {row} is zero and has no direction")
    if np.all(np.abs(norms - 1.0) < 4e-16):
        return x
    return _scaled(x, norms)


def _scaled(x, divisors: np.ndarray):
    """Rows divided by numbers; a sparse matrix keeps its kind."""
    if not sparse.issparse(x):
        return x / divisors[:, None]
    x = x.copy()
    x.data /= np.repeat(divisors, np.diff(x.indptr))
    return x


def gaps_to(x, mean: np.ndarray) -> np.ndarray:
    r""":math:`1 - \mu^\top x_i = \tfrac12\|x_i - \mu\|^2` for unit rows, accurate also where it is tiny.

    Sparse rows and distant ones are served by the product, close dense ones by the squared distance.
    O(n p) time.
    """
    gap = 1.0 - np.asarray(x @ mean).ravel()
    if sparse.issparse(x):
        return np.maximum(gap, 0.0)
    close = np.flatnonzero(gap < 0.1)
    step = max(1, (1 << 18) // max(1, mean.size))
    for start in range(0, close.size, step):
        rows = close[start : start + step]
        difference = x[rows] - mean
        gap[rows] = 0.5 * np.einsum("ij,ij->i", difference, difference)
    return gap


def mean_direction(x, weights: np.ndarray) -> tuple[np.ndarray, float, float]:
    r"""Weighted mean direction, mean resultant length R and 1 - R of unit rows.

    1 - R is :math:`\tfrac12` times the weighted mean of :math:`\|x_i - \mu\|^2`, an identity, where R is
    near one. If the rows cancel exactly, the direction is the first axis and R is zero.
    """
    total = weights.sum()
    resultant = np.asarray(weights @ x).ravel() / total
    length = float(np.linalg.norm(resultant))
    if length < 1e-300:
        axis = np.zeros(resultant.size)
        axis[0] = 1.0
        return axis, 0.0, 1.0
    mean = resultant / length
    gap = 1.0 - length
    if gap < 0.1:
        gap = float(weights @ gaps_to(x, mean) / total)
    return mean, min(length, 1.0), gap if gap > COINCIDENT else 0.0
