r"""Ward's method from distances.

Merging the clusters a and b with the smallest :math:`\frac{n_a n_b}{n_a + n_b} (m_a - m_b)^\top H (m_a - m_b)`, m the
indicators of the clusters over their sizes, is Lance and Williams' form of Ward's method on :math:`\sqrt{2 D}`, D half
the squared distances in the space of the kernel H: :math:`O(n^2)` in place of :math:`O(n^3)`.
"""

from __future__ import annotations

import numpy as np

from .merges import ward_merges


def finite_distances(distances: np.ndarray) -> np.ndarray:
    """Symmetric, nonnegative, and finite: what is infinite becomes larger than all merges within can cost together.

    Clusters of different components are then merged last, the smallest first.
    """
    distances = 0.5 * distances  # before the sum, which could overflow
    distances = distances + distances.T
    np.maximum(distances, 0.0, out=distances)
    np.fill_diagonal(distances, 0.0)
    if distances.max(initial=0.0) == np.inf:
        distances[np.isinf(distances)] = beyond_merges(distances)
    return distances


def beyond_merges(distances: np.ndarray) -> float:
    """A distance that is larger than what all merges at the finite ones can cost together."""
    largest = distances[np.isfinite(distances)].max(initial=0.0)
    return 2.0 * len(distances) * (largest if largest > 0.0 else 1.0)


def power_of_two(size: float) -> float:
    """The largest that is not above ``size``: dividing by it and multiplying again changes no digit."""
    return 2.0 ** float(np.frexp(size)[1] - 1)


def ward_tree(distances: np.ndarray, ward_input: str = "kernel") -> np.ndarray:
    """The merges of Ward's method, as :func:`scipy.cluster.hierarchy.linkage` writes them.

    Parameters
    ----------
    distances : ndarray of shape (n, n)
        ``D``, half the squared distances; what is negative counts as zero.
    ward_input : {"kernel", "distance"}
        Whether sqrt(2 D) is the distance, which is Ward's method in the kernel's space, or D itself, another method.

    Returns
    -------
    ndarray of shape (n - 1, 4)
    """
    apart = finite_distances(distances)
    if len(apart) < 2:
        return np.empty((0, 4))
    unit = power_of_two(np.sqrt(apart.max()))
    apart /= unit * unit  # squares of very large and very small numbers overflow and vanish
    if ward_input == "kernel":
        apart *= 2.0
        np.sqrt(apart, out=apart)
    tree = ward_merges(apart)
    tree[:, 2] *= unit if ward_input == "kernel" else unit * unit
    return tree


def cut_tree(tree: np.ndarray, n_clusters: int) -> np.ndarray:
    """Labels of the clusters that are left when ``n - n_clusters`` merges have been made; exactly so many.

    Labels are numbered by the first members of the clusters.
    """
    n = len(tree) + 1
    owner, made = np.arange(2 * n - 1), max(n - n_clusters, 0)
    owner[tree[:made, :2].astype(np.int64)] = np.arange(n, n + made)[:, None]
    while not np.array_equal(owner, above := owner[owner]):  # twice as high with every step
        owner = above
    return numbered(owner[:n])


def numbered(labels: np.ndarray) -> np.ndarray:
    """The same partition with labels from 0, in the order of the first members."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def weighted_ward(centres: np.ndarray, weights: np.ndarray, n_clusters: int) -> np.ndarray:
    """Ward's method on points with weights: clusters of clusters.

    Parameters
    ----------
    centres : ndarray of shape (m, p)
    weights : ndarray of shape (m,)
    n_clusters : int

    Returns
    -------
    ndarray of shape (m,)

    Notes
    -----
    ``O(m^2 p + m^2)``, for a few hundred points: the nearest partner of each cluster is kept.
    """
    centres, weights = centres.copy(), weights.astype(float)
    m = len(centres)
    labels, alive = np.arange(m), np.ones(m, bool)
    costs = _merge_costs(centres, weights)
    partner = costs.argmin(axis=1)
    best = costs[np.arange(m), partner]
    for _ in range(m - n_clusters):
        i = int(best.argmin())
        j = int(partner[i])
        total = weights[i] + weights[j]
        centres[i] = (weights[i] * centres[i] + weights[j] * centres[j]) / total
        weights[i], alive[j] = total, False
        labels[labels == j] = i
        row = ((centres - centres[i]) ** 2).sum(axis=1) * weights * total / (weights + total)
        row[~alive] = row[i] = np.inf
        costs[j], costs[:, j], best[j] = np.inf, np.inf, np.inf
        costs[i], costs[:, i] = row, row
        stale = alive & ((partner == i) | (partner == j) | (row < best))
        stale[i] = True
        places = np.flatnonzero(stale)
        partner[places] = costs[places].argmin(axis=1)
        best[places] = costs[places, partner[places]]
    return numbered(labels)


def _merge_costs(centres: np.ndarray, weights: np.ndarray) -> np.ndarray:
    squares = (centres**2).sum(axis=1)
    distances = np.maximum(squares[:, None] + squares - 2.0 * centres @ centres.T, 0.0)
    costs = distances * (weights[:, None] * weights / (weights[:, None] + weights))
    np.fill_diagonal(costs, np.inf)
    return costs
