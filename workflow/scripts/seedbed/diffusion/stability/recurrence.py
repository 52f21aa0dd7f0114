r"""A solver on a linear equation is a linear recurrence: its matrices, by the solver's own code on unit vectors."""

from __future__ import annotations

import numpy as np

from seedbed.diffusion.solvers.multistep import Memory, Multistep, Step
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.diffusion.solvers.variable_order import VariableOrder

__all__ = ["multistep_of", "recurrence_matrices"]


def multistep_of(solver: ProbabilityFlow) -> Multistep:
    """The multistep rule of a solver.

    Raises
    ------
    ValueError
        If the solver has none: one-step methods, and orders that depend on the samples, are no fixed recurrence.
    """
    if not isinstance(solver, ProbabilityFlow):
        raise ValueError(f"solver must be a ProbabilityFlow, got {solver!r}")
    rule = solver.rule()
    if not isinstance(rule, Multistep) or isinstance(rule, VariableOrder):
        raise ValueError(f"solver={solver.solver!r} is no recurrence with constant coefficients")
    return rule


def recurrence_matrices(rule: Multistep, step: Step, rescale: float) -> tuple[np.ndarray, np.ndarray]:
    r"""What one step does to point, past values and velocities: A + factor * B for values ``slope = factor * y``.

    A step is linear in what it remembers and in the value that is found, so that two matrices serve every factor.

    Parameters
    ----------
    rule : Multistep
    step : Step
        Its weights, at their full order.
    rescale : float
        Past values are multiplied by it after the step: on a geometric grid values times sigma recur.

    Returns
    -------
    A, B : ndarray of shape (m, m)
        Columns are the images of unit vectors. The factor is :math:`\lambda` for y' = lambda y; c / sigma on the noise
        grid; 1 - c for denoised points.
    """
    predicted = int(rule.corrector)  # a corrector looks at one value more, and begins at the origin again
    sizes = [1, rule.order - 1 + predicted, rule.order if rule.momentum else 0, predicted]

    def image(remembered: np.ndarray, value: float) -> np.ndarray:
        y, slopes, velocities, origin = np.split(remembered, np.cumsum(sizes)[:-1])
        memory = Memory(y[0], tuple(slopes), tuple(velocities), origin[0] if predicted else None)
        memory = rule.advance(rule.corrected(memory, value, step, step), value, step)
        past = rescale * _filled(memory.slopes, sizes[1]), rescale * _filled(memory.velocities, sizes[2])
        return np.concatenate([[memory.y], *past, [memory.origin] * predicted])

    units = np.eye(sum(sizes))
    constant = np.array([image(unit, 0.0) for unit in units]).T
    return constant, np.outer(image(np.zeros(len(units)), 1.0), units[0])


def _filled(values: tuple, size: int) -> np.ndarray:
    row = [*values[:size], *[0.0] * (size - len(values))]
    return np.array(row)
