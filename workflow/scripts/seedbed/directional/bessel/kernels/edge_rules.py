"""What the block kernels leave out: zero, infinity, NaN, subnormal x, and hypot(v, x) above 1e145.

One source for both back ends: ``edge_rules(jit)`` returns the scalar functions, compiled if ``jit``
compiles, plain Python if it returns its argument.
"""

from __future__ import annotations

import math
from collections.abc import Callable

LN2 = 0.6931471805599453
EULER = 0.5772156649015329
HALF_LOG_2PI = 0.9189385332046727
HALF_LOG_PI_2 = 0.22579135264472744
INF = math.inf
NAN = math.nan


def edge_rules(jit: Callable) -> tuple[Callable, Callable, Callable, Callable]:
    """Scalar rules (v, x) -> value for log I, log K, I_{v+1}/I_v and d/dx log K; NaN outside the domain."""

    @jit
    def v_times_asinh(v, x, w):
        # every quotient and square kept in range
        if v == 0.0:
            return 0.0
        if 1e-300 * v < x and v < 1e300 * x:
            return v * math.asinh(v / x)
        return v * (math.log(0.5 * v + 0.5 * w) - math.log(x) + LN2)

    @jit
    def log_iv(v, x):
        if not (v >= 0.0 and x >= 0.0) or (v == INF and x == INF):
            return NAN
        if x == 0.0:
            return 0.0 if v == 0.0 else -INF
        if x == INF:
            return INF
        if v == INF:
            return -INF
        if v < 1e8 and x < 1e-100:
            # one term of the power series: the next is below 1e-200
            return v * (math.log(x) - LN2) - math.lgamma(v + 1.0)
        w = math.hypot(v, x)
        return (w - v_times_asinh(v, x, w)) - (0.5 * math.log(w) + HALF_LOG_2PI)

    @jit
    def log_kv(v, x):
        if not (v >= 0.0 and x >= 0.0) or (v == INF and x == INF):
            return NAN
        if x == 0.0 or v == INF:
            return INF
        if x == INF:
            return -INF
        if v < 1e8 and x < 1e-100:
            log_half = LN2 - math.log(x)
            if v * log_half > 20.0:
                return math.lgamma(v) + v * log_half - LN2
            # v < 0.1 here, and K_v ~ sinh(v log(2 e^-gamma / x)) / v up to a factor 1 + O(v^2)
            y = log_half - EULER
            s = v * y
            return math.log(y * (math.sinh(s) / s if s > 0.0 else 1.0))
        w = math.hypot(v, x)
        return (v_times_asinh(v, x, w) - w) + (HALF_LOG_PI_2 - 0.5 * math.log(w))

    @jit
    def ratio(v, x):
        if not (v >= 0.0 and x >= 0.0) or (v == INF and x == INF):
            return NAN
        if x == 0.0 or v == INF:
            return 0.0
        if x == INF:
            return 1.0
        if x < 1e-100:
            return 0.5 * x / (v + 1.0)
        half = 0.5 * math.hypot(v, x)
        return 0.5 * x / (half + 0.5 * v)

    @jit
    def log_kv_dx(v, x):
        if not (v >= 0.0 and x >= 0.0) or (v == INF and x == INF):
            return NAN
        if x == 0.0 or v == INF:
            return -INF
        if x == INF:
            return -1.0
        if x < 1e-100 and v < 1.0:
            # the derivative of the logarithm of the hyperbolic sine above
            y = LN2 - math.log(x) - EULER
            s = v * y
            return -(s / math.tanh(s) if s > 0.0 else 1.0) / y / x
        return -math.hypot(v, x) / x

    return log_iv, log_kv, ratio, log_kv_dx
