"""The Peng-Wei program by nonnegative factors, with the label certificate: memory O(n (p + K)) throughout."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from sklearn.utils import check_random_state

from seedbed.clustering.partitions.lloyd import lloyd_labels, partition_objective
from seedbed.clustering.partitions.rounding import kmeans_labels

from .bounds import kmeans_sdp_gap
from .factored_certificate import FactoredBound, LabelBound, certify_partition
from .factored_membership import factor_labels, feasible_factor, partition_factor
from .low_rank_ascent import maximise_low_rank
from .refined_multiplier import refined_bound, search_is_affordable

# Above so many points, starts are sought in a random subsample of this size and lifted to the nearest centre.
SKETCH = 4000
ASCENT_TOL = 1e-4


@dataclass
class LowRankSolution:
    """``factor @ factor.T`` is feasible and attains ``objective``; no feasible matrix exceeds ``upper``.

    ``partition`` is the best partition that was met, the one that ``upper`` was derived from, and ``path`` tells
    what was done, in order.
    """

    factor: np.ndarray
    labels: np.ndarray
    partition: np.ndarray
    objective: float
    upper: float
    gap: float
    n_iter: int
    converged: bool
    path: list[str] = field(default_factory=list)


def solve_kmeans_sdp_low_rank(
    points: np.ndarray,
    n_clusters: int,
    *,
    rank: int | None = None,
    n_init: int = 1,
    tol: float = 1e-4,
    max_iter: int = 2000,
    random_state=None,
) -> LowRankSolution:
    r"""Feasible factor and certified bound of the Peng-Wei program.

    Parameters
    ----------
    points : ndarray of shape (n, p)
    n_clusters : int
        ``K``, from 1 to ``n``.
    rank : int, optional
        Columns ``r`` of the factor in the ascent; ``2 K`` by default.
    n_init : int
        Random starts of the ascent, beside the one at the best partition.
    tol : float
        Certified relative gap that is enough; the steps below end as soon as it is reached.
    max_iter : int
        Gradient steps of one start.
    random_state : int, RandomState or None

    Returns
    -------
    LowRankSolution
        ``converged`` means a certified gap of at most ``tol``. Where the program is not tight (its optimum is no
        partition) neither the label certificate nor its refinement gets there, and it is false.

    Notes
    -----
    1. k-means of the leading principal coordinates (of a subsample of 4000, lifted, for more points), then Lloyd.
    2. The certificate of that partition, :func:`certify_partition`.
    3. Ascents over nonnegative factors (:func:`maximise_low_rank`): from random factors, and from the best
       partition with the dual that complementary slackness gives it. Their limits are made exactly feasible.
    4. If rounding a factor leads to a better partition, its certificate.
    5. If a gap is left, a descent on the dual bound from there (:class:`MultiplierSearch`), unless
       :func:`search_is_affordable` says no.

    ``O(n p (K + r))`` per step of any kind, and ``O(n (p + K)^2 + (p + K^2)^3)`` per bound.
    """
    rng = check_random_state(random_state)
    centred = points - points.mean(axis=0)
    # A second pass removes what the rounding of a large mean has left.
    centred -= centred.mean(axis=0)
    n, p = centred.shape
    if p > n:
        centred = np.linalg.qr(centred.T, mode="r").T
    # A power of two rounds nothing, and squares of the points neither overflow nor vanish.
    largest = float(np.abs(centred).max(initial=0.0))
    unit = 2.0 ** round(math.log2(largest)) if largest > 0 else 1.0
    centred /= unit
    total = float(np.vdot(centred, centred))
    if n_clusters in (1, n) or not total > 0:
        labels = np.arange(n) % n_clusters
        value = total * unit**2 if n_clusters == n else 0.0
        return LowRankSolution(partition_factor(labels), labels, labels, value, value, 0.0, 0, True, ["trivial"])
    rank = min(2 * n_clusters if rank is None else rank, n)
    search = _Search(centred, n_clusters, tol, max_iter, rng)
    search.partition(search.kmeans(), "k-means")
    if search.gap > tol and rank >= 2:
        search.ascend_from_random(rank, n_init)
        if search.gap > tol:
            search.ascend_from_partition(rank)
    if search.gap > tol:
        search.refine()
    return search.solution(unit)


class _Search:
    """The best partition, factor and bound so far."""

    def __init__(self, points: np.ndarray, n_clusters: int, tol: float, max_iter: int, rng: np.random.RandomState):
        self.points, self.n_clusters, self.tol, self.max_iter, self.rng = points, n_clusters, tol, max_iter, rng
        self.sketch = None if len(points) <= SKETCH else np.sort(rng.choice(len(points), SKETCH, replace=False))
        self.bound = LabelBound(-np.inf, np.inf, 0.0)
        self.factor: np.ndarray | None = None
        self.objective = -np.inf
        self.n_iter = 0
        self.path: list[str] = []

    @property
    def gap(self) -> float:
        """Of the best feasible point."""
        return kmeans_sdp_gap(self.objective, self.bound.upper)

    def kmeans(self) -> np.ndarray:
        """k-means labels of the leading principal coordinates, of all points or of the sketch."""
        points = self._drawn()
        values, axes = np.linalg.eigh(points.T @ points)
        leading = points @ axes[:, -min(self.n_clusters - 1, len(values)) :]
        return kmeans_labels(leading, self.n_clusters, self.rng)

    def partition(self, drawn_labels: np.ndarray, name: str) -> None:
        """Lift labels of the drawn points, improve them by Lloyd's steps, and certify them if they are the best."""
        centres = np.stack([self._drawn()[drawn_labels == k].mean(axis=0) for k in range(self.n_clusters)])
        labels = lloyd_labels(self.points, centres)
        value = partition_objective(self.points, labels, self.n_clusters)
        if value <= self.bound.lower * (1 + 1e-12):
            return
        found = certify_partition(self.points, labels, tol=0.1 * self.tol)
        self.bound = replace(found, upper=min(found.upper, self.bound.upper))
        self.labels = labels
        self.path.append(f"partition of {name}")
        if value > self.objective:
            self.objective, self.factor = value, None
        self.path.append(f"label certificate: gap {self.gap:.1e}")

    def refine(self) -> None:
        """A better multiplier than the partition's, by descent."""
        if not search_is_affordable(*self.points.shape, self.n_clusters):
            self.path.append("no refined multiplier: too many points, features or clusters")
            return
        upper = refined_bound(FactoredBound(self.points, self.labels), self.bound.level)[0]
        self.bound = replace(self.bound, upper=min(self.bound.upper, upper))
        self.path.append(f"refined multiplier: gap {self.gap:.1e}")

    def ascend_from_random(self, rank: int, n_init: int) -> None:
        """Ascents from random factors of the drawn points; of all points, a factor may be the best one."""
        points = self._drawn()
        for _ in range(n_init):
            start = np.abs(self.rng.standard_normal((len(points), rank)))
            factor = self._ascend(points, start, None)
            if self.sketch is None:
                self._offer(factor)
            self.partition(factor_labels(factor, self.n_clusters, self.rng), "low rank from a random start")
            if self.gap <= self.tol:
                return

    def ascend_from_partition(self, rank: int) -> None:
        """Ascent over all points from the best partition and its dual."""
        sizes = np.bincount(self.labels)
        columns = np.arange(max(rank, self.n_clusters)) % self.n_clusters
        copies = np.bincount(columns)[columns]
        start = (self.labels[:, None] == columns) / np.sqrt(sizes[columns] * copies)
        start += 0.01 / np.sqrt(len(start)) * self.rng.random_sample(start.shape)
        sums = np.stack([self.points[self.labels == k].sum(axis=0) for k in range(self.n_clusters)])
        within = np.einsum("kp,kp->k", sums, sums)
        deviations = self.points - (sums / sizes[:, None])[self.labels]
        level = 1.5 * float(np.linalg.eigvalsh(deviations.T @ deviations)[-1])
        own = np.einsum("np,np->n", self.points, sums[self.labels])
        dual = 2.0 * own / sizes[self.labels] - (level / sizes + within / sizes**2)[self.labels]
        factor = self._ascend(self.points, start, dual)
        self._offer(factor)
        if self.sketch is not None:
            factor = factor[self.sketch]
        self.partition(factor_labels(factor, self.n_clusters, self.rng), "low rank from the best partition")

    def solution(self, unit: float) -> LowRankSolution:
        """The state, for points in multiples of ``unit``; labels are the rounded factor."""
        factor, labels = self.factor, self.labels
        if factor is None:
            factor = partition_factor(labels)
        else:
            labels = factor_labels(factor, self.n_clusters, self.rng)
        upper = max(self.bound.upper, self.objective)
        gap = float(kmeans_sdp_gap(self.objective, upper))
        lower, upper = self.objective * unit**2, upper * unit**2
        return LowRankSolution(
            factor, labels, self.labels, lower, upper, gap, self.n_iter, bool(gap <= self.tol), self.path
        )

    def _drawn(self) -> np.ndarray:
        return self.points if self.sketch is None else self.points[self.sketch]

    def _ascend(self, points: np.ndarray, start: np.ndarray, dual: np.ndarray | None) -> np.ndarray:
        penalty = 1.0 if dual is None else 10.0
        found = maximise_low_rank(
            points, self.n_clusters, start, row_dual=dual, penalty=penalty, tol=ASCENT_TOL, max_iter=self.max_iter
        )
        self.n_iter += found.n_iter
        of = "all points" if len(points) == len(self.points) else f"{len(points)} points"
        self.path.append(f"low rank of {of}: {found.n_iter} steps")
        return found.factor

    def _offer(self, factor: np.ndarray) -> None:
        feasible = feasible_factor(factor, self.n_clusters, self.labels)
        if feasible is None:
            return
        value = float(np.square(self.points.T @ feasible).sum())
        if value > self.objective:
            self.objective, self.factor = value, feasible
            self.path.append(f"low-rank factor is the best point: gap {self.gap:.1e}")
