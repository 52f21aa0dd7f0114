r"""A solver on a linear equation is a linear recurrence: its matrix, by the solver's own code on unit vectors."""

from __future__ import annotations

import numpy as np

from seedbed.diffusion.solvers.multistep import Memory, Multistep, Step
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.diffusion.solvers.variable_order import VariableOrder

__all__ = ["multistep_of", "recurrence_matrix"]


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


def recurrence_matrix(rule: Multistep, step: Step, factor: complex, rescale: float) -> np.ndarray:
    r"""What one step does to point, past values and velocities, for values ``slope = factor * y``.

    Parameters
    ----------
    rule : Multistep
    step : Step
        Its weights, at their full order.
    factor : complex
        :math:`\lambda` for y' = lambda y; c / sigma on the noise grid; 1 - c for denoised points.
    rescale : float
        Past values are multiplied by it after the step: on a geometric grid values times sigma recur.

    Returns
    -------
    ndarray of shape (m, m)
        Columns are the images of unit vectors.
    """
    predicted = int(rule.corrector)  # a corrector looks at one value more, and begins at the origin again
    sizes = [1, rule.order - 1 + predicted, rule.order if rule.momentum else 0, predicted]
    columns = []
    for unit in np.eye(sum(sizes), dtype=np.result_type(type(factor), np.float64)):
        y, slopes, velocities, origin = np.split(unit, np.cumsum(sizes)[:-1])
        memory = Memory(y[0], tuple(slopes), tuple(velocities), origin[0] if predicted else None)
        value = factor * memory.y
        memory = rule.advance(rule.corrected(memory, value, step, step), value, step)
        image = [np.atleast_1d(memory.y), _filled(memory.slopes, sizes[1]), _filled(memory.velocities, sizes[2])]
        columns.append(np.concatenate([image[0], rescale * image[1], rescale * image[2], [memory.origin] * predicted]))
    return np.array(columns).T


def _filled(values: tuple, size: int) -> np.ndarray:
    row = [*values[:size], *[0.0] * (size - len(values))]
    return np.array(row)
