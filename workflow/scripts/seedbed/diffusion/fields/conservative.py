r"""The conservative part of a field: its projection, in L^2(p), on gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_continuous_lyapunov

from seedbed.counts import whole_number
from seedbed.diffusion.scalars import is_real

__all__ = ["conservative_part", "linear_conservative_part"]


def conservative_part(
    points: Any,
    values: Any,
    at: Any = None,
    *,
    n_centers: int = 150,
    length: float | None = None,
    ridge: float = 1e-5,
    random_state: Any = 0,
) -> np.ndarray:
    r"""The gradient nearest to a field, :math:`\min_\psi E_p|v - \nabla\psi|^2`, from draws of p.

    psi is a sum of Gaussian kernels around some of the points, a linear form and a quadratic form; ridge regression of
    the values on the gradients.

    Parameters
    ----------
    points : array-like of shape (n, d)
        Draws of p.
    values : array-like of shape (n, d)
        The field there.
    at : array-like of shape (m, d), default=None
        Where the result is wanted; at ``points`` if not given.
    n_centers : int, default=150
    length : float or None, default=None
        Of the kernels; half of the median distance between centres if not given.
    ridge : float, default=1e-5
        Relative to the mean square of the gradients.
    random_state : int, Generator or None, default=0
        Of the choice of centres.

    Returns
    -------
    ndarray of shape (m, d)

    Raises
    ------
    ValueError
        If the shapes differ, or a number is out of its range.

    Notes
    -----
    O(n d J^2 + J^3) for J = n_centers + d (d + 3) / 2 functions.
    """
    points, values = np.asarray(points, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if points.ndim != 2 or points.shape != values.shape or not len(points):
        raise ValueError(f"points and values must have one shape (n, d), got {points.shape} and {values.shape}")
    if length is not None and (not is_real(length) or not length > 0):
        raise ValueError(f"length must be a positive number or None, got {length!r}")
    if not is_real(ridge) or ridge < 0:
        raise ValueError(f"ridge must be a number of at least 0, got {ridge!r}")
    rng = np.random.default_rng(random_state)
    centres = points[rng.permutation(len(points))[: whole_number(n_centers, "n_centers", 0)]]
    if length is None:
        gaps = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(-1))
        length = 0.5 * float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 1.0
    gradients = _gradients(points, centres, length)
    square = gradients.T @ gradients / len(points)
    square[np.diag_indices_from(square)] += ridge * np.trace(square) / len(square) + 1e-300
    coefficients = cho_solve(cho_factor(square), gradients.T @ values.ravel() / len(points))
    where = points if at is None else np.asarray(at, dtype=np.float64)
    return (_gradients(where, centres, length) @ coefficients).reshape(where.shape)


def linear_conservative_part(matrix: Any, covariance: Any) -> np.ndarray:
    r"""Of the field v = B x under N(0, S): :math:`\nabla\psi = Hx` with :math:`HS + SH = BS + SB^T`, exactly.

    Parameters
    ----------
    matrix, covariance : array-like of shape (d, d)
        B, and S positive definite.

    Returns
    -------
    ndarray of shape (d, d)
        H, symmetric.
    """
    B, S = np.asarray(matrix, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    H = solve_continuous_lyapunov(S, B @ S + S @ B.T)
    return (H + H.T) / 2


def _gradients(x: np.ndarray, centres: np.ndarray, length: float) -> np.ndarray:
    """Gradients of all functions at all points, of shape (n d, J)."""
    n, d = x.shape
    apart = x[:, None] - centres[None]
    kernels = np.exp(-(apart**2).sum(-1) / (2 * length**2))
    parts = [-(apart * kernels[..., None]).transpose(0, 2, 1) / length, np.broadcast_to(np.eye(d), (n, d, d))]
    rows, columns = np.triu_indices(d)
    quadratic = np.zeros((n, d, len(rows)))
    for j, (a, b) in enumerate(zip(rows, columns, strict=True)):
        quadratic[:, a, j] += x[:, b]
        quadratic[:, b, j] += x[:, a] * (a != b)
    return np.concatenate([*parts, quadratic], axis=2).reshape(n * d, -1)
