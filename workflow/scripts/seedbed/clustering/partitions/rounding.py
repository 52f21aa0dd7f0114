"""From membership matrices to labels: spectral rounding, and matching of labels to blocks."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from seedbed.clustering.convex.leading_eigenpairs import largest_eigenpairs


def nonempty_labels(labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """Relabel so that all of 0 .. K-1 occur: an empty cluster takes a point from the largest one."""
    labels = np.array(labels, dtype=np.int64)
    counts = np.bincount(labels, minlength=n_clusters)
    for empty in np.flatnonzero(counts == 0):
        donor = int(np.argmax(counts))
        labels[np.flatnonzero(labels == donor)[-1]] = empty
        counts[donor] -= 1
        counts[empty] = 1
    return labels


def kmeans_labels(points: np.ndarray, n_clusters: int, random_state=None, n_init: int = 10) -> np.ndarray:
    """Lloyd's algorithm from ``n_init`` k-means++ starts, with no empty cluster even among duplicates."""
    with warnings.catch_warnings():
        # Fewer distinct points than clusters is legal here; the empty clusters are filled below.
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels = KMeans(n_clusters, n_init=n_init, random_state=random_state).fit_predict(points)
    return nonempty_labels(labels, n_clusters)


def spectral_rounding(membership: np.ndarray, n_clusters: int, random_state=None) -> np.ndarray:
    """Labels from the leading eigenvectors of a membership matrix.

    Parameters
    ----------
    membership : ndarray of shape (n, n)
        Symmetric, e.g. the optimum of the Peng-Wei program or the sum of the blocks of LA-SDP.
    n_clusters : int
    random_state : int, RandomState or None
        For the k-means starts.

    Returns
    -------
    ndarray of shape (n,)
        Every label in 0 .. K-1 occurs.

    Notes
    -----
    The rows of the top-K eigenvectors are clustered by k-means; for the matrix of a partition they are
    K distinct points, so the partition is returned. ``O(n^3)``.
    """
    n = len(membership)
    if n_clusters == 1:
        return np.zeros(n, dtype=np.int64)
    if n_clusters == n:
        return np.arange(n)
    _, vectors = largest_eigenpairs(membership, n_clusters)
    return kmeans_labels(vectors, n_clusters, random_state)


def match_labels(labels: np.ndarray, affinity: np.ndarray) -> np.ndarray:
    """Rename the clusters so that cluster ``k`` is the one to which column ``k`` gives most.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        Values in 0 .. K-1.
    affinity : ndarray of shape (n, K)
        How much point ``i`` belongs to block ``k``, e.g. row sums of the blocks, or one-hot old labels.

    Returns
    -------
    ndarray of shape (n,)
        The same partition; the sum of ``affinity[i, labels[i]]`` is maximal over all renamings
        (Hungarian algorithm, ``O(n K + K^3)``).
    """
    n_clusters = affinity.shape[1]
    gain = (labels[:, None] == np.arange(n_clusters)).T.astype(float) @ affinity
    old, new = linear_sum_assignment(-gain)
    renamed = np.empty(n_clusters, dtype=np.int64)
    renamed[old] = new
    return renamed[labels]
