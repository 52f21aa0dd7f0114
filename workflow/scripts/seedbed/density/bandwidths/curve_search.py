"""The maximum of a likelihood over the bandwidth: a grid that is moved until it holds it, and a spline."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize_scalar

PASSES = 12  # of small moves; of data with scales further apart than these reach, each move is the square of the last
MOST = 60  # passes in all: squares of moves reach every number, and so do halves of what lies between two of them
NARROWEST = 1e-148  # of a bandwidth, over what the points are apart: in its units that has a square
FINE = 0.19  # a step in log h that a spline may bridge
COARSE, RANGE = 7, 4.0  # bandwidths of a pass where each costs an exponential, and the largest over the smallest


class NoBandwidthError(ValueError):
    """The likelihood has no maximum at a bandwidth that is a number."""


class LooCurve(NamedTuple):
    """What was found at each bandwidth, in increasing order.

    Attributes
    ----------
    h : ndarray
    value : ndarray
        Mean leave-one-out log density.
    standard_error : ndarray
        Of the value, over the rows.
    """

    h: np.ndarray
    value: np.ndarray
    standard_error: np.ndarray


class LooChoice(NamedTuple):
    """The best bandwidth, its leave-one-out log density, and the curve it was read from, if there was one."""

    h: float
    value: float
    curve: LooCurve | None


def mean_and_error(log_densities: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means over the rows (first axis), and standard errors."""
    share = weights / weights.sum()
    mean = share @ log_densities
    with np.errstate(invalid="ignore"):
        error = np.sqrt(share**2 @ (log_densities - mean) ** 2)
    return mean, error


def best_of_curve(
    values: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    grid: Callable[[float], np.ndarray],
    h_max: float,
    refine: bool = False,
    highest: float = np.inf,
    lowest: float = NARROWEST,
) -> LooChoice:
    """Move a grid until its best value lies inside, then read the maximum off a cubic spline in log h.

    The grid goes up where its first value is the best and down where one of its last is. After some moves it takes
    longer ones, and once it has gone too far, the middle of what is left.

    Parameters
    ----------
    values : callable
        Bandwidths, in decreasing order, to means and standard errors.
    grid : callable
        The largest bandwidth to all of them.
    h_max : float
        Of the first grid.
    refine : bool
        Whether to look at three more bandwidths about the best: for coarse grids.
    highest : float
        Where no larger bandwidth has a meaning.
    lowest : float
        Where no smaller bandwidth has one.

    Raises
    ------
    NoBandwidthError
        If no bandwidth gives all rows a positive density, or none is the best.
    """
    h_max, least = min(h_max, highest), RANGE * lowest
    under, over = 0.0, np.inf  # grids that were too narrow and too wide
    for done in range(MOST):
        h = grid(h_max)
        value, error = values(h)
        ordered = np.where(np.isfinite(value), value, -np.inf)
        best = int(np.argmax(ordered))
        power = 2.0 ** max(done + 1 - PASSES, 0)
        if (best == 0 or not np.isfinite(value).any()) and h_max < highest:
            under = h_max
            h_max = _moved(h_max, 3.0 * h_max, power, (under, over), (least, highest))
        elif best >= len(h) - 2 and h_max > least:
            over = h_max
            h_max = _moved(h_max, 1.6 * h[-1], power, (under, over), (least, highest))
        elif not refine and np.log(h[best - 1] / h[best]) > FINE and h_max < highest:
            h_max = 2.2 * h[best]  # where the grid is finer
        else:
            break
    if not np.isfinite(value).any():
        raise NoBandwidthError("at every bandwidth tried some point has no other within reach of the kernel")
    if (best == 0 and h_max < highest) or best == len(h) - 1:
        raise NoBandwidthError(
            f"the likelihood is largest below {NARROWEST:g} of what the points are apart; rescale the columns"
        )
    keep = np.isfinite(value)
    h, value, error = h[keep], value[keep], error[keep]
    if refine and len(h) > 2:
        h, value, error = _refined(values, h, value, error)
    order = np.argsort(h)
    curve = LooCurve(h[order], value[order], error[order])
    return LooChoice(*_top_of_spline(curve), curve)


def _moved(
    h_max: float, to: float, power: float, known: tuple[float, float], ends: tuple[float, float]
) -> float:  # fmt: skip
    """The next grid: a power of the move, or in the middle of those that were too narrow and too wide."""
    under, over = known
    if power > 1.0:
        with np.errstate(over="ignore"):
            longer = h_max * np.float64(to / h_max) ** power
        to = np.sqrt(under) * np.sqrt(over) if 0.0 < under < over < np.inf else longer
    return float(np.clip(to, *ends))


def _refined(values: Callable, h: np.ndarray, value: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, ...]:
    at = int(np.clip(np.argmax(value), 1, len(h) - 2))
    steps = np.log(h[at - 1] / h[at]), np.log(h[at + 1] / h[at])
    peak, _ = _top_of_spline(LooCurve(h[::-1], value[::-1], error[::-1]))
    more = np.array([h[at] * np.exp(0.5 * steps[0]), peak, h[at] * np.exp(0.5 * steps[1])])
    more = more[[np.abs(np.log(h / each)).min() > 1e-3 for each in more]]
    if not len(more):
        return h, value, error
    found = values(np.sort(more)[::-1])
    merged = [np.concatenate(pair) for pair in zip((h, value, error), (np.sort(more)[::-1], *found), strict=True)]
    keep = np.isfinite(merged[1])
    return tuple(part[keep] for part in merged)


def _top_of_spline(curve: LooCurve) -> tuple[float, float]:
    """The maximum of a cubic spline through the curve."""
    best = int(np.argmax(curve.value))
    if len(curve.h) < 4 or best in (0, len(curve.h) - 1):
        return float(curve.h[best]), float(curve.value[best])
    x = np.log(curve.h)
    spline = CubicSpline(x, curve.value)
    found = minimize_scalar(
        lambda t: -spline(t), bounds=(x[best - 1], x[best + 1]), method="bounded", options={"xatol": 1e-6}
    )
    if -found.fun < curve.value[best]:
        return float(curve.h[best]), float(curve.value[best])
    return float(np.exp(found.x)), float(-found.fun)
