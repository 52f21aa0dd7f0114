"""The covariance step: exact maximisation of the likelihood over covariances with an eigenvalue floor."""

from __future__ import annotations

import numpy as np


def membership_covariances(points: np.ndarray, memberships: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r"""Centroid-free covariances of a soft partition, and its cluster masses.

    .. math:: \Sigma_k = \frac{X^\top(\operatorname{diag}(Z_k1) - Z_k)X}{1^\top Z_k 1}

    maximises :math:`\sum_k \langle A_k(\Sigma_k), Z_k\rangle` for every feasible ``Z``. For a partition it is the
    (biased) sample covariance of each cluster.

    Parameters
    ----------
    points : ndarray of shape (n, p)
    memberships : ndarray of shape (K, n, n)
        Symmetric and nonnegative.

    Returns
    -------
    covariances : ndarray of shape (K, p, p)
        Positive semidefinite, as ``diag(Z 1) - Z`` is a graph Laplacian; zero for a block without mass.
    masses : ndarray of shape (K,)
        ``1' Z_k 1``; they sum to ``n``.

    Notes
    -----
    ``O(K n^2 p)``. The points are centred first, which changes nothing in exact arithmetic.
    """
    centred = points - points.mean(axis=0)
    degrees = memberships.sum(axis=2)
    masses = degrees.sum(axis=1)
    covariances = np.empty((len(memberships), points.shape[1], points.shape[1]))
    for k, (membership, degree, mass) in enumerate(zip(memberships, degrees, masses, strict=True)):
        scatter = centred.T @ (degree[:, None] * centred - membership @ centred)
        covariances[k] = 0.5 * (scatter + scatter.T) / (mass if mass > 0 else 1.0)
    return covariances, masses


def floor_eigenvalues(covariances: np.ndarray, floor: float) -> np.ndarray:
    r"""Exact constrained maximisers of the Gaussian likelihood under ``Sigma >= floor * I``.

    Maximises :math:`-\log|\Sigma| - \operatorname{tr}(\Sigma^{-1}M)` over :math:`\Sigma \succeq c I`.

    Parameters
    ----------
    covariances : ndarray of shape (K, p, p)
        The matrices ``M``, positive semidefinite.
    floor : float
        ``c > 0``.

    Returns
    -------
    ndarray of shape (K, p, p)
        Same eigenvectors, eigenvalues clipped at ``c`` from below.

    Notes
    -----
    By von Neumann's trace inequality :math:`\operatorname{tr}(\Sigma^{-1}M) \ge \sum_i m_i/s_i` with both spectra in
    the same order, with equality for common eigenvectors; what is left is to minimise ``log s + m / s`` over
    ``s >= c`` for each eigenvalue, whose solution is ``max(m, c)``. In coordinates in which the pooled covariance
    is the identity the floor is relative to the pooled covariance, hence unaffected by the units of the columns.
    """
    values, vectors = np.linalg.eigh(covariances)
    floored = np.maximum(values, floor)
    return (vectors * floored[:, None, :]) @ vectors.transpose(0, 2, 1)


def partition_covariances(points: np.ndarray, labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """Biased sample covariance of each cluster, shape (K, p, p); zero for an empty cluster. ``O(n p^2)``."""
    covariances = np.zeros((n_clusters, points.shape[1], points.shape[1]))
    for k in range(n_clusters):
        members = points[labels == k]
        if len(members):
            deviations = members - members.mean(axis=0)
            covariances[k] = deviations.T @ deviations / len(members)
    return covariances
