r"""Stability of multistep solvers on y' = lambda y with equal steps, in z = lambda times the step."""

from __future__ import annotations

from typing import Any

import numpy as np

from seedbed.diffusion.solvers.multistep import Multistep, Step
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.diffusion.solvers.weights import adams_weights

from .recurrence import multistep_of, recurrence_matrix

__all__ = ["real_stability_interval", "stability_polynomial", "stability_region"]

_ROUNDING = 1e-9
_HALVINGS = 60


def stability_polynomial(solver: ProbabilityFlow, z: complex) -> np.ndarray:
    r"""The characteristic polynomial of a solver at z, highest power first.

    Its roots are the factors by which the recurrence can grow; the solver is stable at z if none exceeds one.

    Parameters
    ----------
    solver : ProbabilityFlow
        A multistep solver in sigma; its coefficients are those of equal steps.
    z : complex
        :math:`\lambda\Delta`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the solver is a one-step method, of variable order, or exponential.
    """
    return np.poly(_matrix(_rule(solver), z))


def stability_region(solver: ProbabilityFlow, z: Any) -> np.ndarray:
    """The largest growth factor of a step at every z; at most one is stable.

    Parameters
    ----------
    solver : ProbabilityFlow
    z : array-like of complex
        Any shape.

    Returns
    -------
    ndarray of the shape of ``z``

    Raises
    ------
    ValueError
        As :func:`stability_polynomial`.
    """
    rule, points = _rule(solver), np.asarray(z)
    matrices = np.array([_matrix(rule, point) for point in points.ravel().tolist()])
    return np.abs(np.linalg.eigvals(matrices)).max(axis=1).reshape(points.shape)


def real_stability_interval(solver: ProbabilityFlow) -> float:
    r"""The largest z* for which all of [-z*, 0] is stable.

    :math:`2/A_p` for Adams, :math:`2(2-\beta)/(\beta A_p)` for the heavy ball on it, and
    :math:`2(2-\beta)/(\beta A_p + 2(1-\beta)A_{p-1})` for the generalised heavy ball, with
    :math:`A_p = \sum_{j<p}\gamma_j 2^j`: the last is never more stable than Adams of one order less.

    Parameters
    ----------
    solver : ProbabilityFlow

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As :func:`stability_polynomial`.
    """
    rule = _rule(solver)
    return largest_stable(lambda z: spectral_radius(_matrix(rule, -z)))


def largest_stable(radius: Any, first: float = 0.125) -> float:
    """The end of the stable interval that begins at zero: bracketed by steps of an eighth, then halved."""
    low, high = 0.0, first
    while radius(high) <= 1 + _ROUNDING:
        low, high = high, high * 1.125 if high >= 1 else high + first
        if high > 1e6:
            return np.inf
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if radius(middle) <= 1 + _ROUNDING else (low, middle)
        if high - low < 1e-12 * high:
            break
    return low


def spectral_radius(matrix: np.ndarray) -> float:
    """The largest modulus of an eigenvalue."""
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def _rule(solver: ProbabilityFlow) -> Multistep:
    rule = multistep_of(solver)
    if rule.exponential:
        raise ValueError("exponential solvers take the decay of y exactly: see guidance_limit for their stability")
    return rule


def _matrix(rule: Multistep, z: complex) -> np.ndarray:
    """On equal steps of length one."""
    lower = adams_weights(rule.order - 1) if rule.order > 1 else np.zeros(0)
    step = Step(0.0, 1.0, 1.0, 1.0, adams_weights(rule.order), lower, np.zeros(0))
    return recurrence_matrix(rule, step, z, 1.0)
