"""log I_v(x) on blocks of an array.

Seven kinds of points: four by the number of terms that the uniform expansion needs at w = hypot(v, x),
three by the length of the power series below w = 25. Which kind is decided for a whole block without
branches; a block of one kind goes through its kernel as it lies, a mixed one is gathered per kind.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional import coefficients, series_log, series_polynomials, series_power, series_steps
from seedbed.directional.compiled import BLOCK, BLOCKWISE, EXACT_LOOP, FLAGS, INLINE, entry, source_tag
from seedbed.directional.kernel_block import (
    HARD,
    NEAR,
    ROWS,
    choose_main,
    gather,
    mark_kind,
    mark_near_zero,
    served,
    sort_block,
)
from seedbed.directional.kernel_edges import log_iv_edge
from seedbed.directional.kernel_math import add_up, hypotenuse_and_logs, log, prefer_wide, two_sum, zero_band_parts

HALF_LOG_2PI, HALF_LOG_2PI_LOW = coefficients.HALF_LOG_2PI
SPLIT_1, SPLIT_2 = 1.5, 6.5

series_4 = njit(**INLINE)(series_log.log_series_4)
series_6 = njit(**INLINE)(series_log.log_series_6)
series_9 = njit(**INLINE)(series_log.log_series_9)
series_16 = njit(**INLINE)(series_log.log_series_16)
power_sum_10 = njit(**INLINE)(series_power.power_sum_10)
power_sum_18 = njit(**INLINE)(series_power.power_sum_18)
power_sum_46 = njit(**INLINE)(series_power.power_sum_46)
reciprocal_gamma_tail = njit(**INLINE)(series_polynomials.reciprocal_gamma_tail)
gamma_product = njit(**INLINE)(series_steps.gamma_product)


@njit(**INLINE)
def assemble(v, w, big_l, log_w, s):
    """The expansion from its parts."""
    return (w - v * big_l) - ((0.5 * log_w + HALF_LOG_2PI) - s)


@njit(**EXACT_LOOP)
def near_zero_6(v, x, out, n):
    """The same with the large parts, which cancel here, in double-double arithmetic; w >= 200."""
    prefer_wide()
    for i in range(n):
        f, f_low, lw, lw_low, w = zero_band_parts(v[i], x[i])
        z = 1.0 / w
        p = v[i] * z
        g, g_low = two_sum(-0.5 * lw, -HALF_LOG_2PI)
        rest = g_low - 0.5 * lw_low - HALF_LOG_2PI_LOW
        out[i] = add_up(f, f_low, g, rest, series_6(p * p, z))


@njit(**EXACT_LOOP)
def near_zero_9(v, x, out, n):
    """The same for 60 <= w < 200."""
    prefer_wide()
    for i in range(n):
        f, f_low, lw, lw_low, w = zero_band_parts(v[i], x[i])
        z = 1.0 / w
        p = v[i] * z
        g, g_low = two_sum(-0.5 * lw, -HALF_LOG_2PI)
        rest = g_low - 0.5 * lw_low - HALF_LOG_2PI_LOW
        out[i] = add_up(f, f_low, g, rest, series_9(p * p, z))


@njit(**EXACT_LOOP)
def near_zero_16(v, x, out, n):
    """The same for w < 60."""
    prefer_wide()
    for i in range(n):
        f, f_low, lw, lw_low, w = zero_band_parts(v[i], x[i])
        z = 1.0 / w
        p = v[i] * z
        g, g_low = two_sum(-0.5 * lw, -HALF_LOG_2PI)
        rest = g_low - 0.5 * lw_low - HALF_LOG_2PI_LOW
        out[i] = add_up(f, f_low, g, rest, series_16(p * p, z))


@njit(**FLAGS)
def uniform_4(v, x, out, n):
    prefer_wide()
    near = 0
    for i in range(n):
        w, big_l, log_w, z = hypotenuse_and_logs(v[i], x[i])
        p = v[i] * z
        r = assemble(v[i], w, big_l, log_w, series_4(p * p, z))
        out[i] = r
        near += abs(r) < NEAR * w
    return near


@njit(**FLAGS)
def uniform_6(v, x, out, n):
    prefer_wide()
    near = 0
    for i in range(n):
        w, big_l, log_w, z = hypotenuse_and_logs(v[i], x[i])
        p = v[i] * z
        r = assemble(v[i], w, big_l, log_w, series_6(p * p, z))
        out[i] = r
        near += abs(r) < NEAR * w
    return near


@njit(**FLAGS)
def uniform_9(v, x, out, n):
    prefer_wide()
    near = 0
    for i in range(n):
        w, big_l, log_w, z = hypotenuse_and_logs(v[i], x[i])
        p = v[i] * z
        r = assemble(v[i], w, big_l, log_w, series_9(p * p, z))
        out[i] = r
        near += abs(r) < NEAR * w
    return near


@njit(**FLAGS)
def uniform_16(v, x, out, n):
    prefer_wide()
    near = 0
    for i in range(n):
        w, big_l, log_w, z = hypotenuse_and_logs(v[i], x[i])
        p = v[i] * z
        r = assemble(v[i], w, big_l, log_w, series_16(p * p, z))
        out[i] = r
        near += abs(r) < NEAR * w
    return near


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


@njit(**FLAGS)
def evaluate(kind, v, x, out, n, near, marks, work):
    """One kind of points; what comes out small against w is computed again."""
    n_near = 0
    if kind == 0:
        n_near = uniform_4(v, x, out, n)
    elif kind == 1:
        n_near = uniform_6(v, x, out, n)
    elif kind == 2:
        n_near = uniform_9(v, x, out, n)
    elif kind == 3:
        n_near = uniform_16(v, x, out, n)
    elif kind == 4:
        small_10(v, x, out, n)
    elif kind == 5:
        small_18(v, x, out, n)
    elif kind == 6:
        small_46(v, x, out, n)
    else:
        for i in range(n):
            out[i] = log_iv_edge(v[i], x[i])
    if n_near > 0:
        mark_near_zero(v, x, out, n, marks)
        m, full = gather(v, x, marks, n, near, work[3], work[4])
        if kind <= 1:
            near_zero_6(work[3], work[4], work[5], full)
        elif kind == 2:
            near_zero_9(work[3], work[4], work[5], full)
        else:
            near_zero_16(work[3], work[4], work[5], full)
        for j in range(m):
            out[near[j]] = work[5, j]


def _entry(tag):
    @entry(BLOCKWISE)
    def log_iv_blocks(v, x, out):
        """out[:] = log I_v(x); one-dimensional, contiguous, equal sizes."""
        if tag == 0:
            return
        work = np.empty((ROWS, BLOCK))
        kinds = np.empty(BLOCK, np.uint8)
        index = np.empty(BLOCK, np.int64)
        marks = np.empty(BLOCK, np.uint8)
        near = np.empty(BLOCK, np.int64)
        counts = np.empty(HARD + 1, np.int64)
        for start in range(0, v.size, BLOCK):
            n = min(BLOCK, v.size - start)
            v_block, x_block, block = v[start : start + n], x[start : start + n], out[start : start + n]
            sort_block(v_block, x_block, n, SPLIT_1, SPLIT_2, kinds, counts)
            main = choose_main(counts, n)
            if main >= 0:
                evaluate(main, v_block, x_block, block, n, near, marks, work)
                if counts[main] == n:
                    continue
            for kind in range(HARD + 1):
                if counts[kind] > 0 and not served(kind, main):
                    mark_kind(kind, kinds, n, marks)
                    m, full = gather(v_block, x_block, marks, n, index, work[0], work[1])
                    evaluate(kind, work[0], work[1], work[2], full, near, marks, work)
                    for j in range(m):
                        block[index[j]] = work[2, j]

    return log_iv_blocks


log_iv_blocks = _entry(source_tag())
