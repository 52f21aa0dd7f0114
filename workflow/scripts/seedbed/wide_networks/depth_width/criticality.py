r"""Initial scales at which signals neither explode nor vanish with depth.

A layer takes preactivations of variance K to :math:`K' = C_b + C_W E \phi(\sqrt K z)^2`. Small changes of the length
are multiplied by :math:`\chi_\parallel = C_W\, E \phi^2 (z^2 - 1) / (2K)`, small angles by :math:`\chi_\perp = C_W\,
E \phi'^2`; both are one at a critical point. Roberts, Yaida and Hanin, *The Principles of Deep Learning Theory*
(2022), from memory; the numbers are our own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from seedbed.counts import is_number, real_number

from .gaussian_moments import GaussianMoments

LOWEST, HIGHEST, GRID = 0.05, 200.0, 200  # where a fixed point of positive variance is looked for
MAX_LAYERS = 100_000


class CriticalInitialization(NamedTuple):
    """Variance of weights times fan-in, variance of biases, and the variance of preactivations that stays."""

    C_W: float
    C_b: float
    K_star: float


class Susceptibilities(NamedTuple):
    """Factors a layer by which small changes of the length, and small angles (squared), are multiplied."""

    parallel: float
    perpendicular: float


class LayerMaps(NamedTuple):
    """``length(K)`` and ``angle(angle, K)``: what one layer makes of a variance and of an angle in radians."""

    length: Callable[[float], float]
    angle: Callable[..., float]


def critical_initialization(activation="relu") -> CriticalInitialization:
    r"""Variances of initial weights and biases that keep lengths and angles over depth.

    Solves :math:`E \phi'^2 = E \phi^2 (z^2 - 1) / (2K)` for K; then :math:`C_W = 1 / E \phi'^2` and
    :math:`C_b = K - C_W E \phi^2`. Weights are drawn with the variance :math:`C_W / n_{in}`, biases with :math:`C_b`.

    Parameters
    ----------
    activation : str or callable
        A name in ``seedbed.wide_networks.ACTIVATIONS``, or any elementwise function.

    Returns
    -------
    CriticalInitialization
        ``(C_W, C_b, K_star)``. ``K_star`` is 0 for activations such as tanh, whose critical lengths shrink slowly, as
        one over the depth. For homogeneous activations such as ReLU every length stays; ``K_star`` is 1 there.

    Raises
    ------
    ValueError
        For an activation without a critical point, such as softplus or the logistic function.

    Notes
    -----
    A fraction of a second. For activations that are neither smooth nor homogeneous quadrature limits the digits.

    Examples
    --------
    >>> from seedbed.wide_networks import critical_initialization
    >>> C_W, C_b, K_star = critical_initialization("gelu")
    >>> f"{C_W:.5f} {C_b:.5f} {K_star:.4f}"
    '1.98306 0.17292 3.5616'
    """
    moments = GaussianMoments(activation)
    if moments.slopes is not None:
        return CriticalInitialization(1.0 / moments.square(1.0), 0.0, 1.0)
    for K in _balanced_lengths(moments):
        C_W = 1.0 / moments.derivative_square(K)
        C_b = K - C_W * moments.square(K)
        if C_b >= -1e-12 * K:
            return CriticalInitialization(C_W, max(C_b, 0.0), K)
    slope = moments.slope_at_zero()
    if abs(float(moments.function(np.zeros(1))[0])) < 1e-12 and slope != 0.0:
        C_W = 1.0 / slope**2
        if C_W * moments.square(LOWEST) < LOWEST:  # lengths fall towards zero, and do not run away from it
            return CriticalInitialization(C_W, 0.0, 0.0)
    raise ValueError(
        f"{activation!r} has no critical initialisation: lengths and angles cannot both be kept. Take relu, gelu, silu,"
        " tanh, sin or erf, or normalise the layers."
    )


def susceptibilities(
    activation="relu", C_W: float | None = None, C_b: float | None = None, K: float | None = None
) -> Susceptibilities:
    r"""Whether small differences of inputs grow (above one) or die (below one) from layer to layer.

    Parameters
    ----------
    activation : str or callable
    C_W, C_b : float, optional
        Initial variances of weights (times fan-in) and biases; by default critical ones.
    K : float, optional
        Variance of the preactivations; by default the one that the layers tend to from 1.

    Returns
    -------
    Susceptibilities
        ``(parallel, perpendicular)``.

    Raises
    ------
    ValueError
        For variances out of range, or where lengths tend to no limit and K is not given.
    """
    moments = GaussianMoments(activation)
    C_W, C_b, rest = scales(activation, C_W, C_b)
    if K is None:
        K = rest if rest is not None else _resting_length(moments, C_W, C_b)
    K = checked_length(K, zero=True)
    return Susceptibilities(C_W * moments.square_slope(K), C_W * moments.derivative_square(K))


def length_and_angle_maps(activation="relu", C_W: float | None = None, C_b: float | None = None) -> LayerMaps:
    r"""What one layer makes of the variance of preactivations, and of the angle between two inputs of equal length.

    Parameters
    ----------
    activation : str or callable
    C_W, C_b : float, optional
        As in :func:`susceptibilities`.

    Returns
    -------
    LayerMaps
        ``length(K)``, the next variance :math:`C_b + C_W E \phi^2`, and ``angle(angle, K=...)``, the next angle in
        radians (K is ``K_star`` where it is not given, or 1). Small angles lose no digits:
        :math:`\sin^2(t'/2) = C_W E (\phi(u) - \phi(v))^2 / (4 K')`.

    Examples
    --------
    >>> from seedbed.wide_networks import length_and_angle_maps
    >>> length, angle = length_and_angle_maps("relu")
    >>> round(length(3.0), 12), round(angle(3.141592653589793), 4)
    (3.0, 1.5708)
    """
    moments = GaussianMoments(activation)
    C_W, C_b, rest = scales(activation, C_W, C_b)

    def length(K: float) -> float:
        return C_b + C_W * moments.square(checked_length(K, zero=True))

    def angle(angle: float, K: float = rest or 1.0) -> float:
        angle = real_number(angle, "the angle between two inputs", lambda x: 0.0 <= x <= np.pi, "from 0 to pi")
        half = C_W * moments.half_square_distance(checked_length(K), angle) / (2.0 * length(K))
        return float(2.0 * np.arcsin(np.sqrt(min(max(half, 0.0), 1.0))))

    return LayerMaps(length, angle)


def checked_length(K: float, zero: bool = False) -> float:
    """A variance of preactivations."""
    if not (is_number(K) and (0.0 < K < np.inf or (zero and K == 0.0))):
        raise ValueError(f"K must be a variance, {'zero or more' if zero else 'positive'} and finite; got {K!r}")
    return float(K)


def scales(activation, C_W: float | None, C_b: float | None) -> tuple[float, float, float | None]:
    """Checked initial variances; critical ones, with their length, where none are given."""
    if C_W is None and C_b is None:
        return critical_initialization(activation)
    C_W = critical_initialization(activation).C_W if C_W is None else C_W
    C_W = real_number(C_W, "C_W", lambda x: 0.0 < x < np.inf, "positive and finite")
    C_b = real_number(0.0 if C_b is None else C_b, "C_b", lambda x: 0.0 <= x < np.inf, "zero or more and finite")
    return C_W, C_b, None


def _balanced_lengths(moments: GaussianMoments) -> list[float]:
    """Variances at which lengths and angles change alike, in increasing order."""

    def difference(K: float) -> float:
        return moments.derivative_square(K) - moments.square_slope(K)

    grid = np.geomspace(LOWEST, HIGHEST, GRID)
    values = [difference(K) for K in grid]
    return [
        float(brentq(difference, low, high, xtol=1e-14, rtol=1e-15))
        for low, high, a, b in zip(grid, grid[1:], values, values[1:], strict=False)
        if a * b < 0.0
    ]


def _resting_length(moments: GaussianMoments, C_W: float, C_b: float) -> float:
    """The variance that the layers tend to."""
    K = 1.0
    for _ in range(MAX_LAYERS):
        new = C_b + C_W * moments.square(K)
        if abs(new - K) <= 1e-14 * max(K, 1e-300) or new < 1e-12:
            return new if new >= 1e-12 else 0.0
        if not new < 1e12:
            break
        K = new
    raise ValueError(f"lengths tend to no limit with C_W={C_W:g} and C_b={C_b:g}: give K, the variance to look at")
