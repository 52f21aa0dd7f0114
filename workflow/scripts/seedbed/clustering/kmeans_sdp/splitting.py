"""The Peng-Wei program by Douglas-Rachford splitting, started and bounded by a k-means partition."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seedbed.clustering.convex.douglas_rachford import maximise_by_splitting
from seedbed.clustering.convex.fantope import FantopeProjection
from seedbed.clustering.convex.leading_eigenpairs import eigenvalue_sum, largest_eigenpairs
from seedbed.clustering.partitions.memberships import partition_matrix
from seedbed.clustering.partitions.rounding import kmeans_labels

from .bounds import (
    KMeansSDPSolution,
    kmeans_sdp_gap,
    kmeans_sdp_upper_bound,
    repair_kmeans_membership,
    trivial_solution,
)
from .label_certificate import certify_labels


def solve_kmeans_sdp(
    gram: np.ndarray,
    n_clusters: int,
    *,
    tol: float = 1e-4,
    max_iter: int = 2000,
    random_state=None,
    labels: np.ndarray | None = None,
    membership: np.ndarray | None = None,
    relative_gap: Callable[[float, float], float] = kmeans_sdp_gap,
) -> KMeansSDPSolution:
    r"""Solve ``max <A, Z>``, ``Z`` psd, ``Z >= 0``, ``Z 1 = 1``, ``tr Z = K``, to a certified gap.

    Parameters
    ----------
    gram : ndarray of shape (n, n)
        Double-centred Gram matrix, positive semidefinite.
    n_clusters : int
        ``K``, from 1 to ``n``.
    tol : float
        Largest allowed ``(upper - objective) / upper``.
    max_iter : int
    random_state : int, RandomState or None
        For the k-means start.
    labels : ndarray of shape (n,), optional
        A partition to start from in place of k-means; all of 0 .. K-1 occur.
    membership : ndarray of shape (n, n), optional
        A feasible matrix; the result is at least as good.
    relative_gap : callable
        ``relative_gap(lower, upper)`` of values divided by the norm of ``gram``: what ``tol`` is compared with.

    Returns
    -------
    KMeansSDPSolution
        ``converged`` is false if ``max_iter`` came first; the bounds are valid all the same.

    Notes
    -----
    The start is the k-means partition of the leading principal coordinates with the multiplier of
    :mod:`label_certificate`; if the program is tight there, no iteration is needed. The matrix is divided by
    its norm and the penalty is proportional to ``1/n``, so the iterations do not depend on the data's scale.
    ``O(n^3)`` in the worst case per iteration, ``O(n^2 K)`` typically.
    """
    n = len(gram)
    scale = eigenvalue_sum(gram, 1)
    if n_clusters in (1, n) or not scale > 0:
        return trivial_solution(gram, n_clusters)
    normalised = gram / scale
    if labels is None:
        values, vectors = largest_eigenpairs(normalised, n_clusters - 1)
        coordinates = vectors * np.sqrt(np.maximum(values, 0.0))
        labels = kmeans_labels(coordinates, n_clusters, random_state)
    start = partition_matrix(labels)
    upper, multiplier = certify_labels(normalised, labels)
    candidates = [start] if membership is None else [start, membership]
    lower, best = max(((float(np.vdot(normalised, each)), each) for each in candidates), key=lambda pair: pair[0])

    def certify(spectral: np.ndarray, slack: np.ndarray, penalty: float) -> tuple[float, np.ndarray, float]:
        feasible = repair_kmeans_membership(spectral[0], n_clusters)
        bound = kmeans_sdp_upper_bound(normalised, penalty * slack[0], n_clusters)
        return float(np.vdot(normalised, feasible)), feasible[None], bound

    penalty = 1600.0 / n
    result = maximise_by_splitting(
        normalised[None],
        FantopeProjection(n, 1, n_clusters - 1.0, centred=True),
        lambda point: np.maximum(point, 0.0),
        certify,
        relative_gap,
        point=(start - multiplier / penalty)[None],
        penalty=penalty,
        known=(lower, best[None], upper),
        tol=tol,
        max_iter=max_iter,
    )
    return KMeansSDPSolution(
        result.feasible[0],
        result.lower * scale,
        result.upper * scale,
        result.gap,
        result.n_iter,
        result.converged,
    )
