"""The Peng-Wei program by whatever is needed: partition, certificate, low rank, and splitting last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.clustering.partitions.rounding import spectral_rounding

from .bounds import kmeans_sdp_gap
from .gram import centred_gram
from .low_rank import LowRankSolution, solve_kmeans_sdp_low_rank
from .splitting import solve_kmeans_sdp

# The splitting needs about 30 arrays (n, n): one gigabyte here.
DENSE_LIMIT = 2000


@dataclass
class LadderSolution:
    """As much of a solution as there is at its size: ``membership`` (n, n), or a ``factor`` of it."""

    labels: np.ndarray
    objective: float
    upper: float
    gap: float
    n_iter: int
    converged: bool
    path: list[str]
    factor: np.ndarray | None = None
    membership: np.ndarray | None = None


def solve_by_ladder(
    points: np.ndarray,
    n_clusters: int,
    *,
    rank: int | None,
    n_init: int,
    tol: float,
    max_iter: int,
    random_state: np.random.RandomState,
    dense: bool,
) -> LadderSolution:
    """Low rank with its certificate; then the splitting method, if the gap is above ``tol`` and ``n`` allows.

    Parameters
    ----------
    points : ndarray of shape (n, p)
    n_clusters, rank, n_init, tol, max_iter, random_state
        As for :func:`solve_kmeans_sdp_low_rank`.
    dense : bool
        Whether the splitting method may be used, up to ``DENSE_LIMIT`` points.

    Returns
    -------
    LadderSolution
        With ``membership`` if the splitting ran, with ``factor`` otherwise.
    """
    first = solve_kmeans_sdp_low_rank(
        points, n_clusters, rank=rank, n_init=n_init, tol=tol, max_iter=max_iter, random_state=random_state
    )
    if first.converged or not dense:
        return _from_low_rank(first)
    if len(points) > DENSE_LIMIT:
        first.path.append(f"no splitting: more than {DENSE_LIMIT} points")
        return _from_low_rank(first)
    second = solve_kmeans_sdp(
        centred_gram(points),
        n_clusters,
        tol=tol,
        max_iter=max_iter,
        labels=first.partition,
        membership=first.factor @ first.factor.T,
    )
    upper = max(min(first.upper, second.upper), second.objective)
    gap = kmeans_sdp_gap(second.objective, upper)
    return LadderSolution(
        spectral_rounding(second.membership, n_clusters, random_state),
        second.objective,
        upper,
        gap,
        first.n_iter + second.n_iter,
        gap <= tol,
        [*first.path, f"splitting: {second.n_iter} iterations, gap {gap:.1e}"],
        membership=second.membership,
    )


def _from_low_rank(found: LowRankSolution) -> LadderSolution:
    return LadderSolution(
        found.labels,
        found.objective,
        found.upper,
        found.gap,
        found.n_iter,
        found.converged,
        found.path,
        factor=found.factor,
    )


def describe(gap: float, labels_gap: float, tol: float, solver: str, n_samples: int) -> str:
    """In plain words: what is proved, and what to do where that is less than was asked for.

    ``labels_gap`` is the share of the upper bound by which the labels' partition falls short of it.
    """
    if gap <= tol:
        proved = (
            f"Certified: no feasible matrix, hence no partition, exceeds objective_ by more than a share of "
            f"{gap:.1e} of upper_bound_"
        )
        if labels_gap <= tol:
            return f"{proved}; nor what labels_ attain, by more than {labels_gap:.1e}."
        return (
            f"{proved}. But labels_, rounded from it, fall short of upper_bound_ by a share of {labels_gap:.1e}: "
            "unless there is a better partition, the program is not tight, its optimum is no partition."
        )
    if solver in ("admm", "cvxpy"):
        return (
            f"KMeansSDP stopped at a certified relative gap of {gap:.1e} > tol={tol:.1e}. "
            "The bounds are valid; increase max_iter or tol."
        )
    if solver == "low_rank":
        remedy = "solver='auto' goes on with the splitting method" if n_samples <= DENSE_LIMIT else "increase tol"
    elif n_samples <= DENSE_LIMIT:
        remedy = "increase max_iter or tol"
    else:
        remedy = f"the splitting method, which could tell, is limited to {DENSE_LIMIT} points"
    return (
        f"Not certified: a relative gap of {gap:.1e} > tol={tol:.1e} is left. The bounds are valid, but the program "
        f"is not proved tight: its optimum may be no partition, or a better partition may exist; {remedy}."
    )
