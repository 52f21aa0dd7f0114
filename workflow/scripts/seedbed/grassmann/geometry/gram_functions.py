r"""Functions of small symmetric matrices, for NumPy arrays and torch tensors alike.

A step :math:`X` (k x n) on the Grassmann manifold has the Gram matrix :math:`G = X X^\top` (k x k), and
everything that a geodesic needs is an entire function of it: :math:`\cos\sqrt G`,
:math:`\operatorname{sinc}\sqrt G = G^{-1/2}\sin\sqrt G`, :math:`(\cos\sqrt G - I) G^{-1}`. No n x k decomposition,
no square root and no division take place. A zero row of :math:`X` is a zero row and column of :math:`G`.
"""

from __future__ import annotations

import sys
from math import ceil, inf, log2
from types import ModuleType
from typing import Any

import numpy as np

__all__ = ["cosine_and_sinc", "identity_like", "inverse_square_root", "library", "transpose"]


def library(array: Any) -> ModuleType:
    """``torch`` for a tensor, ``numpy`` for anything else; torch is never imported for this."""
    torch = sys.modules.get("torch")
    return torch if torch is not None and isinstance(array, torch.Tensor) else np


def transpose(array: Any) -> Any:
    """The last two axes exchanged."""
    return library(array).swapaxes(array, -1, -2)


def identity_like(G: Any) -> Any:
    """The identity of the size, type and device of a square matrix; no copy per batch."""
    if library(G) is np:
        return np.broadcast_to(np.eye(G.shape[-1], dtype=G.dtype), G.shape)
    return library(G).eye(G.shape[-1], dtype=G.dtype, device=G.device).expand(G.shape)


def cosine_and_sinc(G: Any, bound: float | None = None) -> tuple[Any, Any]:
    r""":math:`\cos\sqrt G` and :math:`\operatorname{sinc}\sqrt G`.

    .. math::

        \cos\sqrt G = \sum_j \frac{(-G)^j}{(2j)!}, \qquad
        \operatorname{sinc}\sqrt G = \sum_j \frac{(-G)^j}{(2j+1)!}

    by Horner's rule at :math:`G/4^s`, with ``s`` such that its norm is at most one and with as many terms as the
    number type can tell, then ``s`` times the double angle, :math:`\operatorname{sinc} 2A = \operatorname{sinc} A
    \cos A`, :math:`\cos 2A = 2\cos^2 A - I`.

    Parameters
    ----------
    G : array of shape (..., k, k)
        Symmetric, positive semidefinite; NumPy or torch.
    bound : float, optional
        Of the norms in the batch, where it is known; any matrix norm will do.

    Returns
    -------
    cosine, sinc : arrays of shape (..., k, k)

    Notes
    -----
    ``O(k^3)`` per matrix and term: two terms for short steps, at most ten.
    """
    xp = library(G)
    if bound is None:
        bound = float(abs(G).sum(-1).max())
    doublings = ceil(log2(bound) / 2) if 1 < bound < inf else 0
    G = G / 4.0**doublings
    one = identity_like(G)
    both = xp.stack([one, one])
    for j in range(_terms(bound / 4.0**doublings, xp.finfo(G.dtype).eps), 0, -1):
        factors = [-1.0 / ((2 * j - 1) * (2 * j)), -1.0 / ((2 * j) * (2 * j + 1))]
        both = one + _column(factors, both) * (G @ both)
    cosine, sinc = both[0], both[1]
    for _ in range(doublings):
        sinc = sinc @ cosine
        cosine = 2 * cosine @ cosine - one
    return cosine, sinc


def _terms(bound: float, precision: float) -> int:
    """Terms of the cosine's series, until the first one left out is below a tenth of the precision."""
    terms, left_out = 0, bound / 2
    while inf > left_out > precision / 10:
        terms += 1
        left_out *= bound / ((2 * terms + 1) * (2 * terms + 2))
    return terms


def _column(values: list[float], like: Any) -> Any:
    """Numbers along the first axis, ready to be multiplied with ``like``."""
    xp = library(like)
    settings = {} if xp is np else {"device": like.device}
    return xp.asarray(values, dtype=like.dtype, **settings).reshape(-1, *[1] * (like.ndim - 1))


def inverse_square_root(G: Any) -> Any:
    r""":math:`G^{-1/2}` for eigenvalues of at least one, by products alone.

    The Newton-Schulz iteration :math:`Z \leftarrow \tfrac12 (3I - Z G Z) Z` on :math:`G/c`, where :math:`c` is the
    largest absolute row sum: an eigenvalue below one grows 2.25-fold per iteration, and near one the error is
    squared.

    Parameters
    ----------
    G : array of shape (..., k, k)
        Symmetric, with eigenvalues of at least 1; a zero row and column (padding) counts as an eigenvalue of its
        own, and what comes out there is not meant to be used.

    Returns
    -------
    array of shape (..., k, k)
    """
    scale = abs(G).sum(-1).max(-1)
    scale = (scale if library(G) is np else scale.values)[..., None, None]
    G = G / scale
    one = identity_like(G)
    Z = one
    for _ in range(6 + ceil(log2(float(scale.max())) / log2(2.25))):
        Z = (1.5 * one - 0.5 * Z @ G @ transpose(Z)) @ Z
    return Z / scale**0.5
