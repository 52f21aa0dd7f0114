r"""Stability of multistep solvers on y' = lambda y with equal steps, in z = lambda times the step."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import brentq

from seedbed.diffusion.solvers.multistep import Multistep, Step
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.diffusion.solvers.weights import adams_weights

from .recurrence import multistep_of, recurrence_matrices

__all__ = ["real_stability_interval", "stability_polynomial", "stability_region"]

_ROUNDING = 1e-9
# where stability is asked for: by eighths up to one, then by factors of 9/8
_TRIED = np.concatenate([np.arange(1, 8) / 8, 1.125 ** np.arange(118)])
_AT_ONCE = 18


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
    constant, slope = _matrices(_rule(solver))
    return np.poly(constant + z * slope)


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
    points = np.asarray(z)
    return _growth(*_matrices(_rule(solver)), points.ravel()).reshape(points.shape)


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
    constant, slope = _matrices(_rule(solver))
    return largest_stable(constant, -slope)


def largest_stable(constant: np.ndarray, slope: np.ndarray) -> float:
    """The end of the interval of c, beginning at zero, where ``constant + c * slope`` lets nothing grow.

    Bracketed by steps of an eighth, several at a time, then found by Brent's method; infinity if it is beyond 1e6.
    """

    def excess(c: float) -> float:
        return float(_growth(constant, slope, np.array([c]))[0]) - 1 - _ROUNDING

    for start in range(0, len(_TRIED), _AT_ONCE):
        growing = _growth(constant, slope, _TRIED[start : start + _AT_ONCE]) > 1 + _ROUNDING
        if growing.any():
            first = start + int(growing.argmax())
            low, high = float(_TRIED[first - 1]) if first else 0.0, float(_TRIED[first])
            # what grows at zero already has no such interval
            return brentq(excess, low, high, xtol=1e-300, rtol=1e-14) if first or excess(low) <= 0 else 0.0
    return np.inf


def _growth(constant: np.ndarray, slope: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """The largest modulus of an eigenvalue for each factor."""
    return np.abs(np.linalg.eigvals(constant + factors[:, None, None] * slope)).max(axis=1)


def _rule(solver: ProbabilityFlow) -> Multistep:
    rule = multistep_of(solver)
    if rule.exponential:
        raise ValueError("exponential solvers take the decay of y exactly: see guidance_limit for their stability")
    return rule


def _matrices(rule: Multistep) -> tuple[np.ndarray, np.ndarray]:
    """On equal steps of length one."""
    lower = adams_weights(rule.order - 1) if rule.order > 1 else np.zeros(0)
    step = Step(0.0, 1.0, 1.0, 1.0, adams_weights(rule.order), lower, np.zeros(0))
    return recurrence_matrices(rule, step, 1.0)
