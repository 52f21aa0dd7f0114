"""The label certificate of the Peng-Wei program without n x n arrays, valid in floating point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Rows of one triangular factorisation: few enough for the cache, and the rounding margin grows with them.
BLOCK = 2048
UNIT = np.finfo(float).eps


@dataclass
class LabelBound:
    """``lower``: what the partition attains; ``upper``: no feasible matrix attains more; ``margin``: of rounding.

    ``level`` is the free number of the multiplier that ``upper`` comes from.
    """

    lower: float
    upper: float
    margin: float
    level: float = float("nan")

    @property
    def gap(self) -> float:
        """Relative to the upper bound."""
        return max(self.upper - self.lower, 0.0) / max(abs(self.upper), np.finfo(float).tiny)


def certify_partition(points: np.ndarray, labels: np.ndarray, *, tol: float = 0.0, evaluations: int = 12) -> LabelBound:
    """Best bound of :class:`FactoredBound` over its level, by golden-section search as in :mod:`label_certificate`.

    Parameters
    ----------
    points : ndarray of shape (n, p)
        Centred.
    labels : ndarray of shape (n,)
        All of 0 .. K-1 occur.
    tol : float
        The search ends at the first bound whose relative gap is at most this.
    evaluations : int
        At most so many bounds are computed.

    Returns
    -------
    LabelBound
    """
    bounds = FactoredBound(points, labels)
    best = LabelBound(bounds.lower, np.inf, 0.0)

    def value(log_level: float) -> float:
        nonlocal best
        level = bounds.spread * np.exp(log_level)
        upper, margin = bounds.upper(level)
        if upper < best.upper:
            best = LabelBound(bounds.lower, upper, margin, level)
        return upper

    ratio = (np.sqrt(5.0) - 1.0) / 2.0
    low, high = np.log(0.5), np.log(8.0)
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left = value(left)
    at_right = value(right) if best.gap > tol else np.inf
    for _ in range(evaluations - 2):
        if best.gap <= tol:
            break
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = value(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = value(right)
    return best


class FactoredBound:
    r"""Upper bounds on the Peng-Wei program from a partition, through one small symmetric matrix.

    The multiplier ``N`` of :func:`label_multiplier` is an outer product on every pair of clusters, so with ``X``

    .. math:: A + N = F C F^\top, \qquad F = [X, G], \qquad \operatorname{rank} \le p + K(K-1),

    where ``G`` holds one column per ordered pair of clusters. Orthogonal triangular factors of the rows of each
    cluster and then of all clusters together give ``F = Q B`` with ``B`` of order ``p + 1 + K(K-1)``, the vector
    of ones included. With :math:`o = Q^\top 1/\sqrt n` and :math:`S = (I - oo^\top) B C B^\top (I - oo^\top)`,

    .. math:: \langle A, Z\rangle \le \tfrac1n 1^\top(A+N)1 + \sum_{i<K} \max(\lambda_i(S), 0) + \text{margin}

    for every feasible ``Z``: the eigenvalues of :math:`P(A+N)P` are those of ``S``, and zeros. No large
    eigenproblem is left, and no eigenvalue can be missed.

    Parameters
    ----------
    points : ndarray of shape (n, p)
        Centred. The bound holds for these floating-point numbers.
    labels : ndarray of shape (n,)
        All of 0 .. K-1 occur.

    Attributes
    ----------
    lower : float
        Objective of the partition.
    spread : float
        Largest within-cluster eigenvalue, the smallest level that can certify.
    points : ndarray of shape (n, p)
        Sorted by cluster.
    rows : list of slice
        Of each cluster.
    sizes : ndarray of shape (K,)

    Notes
    -----
    *What the margin guarantees.* ``N`` may be any nonnegative matrix, so errors in it do not matter. There remain:

    1. The triangular factors. Householder's method gives the exact factor of a matrix whose columns are off by
       at most ``g = 4 eps c m`` relative to their norms, for ``m`` rows and ``c`` columns in all (Higham 2002, theorem
       19.4, with a constant of 4). That moves ``B C B'`` by at most ``2 g sum |F_i| |C_ij| |F_j|`` in the trace
       norm, and hence any sum of eigenvalues.
    2. The small eigenproblem, whose solver need not be trusted: :func:`eigenvalue_sum_bound`.
    3. The sums over ``n`` points, at most ``4 eps n`` relative, as all terms are nonnegative.

    One bound costs ``O(n (p + K)^2 + (p + K^2)^3)``; memory is a sorted copy of ``points`` and two arrays (n, K).
    """

    def __init__(self, points: np.ndarray, labels: np.ndarray):
        order = np.argsort(labels, kind="stable")
        self.sizes = np.bincount(labels)
        stops = np.cumsum(self.sizes)
        self.rows = [slice(stop - size, stop) for stop, size in zip(stops, self.sizes, strict=True)]
        self.points = points[order]
        sizes = self.sizes.astype(float)
        sums = np.stack([self.points[rows].sum(axis=0) for rows in self.rows])
        within = np.einsum("kp,kp->k", sums, sums)
        self.lower = float((within / sizes).sum())
        self._mean_part = float(np.square(sums.sum(axis=0)).sum()) / len(points)
        # slack[i, a] = max(alpha[i, a] - t * gamma[b, a], 0) for i in cluster b
        self._alpha = self.points @ -sums.T
        scatter = self.points.T @ self.points
        for k, rows in enumerate(self.rows):
            own = -self._alpha[rows, k]
            self._alpha[rows] += np.multiply.outer(own / sizes[k] - 0.5 * within[k] / sizes[k] ** 2, sizes)
        self._alpha += 0.5 * within / sizes
        self._gamma = 0.5 * (sizes / sizes[:, None] + 1.0)
        # Only a scale for the levels, so it need not be accurate.
        spread = float(np.linalg.eigvalsh(scatter - (sums / sizes[:, None]).T @ sums)[-1])
        self.spread = max(spread, 1e-12 * self.lower, np.finfo(float).tiny)

    def upper(self, level: float) -> tuple[float, float]:
        """Bound at ``level``, and the margin that it contains."""
        return self.upper_from(lambda cluster, block: self.slack(cluster, block, level))

    def slack(self, cluster: int, block: slice, level: float) -> np.ndarray:
        """The multiplier's factors at rows of a cluster, shape (rows, K - 1): towards the other clusters in order."""
        others = np.arange(len(self.sizes)) != cluster
        return np.maximum(self._alpha[block][:, others] - level * self._gamma[cluster, others], 0.0)

    def upper_from(self, slack: Callable[[int, slice], np.ndarray], divisor: np.ndarray | None = None):
        """Bound from the multiplier whose blocks are outer products of nonnegative vectors, and its margin.

        Parameters
        ----------
        slack : callable
            ``slack(cluster, block)``, as the method of that name; nonnegative.
        divisor : ndarray of shape (K, K), optional
            Symmetric and positive: of the outer products. By default the larger sum of the two vectors.

        Returns
        -------
        upper, margin : float
        """
        n, p = self.points.shape
        clusters = len(self.sizes)
        pairs = [(b, a) for b in range(clusters) for a in range(clusters) if a != b]
        totals = np.zeros((clusters, clusters))
        heads, tails, rounding = [], [], 0.0
        for b in range(clusters):
            factor, height, sums = self._cluster_factor(b, slack)
            totals[b, np.arange(clusters) != b] = sums
            rounding = max(rounding, 4.0 * UNIT * height * factor.shape[1])
            heads.append(factor[: clusters - 1])
            tails.append(factor[clusters - 1 :, clusters - 1 :])
        tail = np.linalg.qr(np.vstack(tails), mode="r")
        rounding += 4.0 * UNIT * sum(map(len, tails)) * (p + 1)
        sides = [len(head) for head in heads]
        offsets = np.concatenate([[0], np.cumsum(sides)])
        data = np.zeros((offsets[-1] + len(tail), p + 1))
        data[offsets[-1] :] = tail
        spikes = np.zeros((offsets[-1], len(pairs)))
        for b, head in enumerate(heads):
            data[offsets[b] : offsets[b + 1]] = head[:, clusters - 1 :]
            spikes[offsets[b] : offsets[b + 1], b * (clusters - 1) : (b + 1) * (clusters - 1)] = head[:, : clusters - 1]
        divisor = np.maximum(totals, totals.T) if divisor is None else divisor
        divisor = np.where(divisor > 0.0, divisor, 1.0)
        weights = np.array([1.0 / divisor[pair] for pair in pairs])
        partner = [pairs.index((a, b)) for b, a in pairs]
        small = data[:, 1:] @ data[:, 1:].T
        small[: len(spikes), : len(spikes)] += (spikes * weights) @ spikes[:, partner].T
        ones = data[:, 0] / np.sqrt(n)
        small -= np.multiply.outer(ones, ones @ small)
        small -= np.multiply.outer(small @ ones, ones)
        lengths = np.linalg.norm(spikes, axis=0)
        mass = float(np.square(data[:, 1:]).sum() + (weights * lengths * lengths[partner]).sum())
        cross = float((totals * totals.T / divisor).sum()) / n
        margin = 2.0 * (rounding + 4.0 * UNIT * len(small)) * mass + 4.0 * UNIT * n * (cross + self._mean_part)
        return self._mean_part + cross + eigenvalue_sum_bound(small, clusters - 1) + margin, margin

    def _cluster_factor(self, cluster: int, slack: Callable) -> tuple[np.ndarray, int, np.ndarray]:
        """Triangular factor of ``[slack, 1, X]`` on a cluster, its height, and the sums of the slack."""
        rows, clusters = self.rows[cluster], len(self.sizes)
        sums = np.zeros(clusters - 1)
        buffer = np.ones((min(BLOCK, rows.stop - rows.start), clusters + self.points.shape[1]))
        parts = []
        for start in range(rows.start, rows.stop, BLOCK):
            block = slice(start, min(start + BLOCK, rows.stop))
            columns = buffer[: block.stop - start]
            columns[:, : clusters - 1] = slack(cluster, block)
            sums += columns[:, : clusters - 1].sum(axis=0)
            columns[:, clusters:] = self.points[block]
            parts.append(np.linalg.qr(columns, mode="r"))
        factor, height = stacked_factor(parts)
        return factor, len(buffer) + height, sums


def stacked_factor(parts: list[np.ndarray]) -> tuple[np.ndarray, int]:
    """Triangular factor of matrices on top of each other, and the number of rows that rounding adds up over.

    Examples
    --------
    >>> stacked_factor([np.array([[3.0]]), np.array([[4.0]])])[0].round(12).tolist()
    [[-5.0]]
    """
    together = max(1, BLOCK // parts[0].shape[1])
    height = 0
    while len(parts) > 1:
        groups = [np.vstack(parts[start : start + together + 1]) for start in range(0, len(parts), together + 1)]
        height += max(map(len, groups))
        parts = [np.linalg.qr(group, mode="r") for group in groups]
    return parts[0], height


def eigenvalue_sum_bound(matrix: np.ndarray, count: int) -> float:
    r"""Upper bound on ``sum_{i <= count} max(lambda_i, 0)`` that does not trust the eigensolver.

    Whatever ``W`` (m, m) and diagonal ``D`` the solver returns, let
    :math:`\delta = \lVert W^\top W - I\rVert_F` and :math:`\rho = \lVert MW - WD\rVert_F`. If
    :math:`\delta < 1`, the orthogonal polar factor ``Q`` of ``W = QH`` has :math:`\lVert H - I\rVert \le \delta`, so

    .. math:: \lVert M - QDQ^\top\rVert_F \le \frac{\rho + 2\delta\lVert D\rVert_F}{1-\delta},

    and by Ky Fan's inequality and Cauchy's the sum over ``M`` exceeds that over ``D`` by at most
    :math:`\sqrt{\text{count}}` times as much. Otherwise the bound is :math:`\sqrt{\text{count}}\,\lVert M\rVert_F`.

    Parameters
    ----------
    matrix : ndarray of shape (m, m)
    count : int

    Returns
    -------
    float

    Notes
    -----
    ``O(m^3)``. The rounding of the check itself is covered by ``8 m eps |M|_F`` on each of its two norms.
    """
    if count <= 0:
        return 0.0
    matrix = 0.5 * (matrix + matrix.T)
    size = float(np.linalg.norm(matrix))
    worst = np.sqrt(count) * size * (1.0 + 8.0 * UNIT * len(matrix))
    values, vectors = np.linalg.eigh(matrix)
    if not (np.isfinite(values).all() and np.isfinite(vectors).all()):
        return worst
    allowance = 8.0 * UNIT * len(matrix)
    defect = float(np.linalg.norm(vectors.T @ vectors - np.eye(len(matrix)))) + allowance
    if defect >= 0.5:
        return worst
    residual = float(np.linalg.norm(matrix @ vectors - vectors * values)) + allowance * size
    slip = (residual + 2.0 * defect * float(np.linalg.norm(values))) / (1.0 - defect)
    top = np.sort(np.maximum(values, 0.0))[::-1][:count]
    return min(float(top.sum()) + np.sqrt(count) * slip, worst)
