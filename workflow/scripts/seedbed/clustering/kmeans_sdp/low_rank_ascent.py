"""The Peng-Wei program over nonnegative factors: augmented Lagrangian and projected gradient, without n x n arrays."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

# Rows that are worked on together: their temporaries stay in the cache.
BLOCK = 8192
MEMORY = 8
INNER = 60
# Factor of the penalty while the row sums improve too slowly.
GROWTH = 1.5
# The search also ends where two rounds in turn change the Lagrangian by less than this, relatively.
STAGNATION = 1e-6


@dataclass
class LowRankPoint:
    """A nonnegative ``factor`` (n, r), the ``row_dual`` (n,) of its row sums, and how the search ended."""

    factor: np.ndarray
    row_dual: np.ndarray
    n_iter: int
    infeasibility: float
    converged: bool


def maximise_low_rank(
    points: np.ndarray,
    n_clusters: int,
    factor: np.ndarray,
    *,
    row_dual: np.ndarray | None = None,
    penalty: float = 1.0,
    tol: float = 1e-5,
    max_iter: int = 2000,
) -> LowRankPoint:
    r"""Local maximum of the Peng-Wei program over ``Z = U U'`` with ``U >= 0``.

    .. math:: \max_U \lVert X^\top U\rVert_F^2 \quad\text{s.t.}\quad U \ge 0,\ UU^\top 1 = 1,\ \lVert U\rVert_F^2 = K.

    Parameters
    ----------
    points : ndarray of shape (n, p)
        Centred.
    n_clusters : int
        ``K``.
    factor : ndarray of shape (n, r)
        Start, nonnegative and not zero; it is not changed.
    row_dual : ndarray of shape (n,), optional
        Multiplier ``y`` of the row sums to start from, in the units of ``points`` squared.
    penalty : float
        First penalty ``b n``. From a random start 1 rarely ends in a poor local maximum, and 10 often does; near a
        solution 10 is faster.
    tol : float
        For the root mean square error of the row sums and the relative change of ``U``.
    max_iter : int
        Gradient steps in all.

    Returns
    -------
    LowRankPoint

    Notes
    -----
    The Lagrangian ``-|X'U|^2 + y'(UU'1 - 1) + (b/2)|UU'1 - 1|^2`` is minimised over ``U >= 0, |U|_F^2 = K`` by
    projected gradient steps of Barzilai and Borwein's length with a nonmonotone line search along the projection
    (positive part, then scaling). ``y`` and ``b`` follow the usual rules. The matrix is divided by its norm and
    ``b`` is proportional to ``1/n``, so nothing depends on the units. A step costs ``O(n r p)``, memory is
    ``O(n (r + p))``. The problem is not convex: what is found is a stationary point, and no bound on the program.

    References
    ----------
    Y. Zhuang, X. Chen, Y. Yang, R. Y. Zhang (2024), Statistically optimal K-means clustering via nonnegative
    low-rank semidefinite programming, ICLR (the formulation; step lengths, scaling and start are ours).
    E. G. Birgin, J. M. Martinez, M. Raydan (2000), Nonmonotone spectral projected gradient methods, SIAM J. Optim. 10.
    """
    n = len(points)
    scale = float(np.linalg.eigvalsh(points.T @ points)[-1])
    search = _Search(points / np.sqrt(scale), n_clusters)
    search.dual = np.zeros(n) if row_dual is None else row_dual / scale
    search.penalty = penalty / n
    search.place(factor)
    done, before, converged, infeasibility, idle, value = 0, np.inf, False, np.inf, 0, np.inf
    while done < max_iter and not converged and idle < 2:
        steps, change = search.descend(min(INNER, max_iter - done), tol)
        done += steps
        infeasibility = search.infeasibility()
        converged = infeasibility < tol and change < tol
        settled = abs(search.value - value) <= STAGNATION * abs(search.value) and infeasibility < 1e-3
        idle, value = idle + 1 if settled else 0, search.value
        search.dual += search.penalty * search.residual
        if infeasibility > 0.5 * before:
            search.penalty = min(GROWTH * search.penalty, 1e4 / n)
        before = infeasibility
    return LowRankPoint(search.factor, search.dual * scale, done, infeasibility, converged)


class _Search:
    """The inner minimisation; arrays are reused from step to step."""

    def __init__(self, points: np.ndarray, n_clusters: int):
        self.points = points
        self.radius = np.sqrt(n_clusters)
        self.dual = np.zeros(0)
        self.penalty = 0.0
        self.step = 0.1
        self.value = np.inf

    def place(self, factor: np.ndarray) -> None:
        """Start from the projection of ``factor``."""
        self.factor = np.maximum(factor, 0.0)
        self.factor *= self.radius / np.linalg.norm(self.factor)
        self.gradient = np.empty_like(self.factor)
        self._trial, self._trial_gradient = np.empty_like(self.factor), np.empty_like(self.factor)
        self.residual = self._evaluate(self.factor, self.points.T @ self.factor, self.factor.sum(axis=0))[1]

    def infeasibility(self) -> float:
        """Root mean square error of the row sums."""
        return float(np.linalg.norm(self.residual) / np.sqrt(len(self.residual)))

    def descend(self, max_steps: int, tol: float) -> tuple[int, float]:
        """Gradient steps at fixed multiplier and penalty; how many, and the last relative change."""
        image, sums = self.points.T @ self.factor, self.factor.sum(axis=0)
        value, self.residual, state = self._evaluate(self.factor, image, sums)
        self._differentiate(self.factor, state, self.gradient)
        recent = deque([value], MEMORY)
        change = 0.0
        done = 0
        while done < max_steps:
            done += 1
            while True:
                state, value, residual, moved = self._try()
                if value <= max(recent) - 1e-4 * moved / self.step or self.step < 1e-10:
                    break
                self.step *= 0.3
            curvature = self._differentiate(self._trial, state, self._trial_gradient, compare=True)
            self.step = float(np.clip(moved / curvature if curvature > 0 else 10.0 * self.step, 1e-6, 1e4))
            self.factor, self._trial = self._trial, self.factor
            self.gradient, self._trial_gradient = self._trial_gradient, self.gradient
            self.residual = residual
            recent.append(value)
            change = np.sqrt(moved) / self.radius
            if change < max(0.1 * tol, 1e-3 * min(1.0, self.infeasibility())):
                break
        self.value = recent[-1]
        return done, change

    def _blocks(self) -> Iterator[slice]:
        return (slice(start, start + BLOCK) for start in range(0, len(self.points), BLOCK))

    def _try(self) -> tuple[tuple, float, np.ndarray, float]:
        """Project the gradient step into ``_trial``; its value, residual and squared distance."""
        rank = self.factor.shape[1]
        image, sums, square, cross = np.zeros((self.points.shape[1], rank)), np.zeros(rank), 0.0, 0.0
        for rows in self._blocks():
            trial, old = self._trial[rows], self.factor[rows]
            np.multiply(self.gradient[rows], -self.step, out=trial)
            trial += old
            np.maximum(trial, 0.0, out=trial)
            image += self.points[rows].T @ trial
            sums += trial.sum(axis=0)
            square += np.vdot(trial, trial)
            cross += np.vdot(trial, old)
        if square == 0.0:  # everything was cut off: stay
            self._trial[:] = self.factor
            image, sums, shrink, cross = self.points.T @ self.factor, self.factor.sum(axis=0), 1.0, self.radius**2
        else:
            shrink = self.radius / np.sqrt(square)
            self._trial *= shrink
        value, residual, state = self._evaluate(self._trial, shrink * image, shrink * sums)
        moved = max(2.0 * (self.radius**2 - shrink * cross), 0.0)
        return state, value, residual, moved

    def _evaluate(self, factor: np.ndarray, image: np.ndarray, sums: np.ndarray) -> tuple[float, np.ndarray, tuple]:
        residual = factor @ sums - 1.0
        value = float(self.dual @ residual + 0.5 * self.penalty * (residual @ residual) - np.vdot(image, image))
        pull = self.dual + self.penalty * residual
        return value, residual, (image, sums, pull)

    def _differentiate(self, factor: np.ndarray, state: tuple, out: np.ndarray, compare: bool = False) -> float:
        """Gradient into ``out``; with ``compare`` its change along the step from ``self.factor``."""
        image, sums, pull = state
        common = factor.T @ pull
        twice, curvature = -2.0 * image, 0.0
        for rows in self._blocks():
            gradient = out[rows]
            np.matmul(self.points[rows], twice, out=gradient)
            gradient += np.multiply.outer(pull[rows], sums)
            gradient += common
            if compare:
                curvature += np.vdot(factor[rows] - self.factor[rows], gradient - self.gradient[rows])
        return curvature
