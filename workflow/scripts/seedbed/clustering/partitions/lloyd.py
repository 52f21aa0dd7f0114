"""Lloyd's iteration from given centres, for many points."""

from __future__ import annotations

import numpy as np

from .rounding import nonempty_labels

BLOCK = 65536


def lloyd_labels(points: np.ndarray, centres: np.ndarray, max_iter: int = 50) -> np.ndarray:
    """Labels at which Lloyd's iteration stands still, or after ``max_iter`` steps.

    Parameters
    ----------
    points : ndarray of shape (n, p)
    centres : ndarray of shape (K, p)
    max_iter : int

    Returns
    -------
    ndarray of shape (n,)
        Every label in 0 .. K-1 occurs.

    Notes
    -----
    ``O(n K p)`` per step; beside the labels only blocks of rows are in memory.
    """
    labels = np.full(len(points), -1)
    for _ in range(max_iter):
        new = nonempty_labels(nearest_centres(points, centres), len(centres))
        if np.array_equal(new, labels):
            break
        labels = new
        centres = cluster_sums(points, labels, len(centres)) / np.bincount(labels)[:, None]
    return labels


def nearest_centres(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Index of the nearest centre of every point."""
    offsets = 0.5 * np.einsum("kp,kp->k", centres, centres)
    blocks = (points[start : start + BLOCK] for start in range(0, len(points), BLOCK))
    return np.concatenate([np.argmax(block @ centres.T - offsets, axis=1) for block in blocks])


def cluster_sums(points: np.ndarray, labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """Sum of the points of each cluster, shape (K, p)."""
    sums = np.zeros((n_clusters, points.shape[1]))
    for start in range(0, len(points), BLOCK):
        indicator = labels[start : start + BLOCK, None] == np.arange(n_clusters)
        sums += indicator.T.astype(float) @ points[start : start + BLOCK]
    return sums


def partition_objective(points: np.ndarray, labels: np.ndarray, n_clusters: int) -> float:
    """``<A, Z>`` of a partition of centred points: the between-cluster sum of squares."""
    sums = cluster_sums(points, labels, n_clusters)
    return float((np.square(sums).sum(axis=1) / np.bincount(labels, minlength=n_clusters)).sum())
