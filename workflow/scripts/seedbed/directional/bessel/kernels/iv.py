"""log I_v(x) on blocks of an array.

Seven kinds of points: four by the number of terms that the uniform expansion needs at w = hypot(v, x),
three by the length of the power series below w = 25. Which kind is decided for a whole block without
branches; a block of one kind goes through its kernel as it lies, a mixed one is gathered per kind.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional.bessel.series import coefficients
from seedbed.directional.bessel.series import log as series_log
from seedbed.directional.bessel.series import polynomials as series_polynomials
from seedbed.directional.bessel.series import power as series_power
from seedbed.directional.bessel.series import steps as series_steps
from seedbed.simd import prefer_wide

from .compiled import BLOCKWISE, FLAGS, INLINE, entry, source_tag
from .factories import blockwise, by_kind, near_zero, put_right, uniform
from .math import log
from .zero_and_infinity import log_iv_edge

HALF_LOG_2PI, HALF_LOG_2PI_LOW = coefficients.HALF_LOG_2PI
SPLIT_1, SPLIT_2 = 1.5, 6.5

SERIES = tuple(
    njit(**INLINE)(each)
    for each in (series_log.log_series_4, series_log.log_series_6, series_log.log_series_9, series_log.log_series_16)
)
power_sum_10 = njit(**INLINE)(series_power.power_sum_10)
power_sum_18 = njit(**INLINE)(series_power.power_sum_18)
power_sum_46 = njit(**INLINE)(series_power.power_sum_46)
reciprocal_gamma_tail = njit(**INLINE)(series_polynomials.reciprocal_gamma_tail)
gamma_product = njit(**INLINE)(series_steps.gamma_product)


@njit(**INLINE)
def assemble(v, w, big_l, log_w, s):
    """The expansion from its parts."""
    return (w - v * big_l) - ((0.5 * log_w + HALF_LOG_2PI) - s)


uniforms = tuple(uniform(each, assemble, 1.0) for each in SERIES)
near_zeros = tuple(near_zero(each, 1.0, -HALF_LOG_2PI, -HALF_LOG_2PI_LOW) for each in SERIES[1:])


@njit(**INLINE)
def small(v, x, s):
    """v log(x/2) + log((1 + s) / Gamma(v + 1)), s the power series without its first term.

    Gamma(v + 1) = (m+1)...(m+n) Gamma(1 + m) with n = round(v); 1/Gamma(1 + m) = 1 + e is joined with s
    before the logarithm, so that nothing is lost where both are tiny.
    """
    n = np.floor(v + 0.5)
    m = v - n
    e = m * reciprocal_gamma_tail(m)
    e = s + e + s * e
    u = 1.0 + e
    return v * log(0.5 * x) + (log(u / gamma_product(m, n)) + (e - (u - 1.0)) / u)


@njit(**FLAGS)
def small_10(v, x, out, n):
    prefer_wide()
    for i in range(n):
        out[i] = small(v[i], x[i], power_sum_10(v[i], 0.25 * x[i] * x[i]))


@njit(**FLAGS)
def small_18(v, x, out, n):
    prefer_wide()
    for i in range(n):
        out[i] = small(v[i], x[i], power_sum_18(v[i], 0.25 * x[i] * x[i]))


@njit(**FLAGS)
def small_46(v, x, out, n):
    prefer_wide()
    for i in range(n):
        out[i] = small(v[i], x[i], power_sum_46(v[i], 0.25 * x[i] * x[i]))


evaluate = by_kind(uniforms, (small_10, small_18, small_46), log_iv_edge)
blocks = blockwise(evaluate, put_right(near_zeros), SPLIT_1, SPLIT_2)


def _entry(tag):
    @entry(BLOCKWISE)
    def log_iv_blocks(v, x, out):
        """out[:] = log I_v(x); one-dimensional, contiguous, equal sizes."""
        if tag != 0:
            blocks(v, x, out)

    return log_iv_blocks


log_iv_blocks = _entry(source_tag())
