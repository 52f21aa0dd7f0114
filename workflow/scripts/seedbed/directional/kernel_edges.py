"""What the block kernels leave out: zero, infinity, NaN, subnormal x, and hypot(v, x) above 1e145."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from seedbed.directional.compiled import FLAGS

LN2 = 0.6931471805599453
HALF_LOG_2PI = 0.9189385332046727
HALF_LOG_PI_2 = 0.22579135264472744


@njit(**FLAGS)
def leading(v, x):
    """(w, v L) for huge or tiny arguments, every quotient and square kept in range."""
    w = math.hypot(v, x)
    if v == 0.0:
        return w, 0.0
    half = math.log(0.5 * v + 0.5 * w) - math.log(x) + LN2
    return w, v * (math.asinh(v / x) if v < 1e300 * x and x > 1e-300 * v else half)


@njit(**FLAGS)
def log_iv_edge(v, x):
    """log I_v(x) at the edges of its domain; NaN outside it."""
    if not (v >= 0.0 and x >= 0.0) or (v == np.inf and x == np.inf):
        return np.nan
    if x == 0.0:
        return 0.0 if v == 0.0 else -np.inf
    if x == np.inf:
        return np.inf
    if v == np.inf:
        return -np.inf
    if v < 1e8 and x < 1e-100:
        # one term of the power series: the next is below 1e-200
        return v * (math.log(x) - LN2) - math.lgamma(v + 1.0)
    w, v_l = leading(v, x)
    return (w - v_l) - (0.5 * math.log(w) + HALF_LOG_2PI)


@njit(**FLAGS)
def log_kv_edge(v, x):
    """log K_v(x) at the edges of its domain; NaN outside it."""
    if not (v >= 0.0 and x >= 0.0) or (v == np.inf and x == np.inf):
        return np.nan
    if x == 0.0 or v == np.inf:
        return np.inf
    if x == np.inf:
        return -np.inf
    if v < 1e8 and x < 1e-100:
        log_half = LN2 - math.log(x)
        if v * log_half > 20.0:
            return math.lgamma(v) + v * log_half - LN2
        # v is small: K_v ~ sinh(v log(2 e^-gamma / x)) / v up to O(v^2)
        y = log_half - 0.5772156649015329
        s = v * y
        return math.log(y * (math.sinh(s) / s if s > 0.0 else 1.0))
    w, v_l = leading(v, x)
    return (v_l - w) + (HALF_LOG_PI_2 - 0.5 * math.log(w))


@njit(**FLAGS)
def ratio_edge(v, x):
    """I_{v+1}(x) / I_v(x) at the edges of its domain; NaN outside it."""
    if not (v >= 0.0 and x >= 0.0) or (v == np.inf and x == np.inf):
        return np.nan
    if x == 0.0 or v == np.inf:
        return 0.0
    if x == np.inf:
        return 1.0
    if x < 1.0 and v < 1.0:
        return 0.5 * x / (v + 1.0)
    w = math.hypot(v, x)
    half = 0.5 * w
    return 0.5 * x / (half + 0.5 * v) if half > 1.0 else x / (v + 1.0 + w)


@njit(**FLAGS)
def log_kv_dx_edge(v, x):
    """d/dx log K_v(x) at the edges of its domain; NaN outside it."""
    if not (v >= 0.0 and x >= 0.0) or (v == np.inf and x == np.inf):
        return np.nan
    if x == 0.0 or v == np.inf:
        return -np.inf
    if x == np.inf:
        return -1.0
    if x < 1e-100 and v < 1.0:
        # x K_{v-1}/K_v -> 1/log(2 e^-gamma/x) at v = 0, and towards 2 v coth(v log(...)) - 2 v above
        y = LN2 - math.log(x) - 0.5772156649015329
        s = v * y
        return -(s / math.tanh(s) if s > 0.0 else 1.0) / y / x
    return -math.hypot(v, x) / x
