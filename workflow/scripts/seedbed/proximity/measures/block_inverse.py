r"""Inverses of symmetric positive definite matrices by blocks.

.. math:: \begin{pmatrix} A & B^\top \\ B & C \end{pmatrix}^{-1} = \begin{pmatrix}
          A^{-1} + X^\top S^{-1} X & -X^\top S^{-1} \\ -S^{-1} X & S^{-1} \end{pmatrix} , \qquad
          X = B A^{-1}, \quad S = C - X B^\top ,

where A and S are inverted alike: products of matrices, which run faster than LAPACK's substitutions. Of an M-matrix A
and S are M-matrices, B is not positive, and nothing cancels off the diagonal.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack

_WHOLE = 128  # rows that are inverted, or multiplied, without a division into blocks


def inverse_m_matrix(matrix: np.ndarray) -> np.ndarray:
    """The inverse of a symmetric positive definite M-matrix, which only adds off the diagonal; ``O(n^3)``.

    Raises
    ------
    ValueError
        If the matrix is not positive definite: the parameter is at the end of its range, or beyond.
    """
    inverse = np.array(matrix)
    _invert(inverse)
    return inverse


def _invert(matrix: np.ndarray) -> None:
    """In place, exactly symmetric."""
    n = len(matrix)
    if n <= _WHOLE:
        matrix[:] = _inverse(matrix)
        return
    half = n // 2
    first, beside, last = matrix[:half, :half], matrix[half:, :half], matrix[half:, half:]
    _invert(first)
    shares = beside @ first
    last -= _symmetric_product(shares, beside)
    _invert(last)
    weighted = last @ shares
    first += _symmetric_product(shares.T, weighted.T)
    np.negative(weighted, out=beside)
    matrix[:half, half:] = beside.T


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """By Cholesky."""
    factor, failed = lapack.dpotrf(matrix.T, lower=0)
    if failed:
        raise ValueError("the matrix is not positive definite: the parameter t lies beyond its range")
    inverse, _ = lapack.dpotri(factor, lower=0)
    whole = inverse + inverse.T  # the lower half is zero
    np.fill_diagonal(whole, inverse.diagonal())
    return whole


def _symmetric_product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """``left @ right.T`` where it is known to be symmetric: three quarters of it, and the rest mirrored."""
    n = len(left)
    if n <= _WHOLE:
        product = left @ right.T
        return 0.5 * (product + product.T)
    half = n // 2
    product = np.empty((n, n))
    product[:half, :half] = _symmetric_product(left[:half], right[:half])
    product[half:, half:] = _symmetric_product(left[half:], right[half:])
    np.matmul(left[half:], right[:half].T, out=product[half:, :half])
    product[:half, half:] = product[half:, :half].T
    return product
