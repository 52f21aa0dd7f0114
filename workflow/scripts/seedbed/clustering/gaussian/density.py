"""Log-densities of Gaussians."""

from __future__ import annotations

import numpy as np
from scipy.linalg import solve_triangular


def gaussian_log_densities(points: np.ndarray, means: np.ndarray, covariances: np.ndarray) -> np.ndarray:
    """``log N(x_i; mean_k, covariance_k)`` as an array of shape (n, K), ``O(n K p^2)``.

    Parameters
    ----------
    points : ndarray of shape (n, p)
    means : ndarray of shape (K, p)
    covariances : ndarray of shape (K, p, p)
        Positive definite.

    Returns
    -------
    ndarray of shape (n, K)
    """
    columns = []
    for mean, covariance in zip(means, covariances, strict=True):
        factor = np.linalg.cholesky(covariance)
        whitened = solve_triangular(factor, (points - mean).T, lower=True, check_finite=False)
        log_volume = np.log(np.diag(factor)).sum()
        columns.append(-0.5 * np.einsum("ij,ij->j", whitened, whitened) - log_volume)
    return np.stack(columns, axis=1) - 0.5 * points.shape[1] * np.log(2.0 * np.pi)
