r"""Families of kernels on graphs: one symmetric matrix, one function of its eigenvalues each.

With A the adjacency matrix, D its degrees, L = D - A and S = D^-1/2 A D^-1/2, every kernel here is

.. math:: H = D^a \left( \sum_k f(\lambda_k; t)\, v_k v_k^\top \right) D^b ,

:math:`(\lambda_k, v_k)` the eigenpairs of A, L or S. A function is given by its ratios :math:`f(\lambda) / f(\mu)`,
computed as one exponential of a difference where exponentials are, so that no t overflows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import erf

from .spectra import MatrixName

Values = np.ndarray


@dataclass(frozen=True)
class Family:
    """One family of kernels.

    Parameters
    ----------
    name : str
    matrix : {"A", "L", "S"}
    ratios : callable
        ``ratios(values, reference, t)`` is ``f(values) / f(reference)``, for t up to and with its limit.
    log_value : callable
        ``log_value(value, t)`` is ``log |f(value)|``.
    kind : {"exponential", "inverse", "gaussian"}
        How the parameter is scaled: see :mod:`seedbed.proximity.measures.parameters`.
    even : bool
        Whether only walks of even length count.
    powers : (float, float)
        The exponents a and b of D.
    """

    name: str
    matrix: MatrixName
    ratios: Callable[[Values, float, float], Values]
    log_value: Callable[[float, float], float]
    kind: str
    even: bool = False
    powers: tuple[float, float] = (0.0, 0.0)

    def order(self, values: Values) -> Values:
        """Places of the eigenvalues, the one with the largest f first."""
        return np.argsort(values if self.matrix == "L" else -np.abs(values) if self.even else -values, kind="stable")

    def settle(self, values: Values) -> Values:
        """Eigenvalues without what rounding did to those that are known: L and S bound them."""
        if self.matrix == "L":
            return np.maximum(values, 0.0)
        return np.clip(values, -1.0, 1.0) if self.matrix == "S" else values


def _differences(t: float, values: Values, reference: float) -> Values:
    """``t (values - reference)``; at t = inf equal eigenvalues, up to rounding, still have the ratio one."""
    if np.isinf(t):
        near = np.abs(values - reference) <= 1e-10 * max(1.0, abs(reference))
        return np.where(near, 0.0, np.copysign(np.inf, values - reference))
    return t * (values - reference)


def _exponential(values: Values, reference: float, t: float) -> Values:
    return np.exp(_differences(t, values, reference))


def _decay(values: Values, reference: float, t: float) -> Values:
    return np.exp(-_differences(t, values, reference))


def _even_exponential(values: Values, reference: float, t: float) -> Values:
    sizes, size = np.abs(values), abs(reference)
    growth = np.exp(_differences(t, sizes, size))
    finite = min(t, 1e300)
    return growth * (1.0 + np.exp(-2.0 * finite * sizes)) / (1.0 + np.exp(-2.0 * finite * size))


def _double_factorial(values: Values, reference: float, t: float) -> Values:
    x, y = t * values, t * reference
    ratio = _half_gaussian(x) / _half_gaussian(np.asarray(y))
    return np.exp((x - y) * (x + y) / 2.0) * ratio


def _half_gaussian(x: Values) -> Values:
    """The second factor of sum_k x^k / k!! = e^(x^2/2) (1 + sqrt(pi/2) erf(x / sqrt 2)); negative below -1.276."""
    return 1.0 + np.sqrt(np.pi / 2.0) * erf(x / np.sqrt(2.0))


def _walk(values: Values, reference: float, t: float) -> Values:
    return _quotient(1.0 - t * reference, 1.0 - t * values)


def _even_walk(values: Values, reference: float, t: float) -> Values:
    return _quotient(1.0 - t * reference**2, 1.0 - t * values**2)


def _forest(values: Values, reference: float, t: float) -> Values:
    if np.isinf(t):
        return _quotient(np.asarray(reference), values)
    return (1.0 + t * reference) / (1.0 + t * values)


def _quotient(numerator: float | Values, denominator: Values) -> Values:
    """One where both are zero, at the end of the parameter's range."""
    return np.divide(numerator, denominator, out=np.ones_like(denominator, dtype=float), where=denominator != 0.0)


_WALK = {"ratios": _walk, "log_value": lambda value, t: -np.log1p(-t * value), "kind": "inverse"}
_HEAT = {"ratios": _decay, "log_value": lambda value, t: -t * value if value else 0.0, "kind": "exponential"}
# exp(-t (I - S)): the constant exp(-t) is in log_value
_SMOOTH = {
    "ratios": _exponential,
    "log_value": lambda value, t: t * (value - 1.0) if value != 1.0 else 0.0,
    "kind": "exponential",
}

FAMILIES = {
    family.name: family
    for family in (
        Family("walk", "A", **_WALK),
        Family("communicability", "A", _exponential, lambda value, t: t * value, "exponential"),
        Family(
            "even_communicability",
            "A",
            _even_exponential,
            lambda value, t: t * abs(value) + np.log1p(np.exp(-2 * t * abs(value))) - np.log(2.0),
            "exponential",
            even=True,
        ),
        Family(
            "double_factorial",
            "A",
            _double_factorial,
            lambda value, t: (t * value) ** 2 / 2 + np.log(abs(float(_half_gaussian(np.asarray(t * value))))),
            "gaussian",
        ),
        Family("forest", "L", _forest, lambda value, t: -np.log1p(t * value) if value else 0.0, "inverse"),
        Family("heat", "L", **_HEAT),
        Family("normalised_heat", "S", **_SMOOTH),
        Family("pagerank", "S", **_WALK, powers=(-0.5, 0.5)),
        Family("modified_pagerank", "S", **_WALK, powers=(-0.5, -0.5)),
        Family("heat_pagerank", "S", **_SMOOTH, powers=(-0.5, 0.5)),
        Family(
            "even_pagerank",
            "S",
            _even_walk,
            lambda value, t: -np.log1p(-t * value**2),
            "inverse",
            even=True,
            powers=(-0.5, -0.5),
        ),
    )
}
# kernels without a parameter, their elementwise sigmoids, and measures that are distances from the start
FIXED = ("commute_time", "resistance", "corrected_commute_time")
SIGMOIDS = {
    "sigmoid_commute_time": "commute_time",
    "sigmoid_corrected_commute_time": "corrected_commute_time",
}
DISTANCES = ("shortest_path", "randomised_shortest_path", "free_energy", "shortest_path_commute_time")
MEASURES = (*FAMILIES, *FIXED, *SIGMOIDS, *DISTANCES)
