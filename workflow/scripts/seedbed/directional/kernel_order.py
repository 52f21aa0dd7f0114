"""Derivatives of log I_v(x) and log K_v(x) with respect to the order v, point by point.

From w = 25 on the uniform expansion is differentiated term by term: d/dv log I = -L + v (H - 1/2)/w^2.
Below, log I is carried down from the order v + 26 by the backward recurrence with its derivative, and
for K the mean of t tanh-like weights is taken by the trapezoidal rule:
d/dv log K = int t sinh(vt) e^{-x cosh t} dt / int cosh(vt) e^{-x cosh t} dt, where nothing cancels.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from seedbed.directional import series
from seedbed.directional.coefficients import ORDER_STEPS
from seedbed.directional.compiled import BLOCKWISE, ENTRY, FLAGS, INLINE, source_tag

series_6 = njit(**INLINE)(series.order_series_6)
series_16 = njit(**INLINE)(series.order_series_16)
LN2 = 0.6931471805599453
STEP = 0.2


@njit(**FLAGS)
def big_l(v, x, w):
    """asinh(v/x) = log((v + w)/x) without overflow."""
    if x > 1e-290 * (1.0 + v):
        return math.asinh(v / x)
    return math.log(0.5 * v + 0.5 * w) - math.log(x) + LN2


@njit(**FLAGS)
def uniform(v, x, sign):
    """The expansion's derivative; sign is 1 for I and -1 for K."""
    w = math.hypot(v, x)
    z = 1.0 / w
    p = v * z
    s = series_6(p * p, sign * z) if w >= 200.0 else series_16(p * p, sign * z)
    return -sign * big_l(v, x, w) + p * z * (s - 0.5)


@njit(**FLAGS)
def order_slope_i(v, x):
    """d/dv log I_v(x)."""
    if not (v >= 0.0 and x >= 0.0) or (v == np.inf and x == np.inf):
        return np.nan
    if x == 0.0 or v == np.inf:
        return -np.inf
    if x == np.inf:
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


@njit(**FLAGS)
def fraction(u, x):
    """(x/2) I_{u+1}(x)/I_u(x) and its derivative with respect to u >= 26, for x < 25."""
    h = 0.25 * x * x
    r, dr = 0.0, 0.0
    for j in range(60, 0, -1):
        d = u + j + r
        r = h / d
        dr = -r / d * (1.0 + dr)
    return r, dr


@njit(**FLAGS)
def order_slope_k(v, x):
    """d/dv log K_v(x)."""
    if not (v >= 0.0 and x >= 0.0) or (v == np.inf and x == np.inf):
        return np.nan
    if v == 0.0:
        return 0.0 if x > 0.0 else np.nan
    if x == 0.0 or v == np.inf:
        return np.inf
    if x == np.inf:
        return 0.0
    if math.hypot(v, x) >= 25.0:
        return uniform(v, x, -1.0)
    peak = big_l(v, x, math.hypot(v, x))
    height = v * peak - x * math.cosh(peak) if peak < 700.0 else v * peak - v
    # left of the peak the terms fall like exp(v (t - peak)), right of it doubly exponentially
    first = max(0, int((peak - 45.0 / v) / STEP)) if v * peak > 45.0 else 0
    top, bottom = 0.0, 0.0
    j = first
    while True:
        t = j * STEP
        grown = x * (math.cosh(t) if t < 700.0 else math.exp(t - LN2))
        weight = math.exp(v * t - grown - height)
        mirrored = math.exp(-2.0 * v * t)
        half = 0.5 if j == 0 else 1.0
        top += half * weight * t * -math.expm1(-2.0 * v * t)
        bottom += half * weight * (1.0 + mirrored)
        if t > peak and grown - v * t + height > 45.0:
            return top / bottom
        j += 1


def _entries(tag):
    @njit(BLOCKWISE, **ENTRY)
    def log_iv_dv_points(v, x, out):
        """out[:] = d/dv log I_v(x)."""
        if tag != 0:
            for i in range(v.size):
                out[i] = order_slope_i(v[i], x[i])

    @njit(BLOCKWISE, **ENTRY)
    def log_kv_dv_points(v, x, out):
        """out[:] = d/dv log K_v(x)."""
        if tag != 0:
            for i in range(v.size):
                out[i] = order_slope_k(v[i], x[i])

    return log_iv_dv_points, log_kv_dv_points


log_iv_dv_points, log_kv_dv_points = _entries(source_tag())
