"""Certificates for the Peng-Wei program: an upper bound from any multiplier, a feasible point from any Z."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.clustering.convex.leading_eigenpairs import double_centre, eigenvalue_sum
from seedbed.clustering.partitions.memberships import partition_matrix


@dataclass
class KMeansSDPSolution:
    """A feasible ``membership`` with its ``objective``, and a valid ``upper`` bound on the optimum."""

    membership: np.ndarray
    objective: float
    upper: float
    gap: float
    n_iter: int
    converged: bool


def kmeans_sdp_upper_bound(gram: np.ndarray, multiplier: np.ndarray, n_clusters: int) -> float:
    r"""Upper bound on the Peng-Wei program from any entrywise nonnegative matrix.

    .. math:: \langle A, Z\rangle \le \tfrac1n 1^\top (A+N) 1
        + \sum_{i=1}^{K-1} \lambda_i\bigl(P(A+N)P|_{1^\perp}\bigr), \qquad P = I - 11^\top/n .

    Parameters
    ----------
    gram : ndarray of shape (n, n)
        Symmetric ``A``.
    multiplier : ndarray of shape (n, n)
        Symmetric ``N >= 0``; negative entries are set to 0.
    n_clusters : int

    Returns
    -------
    float

    Notes
    -----
    Since ``Z >= 0``, ``<A, Z> <= <A + N, Z>``. A feasible ``Z`` is ``11'/n + W`` with ``W`` on the complement
    of the ones, ``0 <= W <= I`` and trace ``K - 1``; Ky Fan's theorem bounds the rest. The minimum over ``N``
    is the optimum of the program. ``O(n^3)``.
    """
    shifted = gram + np.maximum(multiplier, 0.0)
    n = len(gram)
    mean_part = float(shifted.sum()) / n
    centred = double_centre(shifted)
    # The vector of ones must not be among the largest: its eigenvalue goes below all others.
    centred -= (np.linalg.norm(centred) + np.finfo(float).tiny) / n
    return mean_part + eigenvalue_sum(centred, n_clusters - 1)


def repair_kmeans_membership(membership: np.ndarray, n_clusters: int) -> np.ndarray:
    r"""Exactly feasible matrix near one that only lacks nonnegativity.

    Parameters
    ----------
    membership : ndarray of shape (n, n)
        Positive semidefinite with row sums 1 and trace ``K``.
    n_clusters : int

    Returns
    -------
    ndarray of shape (n, n)
        ``(1 - e) Z + e E`` with the strictly positive feasible
        :math:`E = \frac{n-K}{n(n-1)} 11^\top + \frac{K-1}{n-1} I` and the smallest ``e`` that suffices.
    """
    n = len(membership)
    membership = 0.5 * (membership + membership.T)
    off_diagonal = (n - n_clusters) / (n * (n - 1.0))
    deficit = max(0.0, -float(membership.min()))
    if deficit == 0.0:
        return membership
    share = deficit / (deficit + off_diagonal)
    repaired = (1.0 - share) * membership + share * off_diagonal
    repaired[np.diag_indices(n)] += share * (n_clusters - 1.0) / (n - 1.0)
    return np.maximum(repaired, 0.0)


def kmeans_sdp_gap(lower: float, upper: float) -> float:
    """Certified gap relative to the upper bound."""
    # Rounding can put the bound a few ulps below a feasible value; the gap of an exact solution is 0.
    return max(upper - lower, 0.0) / max(abs(upper), np.finfo(float).tiny)


def trivial_solution(gram: np.ndarray, n_clusters: int) -> KMeansSDPSolution:
    """The answer where no iteration is needed: one cluster, as many clusters as points, or equal points."""
    n = len(gram)
    membership = partition_matrix(np.arange(n) % n_clusters)
    value = float(np.trace(gram)) if n_clusters == n else 0.0
    return KMeansSDPSolution(membership, value, value, 0.0, 0, True)
