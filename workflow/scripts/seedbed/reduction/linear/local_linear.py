"""Local linear regression at every sample point at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

_RIDGE = 1e-6  # of the mean eigenvalue: for points with fewer neighbours than dimensions


class LocalFits(NamedTuple):
    """Per point j: level (m,), gradients (r, m), and the weighted moments around it that a MAVE step reuses."""

    levels: np.ndarray  # (n, m)
    gradients: np.ndarray  # (n, r, m)


def local_weights(U: np.ndarray, bandwidth: float) -> np.ndarray:
    """Gaussian weights (n, n): row j holds those of all points around point j, summing to one."""
    weights = np.exp(-cdist(U, U, "sqeuclidean") / (2.0 * bandwidth**2))
    return weights / weights.sum(axis=1, keepdims=True)


def local_moments(weights: np.ndarray, Z: np.ndarray, G: np.ndarray) -> tuple[np.ndarray, ...]:
    """Weighted moments around every point: of Z - z_j first (n, r) and second (n, r, r), and with G (n, r, m).

    One matrix product each, ``O(n^2 r (r + m))``; no array of pairs times dimensions is made.
    """
    n, r = Z.shape
    mean = weights @ Z
    squares = (weights @ np.einsum("ia,ib->iab", Z, Z).reshape(n, -1)).reshape(n, r, r)
    shift = mean - Z
    # sum_i w (z_i - z_j)(z_i - z_j)' = sum_i w z_i z_i' - mean z_j' - z_j mean' + z_j z_j'
    second = squares - mean[:, :, None] * Z[:, None, :] - Z[:, :, None] * mean[:, None, :]
    second += Z[:, :, None] * Z[:, None, :]
    mixed = (weights @ np.einsum("ia,im->iam", Z, G).reshape(n, -1)).reshape(n, r, -1)
    mixed -= Z[:, :, None] * (weights @ G)[:, None, :]
    return shift, second, mixed


def local_linear(weights: np.ndarray, Z: np.ndarray, G: np.ndarray) -> LocalFits:
    """Weighted least squares of G (n, m) on (1, Z - z_j) for every j."""
    n, r = Z.shape
    first, second, mixed = local_moments(weights, Z, G)
    left = np.empty((n, r + 1, r + 1))
    left[:, 0, 0], left[:, 0, 1:], left[:, 1:, 0], left[:, 1:, 1:] = 1.0, first, first, second
    ridge = _RIDGE * np.einsum("jaa->j", second) / r + 1e-12
    left[:, np.arange(1, r + 1), np.arange(1, r + 1)] += ridge[:, None]
    right = np.concatenate([(weights @ G)[:, None, :], mixed], axis=1)
    solved = np.linalg.solve(left, right)
    return LocalFits(solved[:, 0], solved[:, 1:])


def bandwidths(n: int, r: int, d: int, steps: int) -> list[float]:
    """From the rule for r dimensions down to that for d (Xia, Tong, Li and Zhu 2002), for unit variances."""
    most = max(r, 3)
    current, least, shrink = 2.34 * n ** (-1.0 / (most + 6)), 2.34 * n ** (-1.0 / (d + 4)), n ** (-0.5 / (most + 6))
    chosen = []
    for _ in range(steps):
        chosen.append(max(current, least))
        current *= shrink
    return chosen
