"""Our solvers against cvxpy with SCS, at equal or better certified gap.

Every case is one instance from a fixed seed; nothing about the instance is known to a contender but the data.
The clock runs from the data to the solver's primal and dual matrices, so cvxpy's compilation counts, as it
does for a user; imports do not. All contenders are then certified by the same routine, which takes the best of
what their matrices allow: the repaired membership or the partition it rounds to as the lower bound, and the
upper bound of their own multiplier of ``Z >= 0``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from seedbed.clustering.kmeans_sdp.bounds import kmeans_sdp_gap
from seedbed.clustering.kmeans_sdp.conic import certify_kmeans_pair, conic_kmeans_pair
from seedbed.clustering.kmeans_sdp.gram import centred_gram
from seedbed.clustering.kmeans_sdp.splitting import solve_kmeans_sdp
from seedbed.clustering.likelihood_sdp.affinity import likelihood_affinities
from seedbed.clustering.likelihood_sdp.bounds import improvement_gap
from seedbed.clustering.likelihood_sdp.conic import certify_likelihood_triple, conic_likelihood_triple
from seedbed.clustering.likelihood_sdp.splitting import solve_likelihood_sdp
from seedbed.clustering.partitions.memberships import hard_memberships, partition_matrix
from seedbed.clustering.partitions.rounding import match_labels, spectral_rounding
from seedbed.core.study import Case

from .at_scale import CASES_AT_SCALE
from .instances import Instance, draw_instance

GAP = "certified relative gap"


@dataclass(frozen=True)
class Bounds:
    """Certified bounds that a contender has computed itself."""

    lower: float
    upper: float


def kmeans_case(
    n_samples: int, n_clusters: int, n_features: int, separation: float, tol: float, target: float, tight_peer: bool
) -> Case:
    """The Peng-Wei program on one instance."""

    def ours(instance: Instance) -> Bounds:
        solution = solve_kmeans_sdp(centred_gram(instance.points), instance.n_clusters, tol=tol, random_state=0)
        return Bounds(solution.objective, solution.upper)

    def peer(options: dict[str, float]) -> Callable[[Instance], Any]:
        return lambda instance: conic_kmeans_pair(centred_gram(instance.points), instance.n_clusters, "SCS", options)

    contenders: dict[str, Callable[[Instance], Any]] = {"admm": ours, "cvxpy+SCS": peer({})}
    if tight_peer:
        contenders["cvxpy+SCS 1e-6"] = peer({"eps_abs": 1e-6, "eps_rel": 1e-6})
    return Case(
        name=f"kmeans_sdp_{n_samples}",
        problem=lambda: draw_instance(n_samples, n_clusters, n_features, separation),
        contenders=contenders,
        accuracy=kmeans_accuracy,
        accuracy_label=GAP,
        peer="cvxpy+SCS",
        target=target,
    )


def kmeans_accuracy(instance: Instance, result: Any) -> float:
    """Certified relative gap of our bounds, or of a conic solver's pair."""
    if isinstance(result, Bounds):
        return kmeans_sdp_gap(result.lower, result.upper)
    gram = centred_gram(instance.points)
    membership, multiplier, _ = result
    certified = certify_kmeans_pair(gram, instance.n_clusters, membership, multiplier)
    labels = spectral_rounding(certified.membership, instance.n_clusters, 0)
    partition = float(np.vdot(gram, partition_matrix(labels)))
    return kmeans_sdp_gap(max(certified.objective, partition), certified.upper)


def likelihood_case(
    n_samples: int, n_clusters: int, n_features: int, separation: float, tol: float, target: float
) -> Case:
    """LA-SDP with the true covariances on one instance."""

    def ours(instance: Instance) -> Bounds:
        solution, _ = solve_likelihood_sdp(_true_affinities(instance), tol=tol)
        return Bounds(solution.objective, solution.upper)

    return Case(
        name=f"likelihood_sdp_{n_samples}",
        problem=lambda: draw_instance(n_samples, n_clusters, n_features, separation, condition=10.0),
        contenders={
            "admm": ours,
            "cvxpy+SCS": lambda instance: conic_likelihood_triple(_true_affinities(instance), "each", "SCS"),
        },
        accuracy=likelihood_accuracy,
        accuracy_label=GAP,
        peer="cvxpy+SCS",
        target=target,
    )


def _true_affinities(instance: Instance) -> np.ndarray:
    assert instance.covariances is not None  # drawn with a condition
    return likelihood_affinities(instance.points, instance.covariances)


def likelihood_accuracy(instance: Instance, result: Any) -> float:
    """Certified gap relative to the gain over the uninformative membership."""
    affinities = _true_affinities(instance)
    if isinstance(result, Bounds):
        return improvement_gap(affinities, result.lower, result.upper)
    memberships, multipliers, row_dual, _ = result
    certified = certify_likelihood_triple(affinities, memberships, multipliers, row_dual)
    labels = spectral_rounding(certified.memberships.sum(axis=0), instance.n_clusters, 0)
    labels = match_labels(labels, certified.memberships.sum(axis=2).T)
    partition = float(np.vdot(affinities, hard_memberships(labels, instance.n_clusters)))
    return improvement_gap(affinities, max(certified.objective, partition), certified.upper)


# ``tol`` is just below the gap that cvxpy+SCS reaches on the same instance at its default accuracy.
CASES: tuple[Case, ...] = (
    kmeans_case(200, 4, 10, 6.0, tol=5e-7, target=8.0, tight_peer=True),
    kmeans_case(300, 4, 20, 6.0, tol=3e-5, target=4.0, tight_peer=False),
    kmeans_case(500, 4, 20, 8.5, tol=1e-9, target=4.0, tight_peer=False),
    likelihood_case(120, 3, 4, 5.0, tol=1e-4, target=3.0),
    *CASES_AT_SCALE,
)
