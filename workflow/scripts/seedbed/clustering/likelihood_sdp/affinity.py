"""Affinities of the likelihood-adjusted program: what a pair of points gains by sharing a Gaussian cluster."""

from __future__ import annotations

import numpy as np
from scipy.linalg import solve_triangular

SYMMETRIC = 1e-5  # what single precision, or five printed digits, may leave


def check_covariances(covariances, n_clusters: int, n_features: int) -> np.ndarray:
    """Covariances as a positive definite array of shape (K, p, p).

    Parameters
    ----------
    covariances : array-like of shape (p, p) or (K, p, p)
        One for all clusters, or one each.
    n_clusters, n_features : int

    Returns
    -------
    ndarray of shape (K, p, p)

    Raises
    ------
    ValueError
        For a wrong shape, non-finite entries, an asymmetric or not positive definite matrix.
    """
    array = np.asarray(covariances, dtype=float)
    if array.shape == (n_features, n_features):
        array = np.broadcast_to(array, (n_clusters, n_features, n_features))
    if array.shape != (n_clusters, n_features, n_features):
        raise ValueError(
            f"covariances must have shape {(n_features, n_features)} or "
            f"{(n_clusters, n_features, n_features)}, got {array.shape}"
        )
    if not np.isfinite(array).all():
        raise ValueError("covariances contain NaN or infinity")
    scale = np.sqrt(np.abs(np.diagonal(array, axis1=1, axis2=2)))
    asymmetry = np.abs(array - array.transpose(0, 2, 1))
    worst = float((asymmetry / np.maximum(scale[:, :, None] * scale[:, None, :], np.finfo(float).tiny)).max())
    if worst > SYMMETRIC:
        raise ValueError(
            f"covariances must be symmetric; entries differ by {worst:.1e} as correlations, {SYMMETRIC:g} is allowed"
        )
    for k, covariance in enumerate(array):
        try:
            np.linalg.cholesky(covariance)
        except np.linalg.LinAlgError:
            raise ValueError(f"covariance {k} is not positive definite") from None
    return 0.5 * (array + array.transpose(0, 2, 1))


def check_weights(weights, n_clusters: int) -> np.ndarray:
    """Mixing weights as a positive vector that sums to 1.

    Raises
    ------
    ValueError
        For a wrong shape, or weights that are not positive and finite or do not sum to 1.
    """
    array = np.asarray(weights, dtype=float)
    if array.shape != (n_clusters,):
        raise ValueError(f"weights must have shape {(n_clusters,)}, got {array.shape}")
    if not (np.isfinite(array).all() and (array > 0).all() and abs(array.sum() - 1.0) <= 1e-6):
        raise ValueError(f"weights must be positive and sum to 1; they sum to {array.sum():.7g}")
    return array / array.sum()


def likelihood_affinities(points: np.ndarray, covariances: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    r"""Pairwise affinities of the Gaussian likelihood with the cluster means profiled out.

    .. math:: A_k[i,j] = -\log|\Sigma_k| - \tfrac12 (x_i-x_j)^\top \Sigma_k^{-1} (x_i-x_j) + 2\log\pi_k,

    so that for a partition with :math:`Z_k = 1_k 1_k^\top/n_k` the classification log-likelihood is
    :math:`-\tfrac{np}{2}\log 2\pi + \tfrac12 \sum_k \langle A_k, Z_k\rangle`.

    Parameters
    ----------
    points : ndarray of shape (n, p)
    covariances : ndarray of shape (K, p, p)
        Positive definite.
    weights : ndarray of shape (K,), optional
        Mixing weights; without them the last term is absent.

    Returns
    -------
    ndarray of shape (K, n, n)

    Notes
    -----
    ``O(K (n^2 p + p^3))``. The points are centred first: squared distances by the polarisation identity lose
    all digits when the data lie far from the origin.
    """
    n = len(points)
    centred = points - points.mean(axis=0)
    affinities = np.empty((len(covariances), n, n))
    for k, covariance in enumerate(covariances):
        factor = np.linalg.cholesky(covariance)
        whitened = solve_triangular(factor, centred.T, lower=True, check_finite=False).T
        squares = np.einsum("ij,ij->i", whitened, whitened)
        distances = squares[:, None] + squares[None, :] - 2.0 * (whitened @ whitened.T)
        np.maximum(distances, 0.0, out=distances)
        np.fill_diagonal(distances, 0.0)
        affinities[k] = -0.5 * distances - 2.0 * np.log(np.diag(factor)).sum()
        if weights is not None:
            affinities[k] += 2.0 * np.log(weights[k])
    return affinities


def classification_log_likelihood(objective: float, n_samples: int, n_features: int) -> float:
    """The log-likelihood that belongs to ``sum_k <A_k, Z_k>``."""
    return 0.5 * objective - 0.5 * n_samples * n_features * float(np.log(2.0 * np.pi))
