"""Logarithm, exponential and double-double arithmetic that LLVM can turn into SIMD code.

The functions of libm are calls, and one call in a loop keeps the whole loop scalar. What is written here
is plain arithmetic on the bits of IEEE doubles; arguments must be positive normal numbers.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional.bessel.series import coefficients
from seedbed.directional.bessel.series import polynomials as series_polynomials
from seedbed.simd import bits_of, from_bits, fused

from .compiled import EXACT, INLINE

atanh_tail = njit(**INLINE)(series_polynomials.atanh_tail)
exp_taylor = njit(**INLINE)(series_polynomials.exp_taylor)

MAGIC_BITS = np.uint64(0x4330000000000000)
MAGIC = 4503599627370496.0
SQRT_HALF_BITS = np.uint64(0x3FE6A09E667F3BCD)
ONE_BITS = np.uint64(0x3FF0000000000000)
EXPONENT = np.uint64(52)
HALF_STEP = np.uint64(1 << 51)
LN2_HIGH, LN2_LOW = coefficients.LN2
LOG2E = 1.4426950408889634
Y0 = coefficients.ZERO_SLOPE_Y0[0]
LOG_Y0_HIGH, LOG_Y0_LOW = coefficients.LOG_Y0


@njit(**INLINE)
def log_split(x):
    """x = 2^k m with m in [sqrt(1/2), sqrt(2)): returns (k, m); ``k`` is exact as a double.

    The offset of the exponent is added and removed, as k may be negative and the shift is unsigned.
    """
    bits = bits_of(x)
    shifted = (bits + (np.uint64(1024) << EXPONENT) - SQRT_HALF_BITS) >> EXPONENT
    k = from_bits(shifted | MAGIC_BITS) - (MAGIC + 1024.0)
    return k, from_bits(bits - ((shifted - np.uint64(1024)) << EXPONENT))


@njit(**INLINE)
def log_assemble(k, s):
    """k log 2 + 2 atanh(s)."""
    u = s * s
    return k * LN2_HIGH + (s * (2.0 + u * atanh_tail(u)) + k * LN2_LOW)


@njit(**INLINE)
def log(x):
    """Natural logarithm of a positive normal number, to about one unit in the last place.

    With f = m - 1 (exact) and s = f / (2 + f): log m = f - (f^2/2 - s (f^2/2 + R)), where the rounding of
    s is multiplied by f^2.
    """
    k, m = log_split(x)
    f = m - 1.0
    s = f / (2.0 + f)
    u = s * s
    half = 0.5 * f * f
    return k * LN2_HIGH - ((half - (s * (half + u * atanh_tail(u)) + k * LN2_LOW)) - f)


@njit(**INLINE)
def exp(y):
    """exp(y) for |y| < 708."""
    k = np.floor(y * LOG2E + 0.5)
    r = (y - k * LN2_HIGH) - k * LN2_LOW
    # k + 1023 > 0 sits in the low bits of the sum with 2^52
    return exp_taylor(r) * from_bits(bits_of(k + (MAGIC + 1023.0)) << EXPONENT)


@njit(**INLINE)
def hypotenuse_and_logs(v, x):
    """w = sqrt(v^2 + x^2), L = log((v + w)/x), log w and 1/w with one square root and one division.

    The exponent of (v + w)/x comes from the difference of the two bit patterns, so the quotient is never
    formed and cannot overflow. The three denominators share one division.
    """
    w = np.sqrt(v * v + x * x)
    top = v + w
    x_bits = bits_of(x)
    steps = (bits_of(top) - x_bits + HALF_STEP) >> EXPONENT
    k = from_bits(steps | MAGIC_BITS) - MAGIC
    scaled = from_bits(x_bits + (steps << EXPONENT))
    kw, m = log_split(w)
    n1, d1 = top - scaled, top + scaled
    n2, d2 = m - 1.0, m + 1.0
    both = d1 * d2
    common = 1.0 / (both * w)
    spread = common * w
    return w, log_assemble(k, n1 * d2 * spread), log_assemble(kw, n2 * d1 * spread), common * both


@njit(**EXACT)
def two_sum(a, b):
    """a + b as an unevaluated sum of two doubles."""
    s = a + b
    c = s - a
    return s, (a - (s - c)) + (b - c)


@njit(**EXACT)
def double_quotient(a, a_low, b, b_low):
    """(a + a_low) / (b + b_low) as an unevaluated sum of two doubles."""
    q = a / b
    return q, (fused(-q, b, a) + (a_low - q * b_low)) / b


@njit(**EXACT)
def zero_band_parts(v, x):
    """F = w - v L and log w, each as two doubles, and w; accurate to far below an ulp where F is small.

    L is expanded about y0 = exp(1.19968...), the value of (v + w)/x on the zero curve of F:
    L = log y0 + 2 atanh((y - y0)/(y + y0)); on the curve the odd tail vanishes, so only its leading
    parts need two doubles.
    """
    vv, xx = v * v, x * x
    s, s_low = two_sum(vv, xx)
    s_low += fused(v, v, -vv) + fused(x, x, -xx)
    w = np.sqrt(s)
    w_low = (fused(-w, w, s) + s_low) / (2.0 * w)
    top, top_low = two_sum(v, w)
    y, y_low = double_quotient(top, top_low + w_low, x, 0.0)
    n, n_low = two_sum(y, -Y0)
    d, d_low = two_sum(y, Y0)
    n_low += y_low
    d_low += y_low
    n, n_low = two_sum(n, n_low)
    d, d_low = two_sum(d, d_low)
    h, h_low = double_quotient(n, n_low, d, d_low)
    u = h * h
    big, big_low = two_sum(LOG_Y0_HIGH, 2.0 * h)
    big_low += LOG_Y0_LOW + 2.0 * h_low + h * u * atanh_tail(u)
    product = v * big
    f, f_low = two_sum(w, -product)
    f_low += w_low - (fused(v, big, -product) + v * big_low)
    k, m = log_split(w)
    e, e_low = two_sum(m, 1.0)
    q, q_low = double_quotient(m - 1.0, 0.0, e, e_low)
    lw, lw_low = two_sum(k * LN2_HIGH, 2.0 * q)
    u = q * q
    lw_low += 2.0 * q_low + q * u * atanh_tail(u) + k * LN2_LOW + w_low / w
    return f, f_low, lw, lw_low, w


@njit(**EXACT)
def add_up(f, f_low, g, g_low, rest):
    """(f + f_low) + (g + g_low) + rest with a single rounding to speak of."""
    a, a_low = two_sum(f, g)
    return a + (a_low + (f_low + g_low + rest))


@njit(**INLINE)
def radius(v, x):
    """w = sqrt(v^2 + x^2) and 1/w."""
    w = np.sqrt(v * v + x * x)
    return w, 1.0 / w
