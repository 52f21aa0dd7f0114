"""Spherical k-means++: starting centres for clustering by direction."""

from __future__ import annotations

import numpy as np


def spherical_kmeans_plusplus(x, n_clusters: int, weights: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
    r"""Rows of x chosen with probability proportional to :math:`w_i \min_c(1 - c^\top x_i)`.

    Parameters
    ----------
    x : ndarray or CSR matrix of shape (n, p)
        Unit rows.
    n_clusters : int
    weights : ndarray of shape (n,)
    rng : RandomState

    Returns
    -------
    ndarray of shape (n_clusters, p)

    Notes
    -----
    Each step tries 2 + floor(log k) candidates and keeps the best, as scikit-learn's KMeans does.
    O(n p k log k) time.

    References
    ----------
    Y. Endo and S. Miyamoto (2015), MDAI, 103-114; D. Arthur and S. Vassilvitskii (2007), SODA.
    """
    n = x.shape[0]
    trials = 2 + int(np.log(n_clusters))
    chosen = [int(rng.choice(n, p=weights / weights.sum()))]
    nearest = _gaps(x, chosen)[:, 0]
    while len(chosen) < n_clusters:
        mass = np.cumsum(weights * nearest)
        if mass[-1] > 0:
            candidates = np.minimum(np.searchsorted(mass, rng.uniform(size=trials) * mass[-1]), n - 1)
        else:
            # all rows coincide with centres already: any row is as good
            candidates = rng.choice(n, size=trials, p=weights / weights.sum())
        proposals = np.minimum(_gaps(x, candidates), nearest[:, None])
        best = int(np.argmin(weights @ proposals))
        chosen.append(int(candidates[best]))
        nearest = proposals[:, best]
    rows = x[chosen]
    return np.asarray(rows.toarray() if hasattr(rows, "toarray") else rows, np.float64).copy()


def _gaps(x, rows) -> np.ndarray:
    product = x @ x[rows].T
    dense = product.toarray() if hasattr(product, "toarray") else np.asarray(product)
    return np.maximum(1.0 - dense, 0.0)
