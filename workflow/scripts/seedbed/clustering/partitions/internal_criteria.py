"""What can be said of a partition where no truth is known: how far its clusters stand apart, and if it comes again.

None of these is what a method of the studies maximises. Libraries are imported where they are used: generators of own
tables need one of the three when a run is planned.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

MOST_COMPARED = 4000  # rows that every row is compared with; of more, evenly spaced ones of each cluster
_CHUNK = 2**22  # distances that are held at a time


def silhouettes(
    X: np.ndarray,
    labels: np.ndarray,
    metric: Literal["euclidean", "cosine"] = "euclidean",
    most: int = MOST_COMPARED,
) -> np.ndarray:
    r"""The silhouette of every row (Rousseeuw 1987).

    .. math:: s_i = \frac{b_i - a_i}{\max(a_i, b_i)}

    with :math:`a_i` the mean distance of row i from the others of its cluster, and :math:`b_i` the smallest of its mean
    distances from other clusters; 0 for a row that is alone in its cluster.

    Parameters
    ----------
    X : ndarray of shape (n, p)
    labels : ndarray of shape (n,)
    metric : {"euclidean", "cosine"}
    most : int
        Rows that every row is compared with.

    Returns
    -------
    ndarray of shape (n,)
        In [-1, 1]; NaN throughout if there is one cluster.

    Notes
    -----
    ``O(n min(n, most) p)``. P. J. Rousseeuw (1987). Silhouettes: a graphical aid to the interpretation and validation
    of cluster analysis. Journal of Computational and Applied Mathematics 20, 53-65.
    """
    from scipy.spatial.distance import cdist

    clusters, codes = np.unique(labels, return_inverse=True)
    if len(clusters) < 2:
        return np.full(len(X), np.nan)
    compared = _compared(codes, most)
    members = np.eye(len(clusters))[codes[compared]]
    sizes = members.sum(axis=0)
    is_compared = np.zeros(len(X), bool)
    is_compared[compared] = True
    result = np.empty(len(X))
    for rows in np.array_split(np.arange(len(X)), 1 + len(X) * len(compared) // _CHUNK):
        sums = cdist(X[rows], X[compared], metric) @ members
        own = codes[rows], np.arange(len(rows))
        others = sizes[own[0]] - is_compared[rows]
        within = sums[own[1], own[0]] / np.maximum(others, 1)
        means = sums / sizes
        means[own[1], own[0]] = np.inf
        between = means.min(axis=1)
        largest = np.where(others > 0, np.maximum(within, between), 0.0)
        result[rows] = (between - within) * (largest > 0) / np.where(largest > 0, largest, 1.0)
    return result


def _compared(codes: np.ndarray, most: int) -> np.ndarray:
    if len(codes) <= most:
        return np.arange(len(codes))
    parts = []
    for code in range(codes.max() + 1):
        rows = np.flatnonzero(codes == code)
        number = max(1, round(most * len(rows) / len(codes)))
        parts.append(rows[np.linspace(0, len(rows) - 1, number).astype(int)])
    return np.sort(np.concatenate(parts))


def agreement(first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]) -> float:
    """Adjusted Rand index of two partitions of overlapping samples, on the rows that both have.

    Parameters
    ----------
    first, second : (rows, labels)
        The numbers of the rows, each once, and their labels.

    Returns
    -------
    float
        1 for the same partition, about 0 for two that have nothing in common; NaN below two common rows.
    """
    from sklearn.metrics import adjusted_rand_score

    (rows, labels), (other_rows, other_labels) = first, second
    _, here, there = np.intersect1d(rows, other_rows, return_indices=True)
    return float(adjusted_rand_score(labels[here], other_labels[there])) if len(here) > 1 else np.nan


def without_clusters(rng: np.random.Generator, X: np.ndarray) -> np.ndarray:
    r"""Rows drawn uniformly from the box of the data along their principal axes (Tibshirani, Walther and Hastie 2001).

    .. math:: X^* = \bar X + Z V^\top, \qquad Z_{ij} \sim U(\min_i (X V)_{ij}, \max_i (X V)_{ij})

    with :math:`V` the right singular vectors of the centred data: the reference has the spread and the directions of
    the data, and no clusters.

    Parameters
    ----------
    rng : numpy.random.Generator
    X : ndarray of shape (n, p)

    Returns
    -------
    ndarray of shape (n, p)

    Notes
    -----
    ``O(n p min(n, p))``. R. Tibshirani, G. Walther, T. Hastie (2001). Estimating the number of clusters in a data set
    via the gap statistic. Journal of the Royal Statistical Society B 63, 411-423; their reference (b).
    """
    centre = X.mean(axis=0)
    axes = np.linalg.svd(X - centre, full_matrices=False)[2]
    scores = (X - centre) @ axes.T
    low, high = scores.min(axis=0), scores.max(axis=0)
    return centre + rng.uniform(low, high, scores.shape) @ axes
