r"""Multistep solvers as data: what a step weighs, and a rule that adds it up.

In the coordinate y = x_t / a_t the flow is :math:`dy/d\sigma = \varepsilon(y, \sigma) = (y - D)/\sigma`; exponential
solvers use :math:`dy/d\lambda = D - y` with :math:`\lambda = -\log\sigma`. Every rule is linear in the point and in the
past values, so that :mod:`seedbed.diffusion.stability` can apply the same code to unit vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, expm1, log
from typing import Any, NamedTuple

import numpy as np

from .weights import adams_weights, exponential_weights, midpoint_weights, power_adams_weights

__all__ = ["Memory", "Multistep", "Step", "weighed"]

_NONE = np.zeros(0)  # no weights


class Memory(NamedTuple):
    """Where a run stands: the point, past values (newest first), and what momentum has gathered.

    ``origin`` is the point from which the last step began; correctors begin there again. ``order`` is the order of the
    last step, one number or one for each sample.
    """

    y: Any
    slopes: tuple = ()
    velocities: tuple = ()
    origin: Any = None
    order: Any = None


class Step(NamedTuple):
    """One step: :math:`y \\leftarrow \\text{decay}\\cdot y + \\sum_i w_i\\,\\text{slope}_i`.

    Attributes
    ----------
    sigma, after : float
        Noise levels at its ends.
    decay, length : float
        1 and the change of sigma, or :math:`e^{-h}` and :math:`1-e^{-h}`; the weights sum to ``length``.
    weights : ndarray
        Of past values, newest first.
    lower : ndarray
        Of order one less, for the generalised heavy ball; empty without it.
    corrector : ndarray
        Of the value at the end of the step before, then of that step's values; empty without a corrector.
    by_order : tuple of ndarray
        The weights of every order, 1 first, where the order is chosen during the run.
    """

    sigma: float
    after: float
    decay: float
    length: float
    weights: np.ndarray
    lower: np.ndarray
    corrector: np.ndarray
    by_order: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Multistep:
    """A multistep solver, with momentum or without.

    Parameters
    ----------
    order : int
        How many values a step weighs; the first steps use what there is.
    exponential : bool
        Of the denoised point in log sigma, in place of the slope in sigma.
    coefficients : {"grid", "constant", "midpoint"}
        Of the actual grid; of equal steps; of DPM-Solver++ 2M.
    power : float
        q of :func:`~seedbed.diffusion.solvers.weights.power_adams_weights`.
    momentum : {"", "heavy_ball", "nesterov", "generalized", "corrector"}
        "corrector": heavy ball in the corrector alone, as UniPC's released code has it.
    beta : float
        In (0, 1]; 1 is no momentum.
    corrector : bool
        Whether each new value first corrects the step that led to it (PEC, no further evaluation).
    final_order : int or None
        Order of the last step, if lower.
    """

    order: int = 3
    exponential: bool = False
    coefficients: str = "grid"
    power: float = 1.0
    momentum: str = ""
    beta: float = 1.0
    corrector: bool = False
    final_order: int | None = None

    def plan(self, grid: np.ndarray) -> Iterator[Step]:
        """The steps of a run over a grid; O(order^3) each, and no evaluation."""
        n_steps, newest_first = len(grid) - 1, grid[::-1].tolist()
        for n in range(n_steps):
            order = min(self.order, n + 1)
            if self.final_order and n == n_steps - 1:
                order = min(order, self.final_order)
            now = n_steps - n
            levels = newest_first[now : now + self.order + 1]
            yield self.step(levels, newest_first[now - 1], order, min(self.order, n))

    def step(self, levels: Sequence[float], after: float, order: int, before: int) -> Step:
        """A step from ``levels[0]``, the newest of the levels so far, that weighs ``order`` values.

        The corrector of the step before weighs the new value and ``before`` older ones.
        """
        ratio = log(levels[0]) - log(after)
        decay, length = (exp(-ratio), -expm1(-ratio)) if self.exponential else (1.0, after - levels[0])
        corrector = _NONE
        if self.corrector and before:
            distances = [log(levels[1]) - log(level) for level in levels[: before + 1]]
            corrector = exponential_weights(distances, distances[0])
        weights = self.weights(levels[:order], after)
        lower = self.weights(levels[: order - 1], after) if self.momentum == "generalized" and order > 1 else _NONE
        return Step(levels[0], after, decay, length, weights, lower, corrector)

    def weights(self, levels: Sequence[float], after: float) -> np.ndarray:
        """Of the values at these levels, newest first, in a step to the level ``after``."""
        if self.exponential:
            newest = log(levels[0])
            distances, step = [newest - log(level) for level in levels], newest - log(after)
            if self.coefficients == "midpoint" and len(levels) == 2:
                return midpoint_weights(-distances[1], step)
            return exponential_weights(distances, step)
        if self.coefficients == "constant":
            return (after - levels[0]) * adams_weights(len(levels))
        return power_adams_weights(levels, after, self.power)

    def slope(self, y: Any, denoised: Any, sigma: float) -> Any:
        """The value that is remembered of an evaluation."""
        return denoised if self.exponential else (y - denoised) / sigma

    def corrected(self, memory: Memory, denoised: Any, step: Step, before: Step | None) -> Memory:
        """The point after the corrector has used the value that was found there."""
        if not len(step.corrector) or before is None:
            return memory
        increment = weighed(step.corrector, (denoised, *memory.slopes))
        velocities = memory.velocities
        if self.momentum == "corrector":
            push = increment / before.length
            velocity = (1 - self.beta) * (velocities[0] if velocities else push) + self.beta * push
            velocities, increment = (velocity,), before.length * velocity
        return memory._replace(y=before.decay * memory.origin + increment, velocities=velocities)

    def advance(self, memory: Memory, slope: Any, step: Step) -> Memory:
        """One step on, with the value that was found at the point."""
        slopes = (slope, *memory.slopes)[: self.order]
        increment, velocities = self._increment(slopes, memory.velocities, step)
        return Memory(step.decay * memory.y + increment, slopes, velocities, memory.y, len(step.weights))

    def _increment(self, slopes: tuple, velocities: tuple, step: Step) -> tuple[Any, tuple]:
        if self.momentum == "generalized":
            newest = (1 - self.beta) * (velocities[0] if velocities else slopes[0]) + self.beta * slopes[0]
            velocities = (newest, *velocities)[: self.order]
            rest = tuple(slope - velocity for slope, velocity in zip(slopes, velocities, strict=True))
            increment = weighed(step.weights, velocities)
            return (increment + weighed(step.lower, rest) if len(step.lower) else increment), velocities
        increment = weighed(step.weights, slopes)
        if self.momentum not in ("heavy_ball", "nesterov"):
            return increment, velocities
        push = increment / step.length
        velocity = (1 - self.beta) * (velocities[0] if velocities else slopes[0]) + self.beta * push
        used = velocity if self.momentum == "heavy_ball" else (1 - self.beta) * velocity + self.beta * push
        return step.length * used, (velocity,)


def weighed(weights: np.ndarray, values: Sequence[Any]) -> Any:
    """The weighted sum of as many values as there are weights."""
    first, *rest = weights.tolist()
    total = first * values[0]
    for weight, value in zip(rest, values[1:], strict=False):
        total = total + weight * value
    return total
