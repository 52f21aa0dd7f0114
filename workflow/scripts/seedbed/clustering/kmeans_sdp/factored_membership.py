"""Membership matrices ``Z = U U'`` that are known by their factor only."""

from __future__ import annotations

import numpy as np

from seedbed.clustering.partitions.lloyd import nearest_centres
from seedbed.clustering.partitions.rounding import kmeans_labels

# k-means of a rounding sees at most so many rows; the others go to the nearest centre.
ROUNDED_ROWS = 20_000


def partition_factor(labels: np.ndarray) -> np.ndarray:
    """``U`` (n, K) with ``U U' = sum_k 1_k 1_k' / n_k``.

    Examples
    --------
    >>> partition_factor(np.array([0, 1, 0, 0, 0])).tolist()[:2]
    [[0.5, 0.0], [0.0, 1.0]]
    """
    sizes = np.bincount(labels)
    factor = np.zeros((len(labels), len(sizes)))
    factor[np.arange(len(labels)), labels] = 1.0 / np.sqrt(sizes[labels])
    return factor


def feasible_factor(factor: np.ndarray, n_clusters: int, labels: np.ndarray, max_iter: int = 100) -> np.ndarray | None:
    r"""Factor of a matrix that is feasible for the Peng-Wei program, near a factor that is nearly so.

    Parameters
    ----------
    factor : ndarray of shape (n, r)
        Nonnegative.
    n_clusters : int
        ``1 < K < n``.
    labels : ndarray of shape (n,)
        A partition into ``K`` clusters.
    max_iter : int

    Returns
    -------
    ndarray of shape (n, r') or None
        ``r' <= r + 2 K``; row sums are 1 to ``1e-12``, the trace is ``K``. None if the scaling does not converge.

    Notes
    -----
    Symmetric Sinkhorn scaling ``d <- sqrt(d / (U U' d))`` gives ``D U U' D`` row sums 1; near the solution it halves
    the error, as ``Z`` has its eigenvalues in [0, 1]. A trace above ``K`` is mended by mixing with ``11'/n``, one
    below by mixing with a partition of twice as many clusters or of all points. ``O(n r)`` per step.
    """
    empty = ~(factor.sum(axis=1) > 0)
    if empty.any():
        factor = factor.copy()
        factor[empty] = 1e-3 * factor[~empty].mean(axis=0)
    weights = np.ones(len(factor))
    for _ in range(max_iter):
        reach = factor @ (factor.T @ weights)
        error = np.abs(weights * reach - 1.0).max()
        if not np.isfinite(error) or error < 1e-13:
            break
        weights = np.sqrt(weights / reach)
    if not error < 1e-12:
        return None
    factor = factor * weights[:, None]
    trace = float(np.vdot(factor, factor))
    if trace >= n_clusters:
        share = (trace - n_clusters) / (trace - 1.0)
        other = np.full((len(factor), 1), 1.0 / np.sqrt(len(factor)))
    else:
        finer = split_clusters(labels)
        other = partition_factor(finer)
        share = (n_clusters - trace) / (other.shape[1] - trace)
    if share == 0.0:
        return factor
    return np.hstack([np.sqrt(1.0 - share) * factor, np.sqrt(share) * other])


def split_clusters(labels: np.ndarray) -> np.ndarray:
    """Every cluster of two points or more in two halves, numbered without gaps.

    Examples
    --------
    >>> split_clusters(np.array([0, 0, 1, 0])).tolist()
    [0, 1, 2, 0]
    """
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels)
    place = np.empty(len(labels), dtype=np.int64)
    place[order] = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.unique(2 * labels + place % 2, return_inverse=True)[1]


def factor_labels(factor: np.ndarray, n_clusters: int, random_state=None) -> np.ndarray:
    """Spectral rounding of ``U U'``: k-means of the rows of the ``K`` leading left singular vectors of ``U``.

    Parameters
    ----------
    factor : ndarray of shape (n, r)
    n_clusters : int
    random_state : int, RandomState or None

    Returns
    -------
    ndarray of shape (n,)
        Every label in 0 .. K-1 occurs.

    Notes
    -----
    ``O(n r^2)``. Beyond 20,000 rows k-means works on evenly spaced ones, and the others join the nearest centre.
    """
    values, axes = np.linalg.eigh(factor.T @ factor)
    kept = values[-n_clusters:] > 1e-12 * values[-1]
    rows = factor @ (axes[:, -n_clusters:][:, kept] / np.sqrt(values[-n_clusters:][kept]))
    if len(rows) <= ROUNDED_ROWS:
        return kmeans_labels(rows, n_clusters, random_state)
    drawn = np.linspace(0, len(rows) - 1, ROUNDED_ROWS).astype(int)
    labels = kmeans_labels(rows[drawn], n_clusters, random_state)
    centres = np.stack([rows[drawn][labels == k].mean(axis=0) for k in range(n_clusters)])
    found = nearest_centres(rows, centres)
    found[drawn] = labels  # keeps every cluster nonempty
    return found
