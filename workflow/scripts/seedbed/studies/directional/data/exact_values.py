"""log I, log K and the ratio to fifty digits: what the study measures against.

Above w = hypot(v, x) = 150 the logarithm of Debye's expansion with thirty exact-rational terms (the next
one is below 1e-38 there); below it the power series, whose differences are log K, with guard digits. The two
agree to 4e-47 for 150 < w < 250.
"""

from __future__ import annotations

from functools import cache

import mpmath
import numpy as np
from mpmath import mp

from seedbed.directional.bessel.generator.__main__ import argument_derivative, log_debye_polynomials

DIGITS = 50
TERMS = 30
W_SERIES = 150
# bits of numbers in fixed point, whose sums take a thirtieth of the time of mpmath's: of tables, and beside its own
BITS, GUARD = 320, 100
NEAR = 230  # 2^-230 is how near a whole order is approached


@cache
def _tables() -> tuple[list, list]:
    """Coefficients of the expansions of log I and of the ratio, in fixed point."""
    d = log_debye_polynomials(TERMS)
    return _all_fixed(d), _all_fixed(argument_derivative(d))


def _all_fixed(rows: list) -> list[list[int]]:
    return [[(c.numerator << BITS) // c.denominator for c in row] for row in rows]


def _fixed(number, bits: int = BITS) -> int:
    return int(mp.ldexp(number, bits))


def _double_sum(rows: list[list[int]], t, z):
    """sum_k z^k p_k(t), t and z at most 1."""
    t, step, total = _fixed(t), _fixed(z), 0
    for row in reversed(rows[1:]):
        value = 0
        for c in reversed(row):
            value = (value * t >> BITS) + c
        total = (total * step >> BITS) + value
    return mp.ldexp(total, -BITS) * z


def _power_sum(v, x, first: int = 0):
    """sum_k q^k / ((first + 1)_k (v + first + 1)_k), where q = x^2 / 4."""
    bits = mp.prec + GUARD
    v, q, k = _fixed(v, bits), _fixed(x * x / 4, bits), first
    term = total = 1 << bits
    while abs(term) > 1:
        k += 1
        term = term * q // (k * (v + (k << bits)))
        total += term
    return +mp.ldexp(total, -bits)


def _difference(v, x):
    """K_v(x) as the difference of the power series of I_-v and I_v, with as many more bits as cancel."""
    if v == mp.nint(v):  # where the difference is 0/0, and a step aside shows after sixty digits
        v += mp.ldexp(1, -NEAR)
    with mp.workprec(mp.prec + int(3 * x - 2 * mp.log(abs(v - mp.nint(v)), 2))):
        return mp.fsum(mp.gamma(u) * (x / 2) ** -u * _power_sum(-u, x) for u in (v, -v)) / 2


def exact_log_iv(v: float, x: float):
    """log I_v(x) as an mpmath number; v >= 0, x > 0."""
    with mpmath.workdps(DIGITS + 15):
        v, x = mp.mpf(v), mp.mpf(x)
        w = mp.sqrt(v * v + x * x)
        if w > W_SERIES:
            big_l = mp.asinh(v / x)
            return w - v * big_l - mp.log(2 * mp.pi * w) / 2 + _double_sum(_tables()[0], (v / w) ** 2, 1 / w)
        q = x * x / 4  # a sum that is almost 1 is kept without its 1
        return v * mp.log(x / 2) - mp.loggamma(v + 1) + mp.log1p(q / (v + 1) * _power_sum(v, x, first=1))


def exact_log_kv(v: float, x: float):
    """log K_v(x) as an mpmath number; v >= 0, x > 0."""
    with mpmath.workdps(DIGITS + 15):
        v, x = mp.mpf(v), mp.mpf(x)
        w = mp.sqrt(v * v + x * x)
        if w > W_SERIES:
            big_l = mp.asinh(v / x)
            return v * big_l - w + mp.log(mp.pi / (2 * w)) / 2 + _double_sum(_tables()[0], (v / w) ** 2, -1 / w)
    with mpmath.workdps(DIGITS + 30):
        return mp.log(_difference(v, x))


def exact_ratio(v: float, x: float):
    """I_{v+1}(x) / I_v(x) as an mpmath number; v >= 0, x > 0."""
    with mpmath.workdps(DIGITS + 15):
        v, x = mp.mpf(v), mp.mpf(x)
        w = mp.sqrt(v * v + x * x)
        if w > W_SERIES:
            g = _double_sum(_tables()[1], (v / w) ** 2, 1 / w)
            return x * (1 / (w + v) + (g - mp.mpf(1) / 2) / (w * w))
        return x / (2 * (v + 1)) * _power_sum(v + 1, x) / _power_sum(v, x)


EXACT = {"iv": exact_log_iv, "kv": exact_log_kv, "ratio": exact_ratio}


def two_doubles(value) -> tuple[float, float]:
    """The nearest double and what is left over."""
    high = float(value)
    with mpmath.workdps(DIGITS + 15):
        return high, float(value - high)


def tabulate(function: str, v: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exact values of "iv", "kv" or "ratio" at points, each as two doubles; about 0.2 to 1 ms a point."""
    exact = EXACT[function]
    pairs = [two_doubles(exact(float(a), float(b))) for a, b in zip(v, x, strict=True)]
    values = np.array(pairs).reshape(-1, 2)
    return values[:, 0].copy(), values[:, 1].copy()
