"""Derivatives of log I_v(x) and log K_v(x) with respect to the order v, point by point.

From w = 25 on the uniform expansion is differentiated term by term: d/dv log I = -L + v (H - 1/2)/w^2.
Below, log I is carried down from the order v + 26 by the backward recurrence with its derivative, and for
K the mean of t is taken by the trapezoidal rule, where nothing cancels:
d/dv log K = int t sinh(vt) e^{-x cosh t} dt / int cosh(vt) e^{-x cosh t} dt.

One source for both back ends: ``order_slopes(jit)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from seedbed.directional.bessel.series import order as series_order
from seedbed.directional.bessel.series.coefficients import ORDER_STEPS

LN2 = 0.6931471805599453
# the integrand is as narrow as 1/sqrt(w) <= 1/5: the rule's error is below exp(-2 pi^2 / (25 STEP^2))
STEP = 0.12


def order_slopes(jit: Callable) -> tuple[Callable, Callable]:
    """Scalar functions (v, x) -> d/dv log I_v(x) and d/dv log K_v(x); NaN outside the domain."""
    series_6 = jit(series_order.order_series_6)
    series_16 = jit(series_order.order_series_16)

    @jit
    def big_l(v, x, w):
        """asinh(v/x) = log((v + w)/x) without overflow."""
        if x > 1e-290 * (1.0 + v):
            return math.asinh(v / x)
        if w > 1.0:
            return math.log(0.5 * v + 0.5 * w) - math.log(x) + LN2
        return math.log(v + w) - math.log(x)

    @jit
    def uniform(v, x, sign):
        """The expansion's derivative; sign is 1 for I and -1 for K."""
        w = math.hypot(v, x)
        z = 1.0 / w
        p = v * z
        s = series_6(p * p, sign * z) if w >= 200.0 else series_16(p * p, sign * z)
        return -sign * big_l(v, x, w) + p * z * (s - 0.5)

    @jit
    def fraction(u, x):
        """(x/2) I_{u+1}(x)/I_u(x) and its derivative with respect to u >= 26, for x < 25."""
        h = 0.25 * x * x
        r, dr = 0.0, 0.0
        for j in range(60, 0, -1):
            d = u + j + r
            r = h / d
            dr = -r / d * (1.0 + dr)
        return r, dr

    @jit
    def order_slope_i(v, x):
        """d/dv log I_v(x)."""
        if not (v >= 0.0 and x >= 0.0) or (v == math.inf and x == math.inf):
            return math.nan
        if x == 0.0 or v == math.inf:
            return -math.inf
        if x == math.inf:
            return 0.0
        if math.hypot(v, x) >= 25.0:
            return uniform(v, x, 1.0)
        # I_{j-1} = (2 j / x) I_j + I_{j+1}, all multiplied by powers of x/2: values and derivatives
        u = v + ORDER_STEPS
        w = math.hypot(u, x)
        z = 1.0 / w
        p = u * z
        a, da = 1.0, 0.0
        b, db = fraction(u, x)
        h = 0.25 * x * x
        for j in range(ORDER_STEPS):
            c = (u - j) * a + b
            dc = (u - j) * da + a + db
            b, db = h * a, h * da
            a, da = c, dc
        s = series_16(p * p, z)
        return -big_l(u, x, w) + p * z * (s - 0.5) + da / a

    @jit
    def order_slope_k(v, x):
        """d/dv log K_v(x)."""
        if not (v >= 0.0 and x >= 0.0) or (v == math.inf and x == math.inf):
            return math.nan
        if v == 0.0:
            return 0.0 if x > 0.0 else math.nan
        if x == 0.0 or v == math.inf:
            return math.inf
        if x == math.inf:
            return 0.0
        if math.hypot(v, x) >= 25.0:
            return uniform(v, x, -1.0)
        peak = big_l(v, x, math.hypot(v, x))
        log_half = math.log(x) - LN2
        height = v * peak - math.hypot(v, x)
        # left of the peak the terms fall like exp(v (t - peak + 1)), right of it doubly exponentially
        first = max(0, int((peak - 1.0 - 45.0 / v) / STEP)) if v * peak > 45.0 else 0
        top, bottom = 0.0, 0.0
        j = first
        while True:
            t = j * STEP
            grown = x * math.cosh(t) if t < 30.0 else math.exp(t + log_half)
            weight = math.exp(v * t - grown - height)
            mirrored = math.exp(-2.0 * v * t)
            half = 0.5 if j == 0 else 1.0
            top += half * weight * t * -math.expm1(-2.0 * v * t)
            bottom += half * weight * (1.0 + mirrored)
            if t > peak and grown - v * t + height > 45.0:
                return top / bottom
            j += 1

    return order_slope_i, order_slope_k
