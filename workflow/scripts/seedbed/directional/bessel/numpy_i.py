"""log I, its ratio and the order derivatives with NumPy alone: the same formulas as the compiled kernels.

Used if numba is not installed, or on request. Functions take contiguous one-dimensional float64 arrays
(v, x, out) like the kernels, and agree with them to a few units in the last place.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seedbed.directional.bessel.kernels.edge_rules import edge_rules
from seedbed.directional.bessel.kernels.order_slope import order_slopes
from seedbed.directional.bessel.series import coefficients
from seedbed.directional.bessel.series import log as series_log
from seedbed.directional.bessel.series import polynomials as series_polynomials
from seedbed.directional.bessel.series import power as series_power
from seedbed.directional.bessel.series import ratio as series_ratio
from seedbed.directional.bessel.series import steps as series_steps

from .double_double import add_up, two_sum, zero_band_parts

HALF_LOG_2PI, HALF_LOG_2PI_LOW = coefficients.HALF_LOG_2PI
CHUNK = 1 << 14
LEVELS = ((1000.0, 4), (200.0, 6), (60.0, 9), (25.0, 16))
SMALL = ((1.5, series_power.power_sum_10), (6.5, series_power.power_sum_18), (np.inf, series_power.power_sum_46))
NEAR = 0.125

_log_iv_edge, _, _ratio_edge, _ = edge_rules(lambda function: function)
_order_slope_i, _order_slope_k = order_slopes(lambda function: function)


def in_chunks(v: np.ndarray, x: np.ndarray, out: np.ndarray, regular: Callable, edge: Callable) -> None:
    """``regular(v, x)`` on chunks that fit the cache; ``edge`` point by point where it does not hold."""
    for start in range(0, v.size, CHUNK):
        part = slice(start, start + CHUNK)
        a, b, result = v[part].copy(), x[part].copy(), out[part]
        with np.errstate(over="ignore", invalid="ignore"):
            w2 = a * a + b * b
            good = (a >= 0) & (b >= 4.5e-308) & (w2 < 1e290)
        with np.errstate(over="ignore"):
            result[good] = regular(a[good], b[good])
        for i in np.flatnonzero(~good):
            result[i] = edge(float(a[i]), float(b[i]))


def by_level(v: np.ndarray, x: np.ndarray, uniform: Callable, small: Callable) -> np.ndarray:
    """``uniform(v, x, w, number of terms)`` from w = 25 on, ``small(v, x)`` below."""
    w = np.sqrt(v * v + x * x)
    result = np.empty_like(w)
    high = np.inf
    for low, n_terms in LEVELS:
        here = np.flatnonzero((w >= low) & (w < high))
        if here.size:
            result[here] = uniform(v[here], x[here], w[here], n_terms)
        high = low
    here = np.flatnonzero(w < high)
    if here.size:
        result[here] = small(v[here], x[here])
    return result


def big_l(v: np.ndarray, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """asinh(v/x) = log((v + w)/x), the quotient kept in range."""
    with np.errstate(over="ignore"):
        quotient = v / x
    return np.where(quotient < 1e300, np.arcsinh(quotient), np.log(v + w) - np.log(x))


def _uniform(v, x, w, n_terms):
    z = 1.0 / w
    s = getattr(series_log, f"log_series_{n_terms}")((v * z) ** 2, z)
    result = (w - v * big_l(v, x, w)) - ((0.5 * np.log(w) + HALF_LOG_2PI) - s)
    near = np.flatnonzero(np.abs(result) < NEAR * w)
    if near.size:
        f, f_low, lw, lw_low, w = zero_band_parts(v[near], x[near])
        z = 1.0 / w
        g, g_low = two_sum(-0.5 * lw, -HALF_LOG_2PI)
        rest = series_log.log_series_16((v[near] * z) ** 2, z)
        result[near] = add_up(f, f_low, g, g_low - 0.5 * lw_low - HALF_LOG_2PI_LOW, rest)
    return result


def _small(v, x):
    q = 0.25 * x * x
    s = np.empty_like(q)
    low = -np.inf
    for high, power_sum in SMALL:
        here = (x > low) & (x <= high)
        s[here] = power_sum(v[here], q[here])
        low = high
    n = np.floor(v + 0.5)
    m = v - n
    e = m * series_polynomials.reciprocal_gamma_tail(m)
    e = s + e + s * e
    product = np.ones_like(m)
    for j in range(1, 26):
        product = np.where(n >= j, product * (m + j), product)
    return v * np.log(0.5 * x) + (np.log1p(e) - np.log(product))


def log_iv(v: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """out[:] = log I_v(x)."""
    in_chunks(v, x, out, lambda a, b: by_level(a, b, _uniform, _small), _log_iv_edge)


def _uniform_ratio(v, x, w, n_terms):
    z = 1.0 / w
    g = getattr(series_ratio, f"ratio_series_{n_terms}")((v * z) ** 2, z)
    return x * (1.0 / (w + v) + z * z * (g - 0.5))


def _small_ratio(v, x):
    u = v + coefficients.ORDER_STEPS
    w = np.sqrt(u * u + x * x)
    z = 1.0 / w
    start = 1.0 / (w + u) + z * z * (series_ratio.ratio_series_16((u * z) ** 2, z) - 0.5)
    return x * series_steps.downward_ratio(u, start, x * x)


def ratio(v: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """out[:] = I_{v+1}(x) / I_v(x)."""
    in_chunks(v, x, out, lambda a, b: by_level(a, b, _uniform_ratio, _small_ratio), _ratio_edge)


def log_iv_dv(v: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """out[:] = d/dv log I_v(x)."""
    out[:] = [_order_slope_i(a, b) for a, b in zip(v.tolist(), x.tolist(), strict=True)]


def log_kv_dv(v: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """out[:] = d/dv log K_v(x)."""
    out[:] = [_order_slope_k(a, b) for a, b in zip(v.tolist(), x.tolist(), strict=True)]
