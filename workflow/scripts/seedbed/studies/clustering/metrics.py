"""Metrics of a clustering: ``metric(data, fit) -> float``, NaN where it is undefined."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix

from seedbed.clustering.partitions.internal_criteria import agreement, silhouettes

Arrays = Mapping[str, np.ndarray]


def misclustering_error(data: Arrays, fit: Arrays) -> float:
    r"""Share of points in the wrong cluster under the best one-to-one matching of clusters to classes.

    .. math:: 1 - \frac1n \max_{\pi} \sum_k N_{k, \pi(k)}

    with :math:`N` the table of counts of class and cluster, and :math:`\pi` over the one-to-one matchings
    (Hungarian algorithm); points of clusters or classes left without a partner count as wrong.
    """
    if "labels" not in data:
        return np.nan
    counts = contingency_matrix(data["labels"], fit["labels"])
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return float(1 - counts[rows, columns].sum() / counts.sum())


def adjusted_rand_index(data: Arrays, fit: Arrays) -> float:
    r"""Agreement of the pairs of points, adjusted for chance.

    .. math:: \frac{R - \mathbb E R}{\max R - \mathbb E R},

    with :math:`R` the number of pairs that both partitions join (Hubert and Arabie 1985); 1 for equal
    partitions, about 0 for random ones.
    """
    return float(adjusted_rand_score(data["labels"], fit["labels"])) if "labels" in data else np.nan


def adjusted_mutual_information(data: Arrays, fit: Arrays) -> float:
    r"""Mutual information of the two partitions, adjusted for chance.

    .. math:: \frac{I(U, V) - \mathbb E I}{\frac12 (H(U) + H(V)) - \mathbb E I}

    (Vinh, Epps and Bailey 2010, arithmetic mean); 1 for equal partitions, about 0 for random ones.
    """
    return float(adjusted_mutual_info_score(data["labels"], fit["labels"])) if "labels" in data else np.nan


def stability(data: Arrays, fit: Arrays, before: tuple[Arrays, Arrays] | None = None) -> float:
    """Adjusted Rand index of the labels with those of the replicate before, on the rows that both samples have.

    NaN where the truth is known, of the first replicate, and where the method gave the replicate before no labels.
    """
    if "labels" in data or before is None or "rows" not in data:
        return np.nan
    return agreement((data["rows"], fit["labels"]), (before[0]["rows"], before[1]["labels"]))


def silhouette(data: Arrays, fit: Arrays) -> float:
    """Mean silhouette of the rows, by Euclidean distances of the features as methods see them."""
    return np.nan if "labels" in data else float(silhouettes(data["X"], fit["labels"]).mean())


def silhouette_gap(data: Arrays, fit: Arrays) -> float:
    """The silhouette less that of the same method on rows of the same spread without clusters.

    About 0 where the clusters stand apart no better than what the method makes of nothing.
    """
    if "X_reference" not in data or "labels_reference" not in fit:
        return np.nan
    return silhouette(data, fit) - float(silhouettes(data["X_reference"], fit["labels_reference"]).mean())


def within_cluster_sum_of_squares(data: Arrays, fit: Arrays) -> float:
    r"""The k-means objective :math:`\sum_k \sum_{i \in C_k} \lVert x_i - \bar x_k \rVert^2`."""
    points, labels = data["X"], fit["labels"]
    clusters = (points[labels == label] for label in np.unique(labels))
    return float(sum(((cluster - cluster.mean(axis=0)) ** 2).sum() for cluster in clusters))


def log_likelihood(data: Arrays, fit: Arrays, floor: float = 1e-6) -> float:
    r"""Gaussian log-likelihood per point of the hard partition, each cluster at its own estimates.

    .. math::

        -\frac p2 (1 + \log 2\pi) - \frac1{2n} \sum_k n_k \log\det \hat\Sigma_k, \qquad
        \hat\Sigma_k = \frac1{n_k} \sum_{i \in C_k} (x_i - \bar x_k)(x_i - \bar x_k)^\top,

    the maximum over means and covariances of the classification likelihood without mixing weights, in nats.
    Eigenvalues of :math:`\hat\Sigma_k` relative to the covariance of all points are floored at ``floor`` in
    the determinant, so that a nearly flat cluster cannot make the value unbounded. NaN where the likelihood
    has no maximum: a cluster of at most p points, or data on a flat.
    """
    points, labels = data["X"], fit["labels"]
    n_points, size = points.shape
    clusters, counts = np.unique(labels, return_counts=True)
    deviations = points.std(axis=0)
    if counts.min() <= size or not deviations.all():
        return np.nan
    scaled = (points - points.mean(axis=0)) / deviations  # else the rank would depend on the features' units
    if np.linalg.matrix_rank(scaled) < size:
        return np.nan
    root = np.linalg.cholesky(scaled.T @ scaled / n_points)
    whitened = np.linalg.solve(root, scaled.T).T
    total = 2 * np.log(np.diag(root) * deviations).sum()
    log_dets = []
    for cluster in clusters:
        covariance = np.cov(whitened[labels == cluster].T, bias=True).reshape(size, size)
        log_dets.append(total + np.log(np.maximum(np.linalg.eigvalsh(covariance), floor)).sum())
    return float(-0.5 * size * (1 + np.log(2 * np.pi)) - 0.5 * np.dot(counts, log_dets) / n_points)


def certified_gap(data: Arrays, fit: Arrays) -> float:
    r"""Certified relative gap of a semidefinite program's solution.

    .. math:: \frac{\text{upper bound} - \text{objective}}{\lvert\text{upper bound}\rvert}

    as the method reports it; NaN for a method without a certificate. For iLA-SDP it is the gap of the last
    semidefinite program, at fixed covariances: nothing certifies the joint problem.
    """
    return float(fit["gap"]) if "gap" in fit and np.ndim(fit["gap"]) == 0 else np.nan
