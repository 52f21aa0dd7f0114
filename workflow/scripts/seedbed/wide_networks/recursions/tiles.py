"""Kernels of a tile of pairs, from the defects of their first layers, by whichever loop knows the activation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from seedbed.wide_networks.activations.activation import Activation
from seedbed.wide_networks.activations.hermite import N_TERMS, hermite_coefficients, roughness
from seedbed.wide_networks.activations.interpolation import FLOOR, interpolated
from seedbed.wide_networks.units import unit_of

from .arcsine_loops import arcsine_recursion
from .network import LOOSE, Network
from .rectifier_loops import rectifier_recursion
from .series_loops import first_layer, series_layer

TAIL = 1e-12  # of a series, as a share of the whole
LEAST = 1e-300  # of a variance that is divided by
COARSE = 0.1  # error of the means under which nodes resolve an activation at all; 0.02 of a step
_FLAT = 1e-18  # of the mean square, a mean square slope
_STEPS = (24, 48, 96, 192, 384, N_TERMS)


@dataclass(frozen=True, eq=False)
class Series:
    """Hermite coefficients of one layer: (rows, terms) of even and of odd degrees."""

    even: np.ndarray
    odd: np.ndarray

    @cached_property
    def turned(self) -> tuple[np.ndarray, np.ndarray]:
        """The same, (terms, rows)."""
        return np.ascontiguousarray(self.even.T), np.ascontiguousarray(self.odd.T)


def last_degrees(network: Network, q: float) -> tuple[int, int]:
    """Terms of even and of odd degree that a series needs at this variance.

    Raises
    ------
    ValueError
        If the activation has a kink, or a thousand terms are not enough: the variance is very large.
    """
    activation = network.activation
    if roughness(activation, min(q, 1.0)) > LOOSE:
        raise ValueError(
            f"the activation {activation.name!r} has a kink or a jump, or varies too fast, so that its Hermite series "
            "does not converge; kinks need a closed form ('relu', leaky_relu(a))"
        )
    square = float(activation.second_moment(np.array([q]))[0])
    for n in _STEPS:
        squares = hermite_coefficients(activation, np.array([q]), n)[0] ** 2
        # what is left of the values, and of the slopes by the decay of the last quarter
        slopes = squares * np.arange(n)
        # slopes that are rounding are none: the function is constant
        least = max(slopes.sum(), _FLAT * square, LEAST)
        left = max((square - squares.sum()) / max(square, LEAST), slopes[3 * n // 4 :].sum() / least)
        if left <= TAIL:
            break
    if left > network.left_out or (left := roughness(activation, q)) > min(network.left_out, COARSE):
        raise ValueError(
            f"the Hermite series of {activation.name!r} has not converged after {N_TERMS} terms at the variance "
            f"{q:.3g} of a layer (left: {left:.0e}); scale the inputs down, or take a smaller sigma_w or sigma_b"
        )
    left = np.cumsum(slopes[::-1])[::-1] + np.cumsum(squares[::-1])[::-1]
    needed = np.flatnonzero(left > 0.1 * TAIL * left[0])
    last = int(needed[-1]) if len(needed) else 0
    count = [0, 0]
    for parity in (0, 1):
        kept = np.flatnonzero(squares[parity : last + 1 : 2] > 1e-30 * square)
        count[parity] = int(kept[-1]) + 1 if len(kept) else 0
    return count[0], count[1]


def series_of(network: Network, variances: np.ndarray, largest: np.ndarray) -> list[Series]:
    """Coefficients of every layer for rows of these variances (depth + 1, n); ``largest`` variance of each layer."""
    found = []
    for q, top in zip(variances[:-1], largest[:-1], strict=True):
        even, odd = last_degrees(network, max(float(top), FLOOR))
        table = _coefficients(network.activation, np.maximum(q, LEAST), max(2 * even, 2 * odd, 1))
        parts = (table[:, : 2 * even : 2], table[:, 1 : 2 * odd : 2])
        found.append(Series(*(np.ascontiguousarray(part) for part in parts)))
    return found


def _coefficients(activation: Activation, q: np.ndarray, n_terms: int) -> np.ndarray:
    """a_k(q), (rows, terms), interpolated as shares of the root of E phi^2, which keep their digits for small q."""

    def shares(v: np.ndarray) -> np.ndarray:
        roots = np.sqrt(np.maximum(activation.second_moment(v), LEAST))
        return hermite_coefficients(activation, v, n_terms) / roots[:, None]

    found, below = interpolated(shares, np.maximum(q, FLOOR)), q < FLOOR
    if below.any():
        found[below] = _tiny_shares(activation, q[below], n_terms)
    return found * np.sqrt(activation.second_moment(q))[:, None]


def _tiny_shares(activation: Activation, q: np.ndarray, n_terms: int) -> np.ndarray:
    """Below the floor a_k goes as q^(k/2), from its value there: a mean as small would be rounding beside phi(0)."""
    fallen = hermite_coefficients(activation, np.array([FLOOR]), n_terms) * (q[:, None] / FLOOR) ** (
        0.5 * np.arange(n_terms)
    )
    fallen[:, :1] = hermite_coefficients(activation, q, 1)
    return fallen / np.maximum(np.linalg.norm(fallen, axis=1, keepdims=True), LEAST)


class Sides:
    """Rows on one side of the pairs: roots of their variances, and the coefficients of a series if there is one."""

    def __init__(self, network: Network, variances: np.ndarray, largest: np.ndarray):
        self.network, self.variances = network, variances
        self.roots = np.sqrt(variances)
        self.series = series_of(network, variances, largest) if network.activation.family == "series" else []


def kernels_of_tile(defects: np.ndarray, rows: Sides, columns: Sides, part: slice) -> tuple[np.ndarray, np.ndarray]:
    """Covariance and tangent kernel of the rows ``part`` with the first columns; ``defects`` is overwritten."""
    network, many = rows.network, defects.shape[1]
    kernel = np.empty_like(defects)
    family = network.activation.family
    own, others = np.ascontiguousarray(rows.roots[:, part]), np.ascontiguousarray(columns.roots[:, :many])
    bias, fixed = network.bias_variance, network.fixed_layers
    unit = unit_of([rows.variances.max(), columns.variances.max()])
    each = np.full(network.depth, network.weight_variance)
    if family == "rectifier":
        each *= network.activation.gain
        root = unit**0.5  # rows and biases that are scaled scale the kernel; the loop takes their fourth powers
        rectifier_recursion(defects, kernel, own / root, others / root, each, network.kink, bias / unit, fixed, unit)
        return kernel, defects
    if family in ("erf", "gelu"):
        own, others = np.ascontiguousarray(rows.variances[:, part]), np.ascontiguousarray(columns.variances[:, :many])
        arcsine_recursion(defects, kernel, own, others, each, bias, fixed, family == "gelu")
        return kernel, defects
    return _by_series(defects, kernel, rows, columns, part, unit)


def _by_series(
    correlations, tangents, rows: Sides, columns: Sides, part: slice, unit: float
) -> tuple[np.ndarray, np.ndarray]:
    """The tangent kernel is carried along in units, for it is multiplied by variances, and divided by them after."""
    network, many = rows.network, correlations.shape[1]
    own, others = np.ascontiguousarray(rows.roots[:, part]), np.ascontiguousarray(columns.roots[:, :many])
    own, others = np.maximum(own, LEAST**0.5), np.maximum(others, LEAST**0.5)
    first_layer(correlations, tangents, rows.roots[0, part], columns.roots[0, :many], network.fixed_layers >= 1)
    tangents /= unit
    for layer in range(network.depth):
        even, odd = (np.ascontiguousarray(table[:, :many]) for table in columns.series[layer].turned)
        series_layer(
            correlations, tangents, rows.series[layer].even[part], rows.series[layer].odd[part], even, odd,
            own[layer], others[layer], own[layer + 1], others[layer + 1],
            network.weight_variance, network.bias_variance, float(layer + 2 > network.fixed_layers) / unit,
        )  # fmt: skip
    correlations *= np.outer(rows.roots[-1, part], columns.roots[-1, :many])
    tangents *= unit
    return correlations, tangents
