"""Partitions as candidates for the likelihood-adjusted program, and what tells their clusters apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seedbed.clustering.partitions.memberships import hard_memberships

from .bounds import LikelihoodSDPSolution

_MAX_ITERATIONS = 100
_ROUNDING = 1e-9  # of the objective: what is no more than this better is not better


def with_partitions(
    solution: LikelihoodSDPSolution, affinities: np.ndarray, labels: np.ndarray, tol: float
) -> tuple[LikelihoodSDPSolution, np.ndarray]:
    """The best of the solver's membership, a rounded partition, and where Lloyd's algorithm leads from there.

    Partitions are feasible. Where one of them is better than what the solver has found, it is the solution; where that
    takes Lloyd's algorithm, the labels are its own.
    """
    value, better = partition_value(affinities, labels), improved_partition(affinities, labels)
    reached = partition_value(affinities, better)
    known = max(value, solution.objective)
    if reached > known + _ROUNDING * abs(known):
        labels, value = better, reached
    if value <= solution.objective:
        return solution, labels
    left, before = max(solution.upper - value, 0.0), solution.upper - solution.objective
    gap = solution.gap * (left / before) if before > 0 else solution.gap
    return (
        replace(
            solution,
            memberships=hard_memberships(labels, len(affinities)),
            objective=value,
            upper=max(solution.upper, value),
            gap=gap,
            converged=solution.converged or gap <= tol,
        ),
        labels,
    )


def partition_value(affinities: np.ndarray, labels: np.ndarray) -> float:
    """``sum_k <A_k, Z_k>`` of a partition, without its matrices; ``O(n^2)``."""
    return float(np.sum(np.diagonal(_block_sums(affinities, labels)[1], axis1=1, axis2=2).diagonal()))


def improved_partition(affinities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    r"""Lloyd's algorithm on the affinities, from a partition with no empty cluster.

    Point i goes to the cluster with the largest :math:`A_k[i,\cdot] h_k / n_k - h_k^\top A_k h_k / (2 n_k^2)`, its
    log-density there up to a constant. The objective never falls; it ends where nothing moves, or where a cluster
    would be empty. ``O(K n^2)`` per iteration.
    """
    clusters = len(affinities)
    for _ in range(_MAX_ITERATIONS):
        indicators, within = _block_sums(affinities, labels)
        means = indicators / indicators.sum(axis=1, keepdims=True)
        spread = np.array([within[k, k, k] / indicators[k].sum() for k in range(clusters)])
        scores = (affinities @ means[:, :, None])[:, :, 0].T - 0.5 * spread
        moved = np.where(scores.max(axis=1) > scores[np.arange(len(labels)), labels], scores.argmax(axis=1), labels)
        if (moved == labels).all() or not np.bincount(moved, minlength=clusters).all():
            break
        labels = moved
    return labels


def merging_loss(affinities: np.ndarray, labels: np.ndarray) -> float:
    """What the objective loses if the two clusters are made one for which that is least; inf for a single cluster."""
    indicators, within = _block_sums(affinities, labels)
    sizes = indicators.sum(axis=1)
    least = np.inf
    for k in range(len(sizes)):
        for m in range(k):
            apart = within[k, k, k] + within[m, m, m]
            weights = np.array([sizes[k], sizes[m]]) / (sizes[k] + sizes[m])
            together = [
                within[a, k, k] * weights[0] + within[a, m, m] * weights[1]
                + 2.0 * within[a, k, m] * np.sqrt(weights[0] * weights[1])
                for a in (k, m)
            ]  # fmt: skip
            least = min(least, float(apart - max(together)))
    return least


def _block_sums(affinities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One-hot rows (K, n), and ``h_l' A_k h_m / sqrt(n_l n_m)`` as (K, K, K)."""
    indicators = (labels == np.arange(len(affinities))[:, None]).astype(float)
    scaled = indicators / np.sqrt(np.maximum(indicators.sum(axis=1, keepdims=True), 1.0))
    return indicators, scaled @ affinities @ scaled.T
