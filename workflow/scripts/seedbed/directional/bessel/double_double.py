"""Double-double arithmetic on NumPy arrays, for the band around the zero curves of log I and log K.

NumPy has no fused multiply-add, so products are split after Dekker (1971); the rest is that of
``kernel_math``.
"""

from __future__ import annotations

import numpy as np

from seedbed.directional.bessel.series import coefficients
from seedbed.directional.bessel.series import polynomials as series_polynomials

SPLIT = 134217729.0
LN2_HIGH, LN2_LOW = coefficients.LN2
Y0 = coefficients.ZERO_SLOPE_Y0[0]
LOG_Y0_HIGH, LOG_Y0_LOW = coefficients.LOG_Y0


def two_sum(a, b):
    """a + b as an unevaluated sum of two doubles."""
    s = a + b
    c = s - a
    return s, (a - (s - c)) + (b - c)


def two_product(a, b):
    """a * b as an unevaluated sum of two doubles; |a|, |b| < 1e150."""
    p = a * b
    t = SPLIT * a
    a_high = t - (t - a)
    a_low = a - a_high
    t = SPLIT * b
    b_high = t - (t - b)
    b_low = b - b_high
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def quotient(a, a_low, b, b_low):
    """(a + a_low) / (b + b_low) as an unevaluated sum of two doubles."""
    q = a / b
    p, p_low = two_product(q, b)
    return q, (((a - p) - p_low) + (a_low - q * b_low)) / b


def zero_band_parts(v: np.ndarray, x: np.ndarray):
    """F = w - v L and log w, each as two doubles, and w; see ``kernel_math.zero_band_parts``."""
    vv, vv_low = two_product(v, v)
    xx, xx_low = two_product(x, x)
    s, s_low = two_sum(vv, xx)
    s_low = s_low + vv_low + xx_low
    w = np.sqrt(s)
    p, p_low = two_product(w, w)
    w_low = (((s - p) - p_low) + s_low) / (2.0 * w)
    top, top_low = two_sum(v, w)
    y, y_low = quotient(top, top_low + w_low, x, 0.0)
    n, n_low = two_sum(y, -Y0)
    d, d_low = two_sum(y, Y0)
    n, n_low = two_sum(n, n_low + y_low)
    d, d_low = two_sum(d, d_low + y_low)
    h, h_low = quotient(n, n_low, d, d_low)
    u = h * h
    big, big_low = two_sum(LOG_Y0_HIGH, 2.0 * h)
    big_low = big_low + LOG_Y0_LOW + 2.0 * h_low + h * u * series_polynomials.atanh_tail(u)
    p, p_low = two_product(v, big)
    f, f_low = two_sum(w, -p)
    f_low = f_low + w_low - (p_low + v * big_low)
    m, k = np.frexp(w)
    low = m < np.sqrt(0.5)
    m, k = np.where(low, 2.0 * m, m), np.where(low, k - 1, k).astype(float)
    e, e_low = two_sum(m, 1.0)
    q, q_low = quotient(m - 1.0, 0.0, e, e_low)
    lw, lw_low = two_sum(k * LN2_HIGH, 2.0 * q)
    u = q * q
    lw_low = lw_low + 2.0 * q_low + q * u * series_polynomials.atanh_tail(u) + k * LN2_LOW + w_low / w
    return f, f_low, lw, lw_low, w


def add_up(f, f_low, g, g_low, rest):
    """(f + f_low) + (g + g_low) + rest with a single rounding to speak of."""
    a, a_low = two_sum(f, g)
    return a + (a_low + (f_low + g_low + rest))
