r"""Retractions: cheaper curves that leave ``W`` with velocity ``X`` as the geodesic does, up to third order.

All three take :math:`W + X` back to orthonormal rows and give the same subspace, whose principal angles with ``W`` are
the arctangents of the singular values of ``X`` (the geodesic's are the singular values themselves): no step, however
long, turns a direction by 90 degrees. They differ in the basis, in cost and in rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .gram_functions import inverse_square_root, library, transpose

__all__ = ["retract_cholesky", "retract_polar", "retract_qr"]


def retract_qr(W: Any, X: Any) -> Any:
    """The Q factor of ``W + X``, with the signs that keep its rows from flipping.

    LAPACK leaves the signs of R free. A flipped row is the same subspace, but its momentum would now push the
    wrong way, so rows are multiplied by the sign of R's diagonal.

    Parameters
    ----------
    W, X : arrays of shape (..., k, n)

    Returns
    -------
    array of shape (..., k, n)
    """
    xp = library(W)
    Q, R = xp.linalg.qr(transpose(W + X))
    diagonal = xp.diagonal(R, 0, -2, -1)
    return transpose(Q * xp.where(diagonal < 0, -1.0, 1.0)[..., None, :]) * _active(W)


def retract_cholesky(W: Any, X: Any) -> Any:
    r"""The same basis as :func:`retract_qr`, as :math:`L^{-1}(W + X)` with :math:`L L^\top = (W + X)(W + X)^\top`.

    Parameters
    ----------
    W, X : arrays of shape (..., k, n)

    Returns
    -------
    array of shape (..., k, n)
    """
    Y = W + X
    padding = 1.0 - _active(W)
    linalg = library(W).linalg
    L = linalg.cholesky(Y @ transpose(Y) + padding * transpose(padding) * _eye(W))
    if library(W) is np:
        return linalg.solve(L, Y)
    return linalg.solve_triangular(L, Y, upper=False)


def retract_polar(W: Any, X: Any) -> Any:
    r"""The nearest basis, :math:`\bigl((W + X)(W + X)^\top\bigr)^{-1/2}(W + X)`, by Newton-Schulz: products alone.

    Parameters
    ----------
    W, X : arrays of shape (..., k, n)

    Returns
    -------
    array of shape (..., k, n)
    """
    Y = W + X
    return inverse_square_root(Y @ transpose(Y)) @ Y


def _active(W: Any) -> Any:
    """(..., k, 1): one for rows that hold something, zero for padding."""
    return ((W * W).sum(-1) > 0)[..., None] * library(W).ones_like(W[..., :1])


def _eye(W: Any) -> Any:
    xp, k = library(W), W.shape[-2]
    return np.eye(k, dtype=W.dtype) if xp is np else xp.eye(k, dtype=W.dtype, device=W.device)
