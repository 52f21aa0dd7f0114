"""From the clusters of a sketch to labels of all points, by likelihood."""

from __future__ import annotations

import numpy as np

from seedbed.clustering.gaussian.density import gaussian_log_densities

BLOCK = 65536


def lift_by_likelihood(
    points: np.ndarray, sketch: np.ndarray, labels: np.ndarray, covariances: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    r"""Most likely cluster of every point, given the clusters of a sketch.

    .. math:: \arg\max_k\ \log\pi_k - \tfrac12\log|\Sigma_k|
        - \tfrac12 (x - m_k)^\top\Sigma_k^{-1}(x - m_k),

    with :math:`m_k` the mean of cluster ``k`` in the sketch.

    Parameters
    ----------
    points : ndarray of shape (n, q)
    sketch : ndarray of shape (m, q)
    labels : ndarray of shape (m,)
        Of the sketch; all of 0 .. K-1 occur.
    covariances : ndarray of shape (K, q, q)
        Positive definite.
    weights : ndarray of shape (K,)
        Positive.

    Returns
    -------
    ndarray of shape (n,)

    Notes
    -----
    ``O(n K q^2)``. For covariances and means at the truth this is Bayes' rule, so the loss against the solution of
    all points is that of estimating them from ``m`` points instead of ``n``.
    """
    means = np.stack([sketch[labels == k].mean(axis=0) for k in range(len(covariances))])
    blocks = (points[start : start + BLOCK] for start in range(0, len(points), BLOCK))
    return np.concatenate(
        [np.argmax(gaussian_log_densities(block, means, covariances) + np.log(weights), axis=1) for block in blocks]
    )
