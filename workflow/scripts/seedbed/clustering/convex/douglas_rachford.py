"""Douglas-Rachford splitting (two-block ADMM) for ``max <A, Z>, Z in S1, Z in S2``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .anderson import AndersonAcceleration

RELAXATION = 1.6
ACCELERATE_EVERY = 5
CHECK_EVERY = 10
# Anderson's history may take this many bytes; large problems get a shorter one.
HISTORY_BYTES = 2e8


@dataclass
class SplittingResult:
    """What :func:`maximise_by_splitting` ends with."""

    feasible: np.ndarray
    lower: float
    upper: float
    gap: float
    n_iter: int
    point: np.ndarray
    penalty: float
    converged: bool


Certificate = tuple[float, np.ndarray | None, float]


def maximise_by_splitting(
    objective: np.ndarray,
    project_spectral: Callable[[np.ndarray], np.ndarray],
    project_entries: Callable[[np.ndarray], np.ndarray],
    certify: Callable[[np.ndarray, np.ndarray, float], Certificate],
    relative_gap: Callable[[float, float], float],
    *,
    point: np.ndarray,
    penalty: float,
    known: Certificate,
    tol: float,
    max_iter: int,
    share: float = 1.0,
) -> SplittingResult:
    """Maximise a linear function over the intersection of two sets, to a certified gap.

    One step from the point ``S`` with penalty ``r``::

        W = P2(S),   Z = P1(2 W - S + A / r),   S <- S + 1.6 (Z - W)

    ``r (W - S)`` is a multiplier of ``Z in S2`` at every iteration, so ``certify`` can turn it into an
    upper bound, and ``Z`` into a feasible point, at any time. The penalty follows the ratio of primal and
    dual residual; every fifth step is Anderson-accelerated and taken back if the residual grew.

    Parameters
    ----------
    objective : ndarray of shape (K, n, n)
        ``A``, scaled so that its spectral norm is about one.
    project_spectral, project_entries : callable
        The projections ``P1`` and ``P2`` of arrays of that shape.
    certify : callable
        ``certify(Z, W - S, r) -> (lower, feasible, upper)``; ``feasible`` attains ``lower``.
    relative_gap : callable
        ``relative_gap(lower, upper)``.
    point : ndarray
        Start ``S``; it is not changed.
    penalty : float
    known : tuple
        The best certificate known beforehand.
    tol : float
        Stop when the certified relative gap is at most this.
    max_iter : int
    share : float
        Stop as well once more than this share of the way from the known lower bound to the upper one is made.

    Returns
    -------
    SplittingResult
    """
    lower, feasible, upper = known
    point = point.copy()
    shape = point.shape
    history = AndersonAcceleration(point.size, int(np.clip(HISTORY_BYTES // (16 * point.size), 2, 10)))
    fallback: tuple[np.ndarray, float] | None = None
    previous: np.ndarray | None = None
    next_check, last_change, n_iter = CHECK_EVERY, 0, 0
    gap = relative_gap(lower, upper)
    while n_iter < max_iter and not gap <= tol:
        n_iter += 1
        entries = project_entries(point)
        shifted = objective / penalty
        shifted -= point
        shifted += entries
        shifted += entries
        spectral = project_spectral(shifted)
        step = np.subtract(spectral, entries, out=shifted)
        step *= RELAXATION
        size = float(np.linalg.norm(step))
        if fallback is not None:
            rejected = size > fallback[1]
            point = fallback[0] if rejected else point
            fallback = None
            if rejected:
                history.reset()
                continue
        if n_iter >= next_check or n_iter == max_iter:
            next_check = int(1.05 * n_iter) + CHECK_EVERY
            low, candidate, high = certify(spectral, entries - point, penalty)
            upper = min(upper, high)
            if low > lower:
                lower, feasible = low, candidate
            gap = relative_gap(lower, upper)
            if gap <= tol or lower - known[0] > share * (upper - known[0]):
                break
        if n_iter % CHECK_EVERY == 0 and previous is not None:
            wait = 2 * CHECK_EVERY if n_iter < 200 else 10 * CHECK_EVERY
            factor = _penalty_factor(size / RELAXATION, entries, previous, point, penalty)
            if factor != 1.0 and n_iter - last_change >= wait:
                # Keeping W and the multiplier means rescaling S - W with the penalty.
                point = entries + (point - entries) / factor
                penalty *= factor
                last_change = n_iter
                history.reset()
                previous = None
                continue
        previous = entries
        history.add(point.ravel(), step.ravel())
        following = point + step
        accelerated = history.extrapolate() if n_iter % ACCELERATE_EVERY == 0 else None
        if accelerated is not None:
            fallback = (following, size)
            following = accelerated.reshape(shape)
        point = following
    return SplittingResult(feasible, lower, upper, gap, n_iter, point, penalty, gap <= tol)


def _penalty_factor(
    distance: float, entries: np.ndarray, previous: np.ndarray, point: np.ndarray, penalty: float
) -> float:
    primal = distance / (1.0 + np.linalg.norm(entries))
    dual = penalty * np.linalg.norm(entries - previous) / (1.0 + penalty * np.linalg.norm(point - entries))
    if primal > 3.0 * dual:
        return 1.5
    if dual > 3.0 * primal:
        return 1.0 / 1.5
    return 1.0
