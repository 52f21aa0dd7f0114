r"""Derivatives of the ratio A = I_{v+1}/I_v and of log I_v, to second order, without cancellation.

The ratio's differential equation, :math:`A' = 1 - A^2 - (2v+1) A/x`, and :math:`\partial_v A + 1/x` lose all digits for
large x. Here the expansion in z = 1/w, w = hypot(v, x), is differentiated by hand: with t = (v z)^2 and the series R,

.. math:: A = \frac{x}{w + v} + x z^2 \bigl(R - \tfrac12\bigr), \qquad
          \partial_x \frac{x}{w + v} = \frac{v}{w (w + v)}, \qquad \partial_v \frac{x}{w + v} = -\frac{x}{w (w + v)} .

Below w = 25 the ratio over x and its two derivatives are carried down from the order v + 26 by the recurrence. Plain
arithmetic: for NumPy arrays and torch tensors alike.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from seedbed.directional.bessel.series import order as series_order
from seedbed.directional.bessel.series import ratio as series_ratio
from seedbed.directional.bessel.series.coefficients import ORDER_STEPS

_STEP = 1e-100  # a step along the imaginary axis rounds nothing: the derivative of a polynomial to the last bit


class Slopes(NamedTuple):
    """Derivatives of A by x and v, and of v/x + A, the slope of log I, by x and v."""

    ratio_dx: Any
    ratio_dv: Any
    slope_dx: Any
    slope_dv: Any


def with_slopes(series: Any, t: Any, z: Any) -> tuple[Any, Any, Any]:
    """A series in t and z, and its derivatives by both."""
    return series(t, z), series(t + _STEP * 1j, z).imag / _STEP, series(t, z + _STEP * 1j).imag / _STEP


def uniform_slopes(v: Any, x: Any, w: Any) -> Slopes:
    """For w = hypot(v, x) >= 25."""
    z = 1.0 / w
    p = v * z
    t, q = p * p, (x * z) ** 2  # q = 1 - t
    R, by_t, by_z = with_slopes(series_ratio.ratio_series_16, t, z)
    rest_x = z * z * ((R - 0.5) * (t - q) - q * (2.0 * t * by_t + z * by_z))
    rest_v = x * z * z * z * p * (1.0 - 2.0 * R + 2.0 * q * by_t - z * by_z)
    ratio_dx = v / (w + v) * z + rest_x
    ratio_dv = rest_v - x * z / (w + v)
    # v/(w (w + v)) - v/x^2 = -v^2/(w x^2), and 1/x - x/(w (w + v)) = v/(w x)
    return Slopes(ratio_dx, ratio_dv, rest_x - v / x * p / x, p / x + rest_v)


def shifted_slopes(v: Any, x: Any, hypot: Any) -> Slopes:
    """For hypot(v, x) < 25."""
    u, s = v + ORDER_STEPS, x * x
    w = hypot(u, x)
    z = 1.0 / w
    t = (u * z) ** 2
    R, by_t, by_z = with_slopes(series_ratio.ratio_series_16, t, z)
    # r = I_{u+1}/(x I_u), by the order and by s = x^2
    r = 1.0 / (w + u) + z * z * (R - 0.5)
    by_order = u * z**4 * (1.0 - 2.0 * R + 2.0 * (s * z * z) * by_t - z * by_z) - z / (w + u)
    by_square = -(z**4) * (R - 0.5 + t * by_t + 0.5 * z * by_z) - 0.5 * z / (w + u) ** 2
    for j in range(ORDER_STEPS):
        below = 1.0 / (2.0 * (u - j) + s * r)
        by_square = -below * below * (r + s * by_square)
        by_order = -below * below * (2.0 + s * by_order)
        r = below
    ratio_dx, ratio_dv = r + 2.0 * s * by_square, x * by_order
    return Slopes(ratio_dx, ratio_dv, ratio_dx - v / x / x, ratio_dv + 1.0 / x)


def uniform_order_curvature(v: Any, w: Any) -> Any:
    """The second derivative of log I by the order for w >= 25."""
    z = 1.0 / w
    t = (v * z) ** 2
    H, by_t, by_z = with_slopes(series_order.order_series_16, t, z)
    return z * z * ((1.0 - 2.0 * t) * (H - 0.5) + t * (2.0 * (1.0 - t) * by_t - z * by_z)) - z


def shifted_order_curvature(v: Any, x: Any, hypot: Any) -> Any:
    """The second derivative of log I by the order for w < 25: log I carried down from v + 26, differentiated twice."""
    u, h = v + ORDER_STEPS, 0.25 * x * x
    r, dr, ddr = 0.0 * h, 0.0 * h, 0.0 * h
    for j in range(60, 0, -1):
        d = u + j + r
        r = h / d
        dr, ddr = -r / d * (1.0 + dr), r / d * (2.0 * (1.0 + dr) ** 2 / d - ddr)
    a, da, dda = 1.0 + 0.0 * h, 0.0 * h, 0.0 * h
    b, db, ddb = r, dr, ddr
    for j in range(ORDER_STEPS):
        n = u - j
        dda, ddb = n * dda + 2.0 * da + ddb, h * dda
        da, db = n * da + a + db, h * da
        a, b = n * a + b, h * a
    return uniform_order_curvature(u, hypot(u, x)) + dda / a - (da / a) ** 2
