r"""Geometry of the Grassmann manifold Gr(k, n), in batches, for NumPy arrays and torch tensors alike.

A subspace is stored by an orthonormal basis in rows: ``W`` of shape (..., k, n) with :math:`W W^\top = I`, any
:math:`Q W` with orthogonal :math:`Q` being the same subspace. A tangent vector is its horizontal lift ``X`` of the
same shape with :math:`X W^\top = 0`; a step of a descent is :math:`X = -\eta H`.

Subspaces of different dimensions share an array if the shorter bases are padded with zero rows *at the end*: every
function here leaves such rows zero.

References
----------
A. Edelman, T. A. Arias, S. T. Smith (1998). The geometry of algorithms with orthogonality constraints. SIAM J. Matrix
Anal. Appl. 20. T. Bendokat, R. Zimmermann, P.-A. Absil (2024). A Grassmann manifold handbook. Adv. Comput. Math. 50.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from .gram_functions import cosine_and_sinc, identity_like, library, transpose
from .retractions import retract_cholesky, retract_polar, retract_qr

__all__ = [
    "distance",
    "geodesic",
    "logarithm",
    "orthonormality_defect",
    "principal_angles",
    "project",
    "random_subspaces",
    "retract_cholesky",
    "retract_polar",
    "retract_qr",
    "transport",
]


def project(W: Any, D: Any) -> Any:
    r"""The part of ``D`` that is tangent at ``W``: :math:`D - (D W^\top) W`.

    Of a Euclidean gradient this is the Riemannian one. For losses that do not change under :math:`W \to Q W` the
    matrix :math:`D W^\top` is symmetric, so this is the gradient on the Stiefel manifold too.

    Parameters
    ----------
    W : array of shape (..., k, n)
        Orthonormal rows.
    D : array of shape (..., k, n)

    Returns
    -------
    array of shape (..., k, n)

    Notes
    -----
    ``4 n k^2`` operations per subspace.
    """
    return D - (D @ transpose(W)) @ W


def geodesic(W: Any, X: Any) -> Any:
    r"""Where the geodesic from ``W`` with velocity ``X`` is at time one.

    .. math:: \gamma(1) = \cos(A) W + \operatorname{sinc}(A) X, \qquad A = (X X^\top)^{1/2} ,

    which is Edelman, Arias and Smith's curve through the singular value decomposition of ``X``, written with
    k x k functions only. The principal angles between ``W`` and the result are the singular values of ``X``, and
    the result's rows stay aligned with those of ``W``.

    Parameters
    ----------
    W : array of shape (..., k, n)
        Orthonormal rows.
    X : array of shape (..., k, n)
        Tangent at ``W``, of any length.

    Returns
    -------
    array of shape (..., k, n)

    Notes
    -----
    ``6 n k^2 + O(k^3)`` operations per subspace.
    """
    cosine, sinc = cosine_and_sinc(X @ transpose(X))
    return cosine @ W + sinc @ X


def transport(W: Any, X: Any, M: Any) -> Any:
    r"""Parallel transport of ``M`` along the geodesic from ``W`` with velocity ``X``, to time one.

    .. math:: M + (M X^\top)\bigl((\cos A - I) A^{-2} X - \operatorname{sinc}(A) W\bigr)

    an isometry from the tangent space at ``W`` to the one at ``geodesic(W, X)``.

    Parameters
    ----------
    W, X, M : arrays of shape (..., k, n)
        ``X`` and ``M`` tangent at ``W``.

    Returns
    -------
    array of shape (..., k, n)
    """
    G = X @ transpose(X)
    half = cosine_and_sinc(G / 4)[1]
    # (cos A - 1) / A^2 = -sinc(A / 2)^2 / 2
    return M + (M @ transpose(X)) @ (-0.5 * (half @ half) @ X - cosine_and_sinc(G)[1] @ W)


def logarithm(W: Any, V: Any) -> Any:
    r"""The velocity at ``W`` of the shortest geodesic to the subspace ``V``; inverse of :func:`geodesic`.

    Parameters
    ----------
    W, V : arrays of shape (..., k, n)
        Orthonormal rows, without padding; no principal angle may be 90 degrees.

    Returns
    -------
    array of shape (..., k, n)
        ``geodesic(W, logarithm(W, V))`` spans the same subspace as ``V``.

    Notes
    -----
    A k x k and an n x k singular value decomposition: this is for analysis, not for training.
    """
    linalg = library(W).linalg
    left, _, right = linalg.svd(V @ transpose(W))
    aligned = transpose(right) @ (transpose(left) @ V)  # the basis of V that is closest to W
    left, sines, right = linalg.svd(project(W, aligned), full_matrices=False)
    return (left * library(W).arcsin(sines.clip(0, 1))[..., None, :]) @ right


def principal_angles(W: Any, V: Any) -> Any:
    r"""Principal angles between two subspaces, ascending, in radians; accurate also for small angles.

    Cosines are the singular values of :math:`V W^\top`, sines those of :math:`V - (V W^\top) W`; each angle is
    taken from the smaller of the two (Björck and Golub 1973).

    Parameters
    ----------
    W, V : arrays of shape (..., k, n) and (..., l, n)
        Orthonormal rows, without padding.

    Returns
    -------
    array of shape (..., min(k, l))
    """
    xp = library(W)
    if V.shape[-2] > W.shape[-2]:
        W, V = V, W
    inner = V @ transpose(W)
    cosines = xp.linalg.svd(inner, full_matrices=False)[1]
    sines = xp.flip(xp.linalg.svd(V - inner @ W, full_matrices=False)[1], (-1,))
    return xp.where(cosines**2 > 0.5, xp.arcsin(sines.clip(0, 1)), xp.arccos(cosines.clip(0, 1)))


def distance(W: Any, V: Any) -> Any:
    """Length of the shortest geodesic: the root of the sum of squares of the principal angles.

    Parameters
    ----------
    W, V : arrays of shape (..., k, n)
        Orthonormal rows, without padding.

    Returns
    -------
    array of shape (...)
    """
    return (principal_angles(W, V) ** 2).sum(-1) ** 0.5


def orthonormality_defect(W: Any) -> float:
    r"""The largest entry of :math:`|W W^\top - I|`, zero rows (padding) left out."""
    G = W @ transpose(W)
    active = abs(W).sum(-1) > 0
    return float((abs(G - identity_like(G)) * active[..., None]).max())


def random_subspaces(rng: Any, dims: int | Sequence[int], n_features: int, size: int = 1) -> Any:
    """Independent subspaces from the uniform (Haar) distribution.

    Parameters
    ----------
    rng : numpy.random.Generator or torch.Generator
        The result belongs to the same library.
    dims : int or sequence of int
        Their dimension, or one for each; then ``size`` is the length.
    n_features : int
    size : int
        How many.

    Returns
    -------
    array of shape (size, max(dims), n_features)
        Orthonormal rows in double precision; padded with zero rows where dimensions differ.

    Raises
    ------
    ValueError
        For a dimension that is not between 1 and ``n_features``.
    """
    dims = np.full(size, dims) if np.ndim(dims) == 0 else np.asarray(dims)
    if dims.min() < 1 or dims.max() > n_features:
        allowed = f"subspaces of R^{n_features} have 1 to {n_features} dimensions"
        raise ValueError(f"{allowed}, got {sorted(set(dims.tolist()))}")
    shape, active = (len(dims), n_features, dims.max()), np.arange(dims.max()) < dims[:, None]
    if isinstance(rng, np.random.Generator):
        Q = np.linalg.qr(rng.standard_normal(shape))[0]
        return np.ascontiguousarray(transpose(Q) * active[..., None])
    torch = sys.modules["torch"]
    Q = torch.linalg.qr(torch.randn(shape, generator=rng, dtype=torch.float64, device=rng.device))[0]
    return (transpose(Q) * torch.from_numpy(active[..., None]).to(rng.device)).contiguous()
