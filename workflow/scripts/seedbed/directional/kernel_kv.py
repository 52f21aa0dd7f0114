"""log K_v(x) on blocks of an array: kinds and organisation as in ``kernel_iv``.

The uniform expansion is that of log I with the signs of its leading part and of z = 1/w turned; below
w = 25 the values at the orders mu and mu + 1 (``kernel_k_small``) and a scaled forward recurrence.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional import coefficients, series_log
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
from seedbed.directional.kernel_edges import log_kv_edge
from seedbed.directional.kernel_k_small import TEMME_HIGH, k_pair, nearest, temme, upward_product
from seedbed.directional.kernel_math import add_up, hypotenuse_and_logs, log, prefer_wide, two_sum, zero_band_parts

HALF_LOG_PI_2, HALF_LOG_PI_2_LOW = coefficients.HALF_LOG_PI_2
HALF_LOG_PI_4 = -0.12078223763524522

series_4 = njit(**INLINE)(series_log.log_series_4)
series_6 = njit(**INLINE)(series_log.log_series_6)
series_9 = njit(**INLINE)(series_log.log_series_9)
series_16 = njit(**INLINE)(series_log.log_series_16)


@njit(**INLINE)
def assemble(v, w, big_l, log_w, s):
    """The expansion from its parts."""
    return (v * big_l - w) + ((HALF_LOG_PI_2 - 0.5 * log_w) + s)


@njit(**EXACT_LOOP)
def near_zero_6(v, x, out, n):
    """The same with the large parts, which cancel here, in double-double arithmetic; w >= 200."""
    prefer_wide()
    for i in range(n):
        f, f_low, lw, lw_low, w = zero_band_parts(v[i], x[i])
        z = 1.0 / w
        p = v[i] * z
        g, g_low = two_sum(-0.5 * lw, HALF_LOG_PI_2)
        rest = g_low - 0.5 * lw_low + HALF_LOG_PI_2_LOW
        out[i] = add_up(-f, -f_low, g, rest, series_6(p * p, -z))


@njit(**EXACT_LOOP)
def near_zero_9(v, x, out, n):
    """The same for 60 <= w < 200."""
    prefer_wide()
    for i in range(n):
        f, f_low, lw, lw_low, w = zero_band_parts(v[i], x[i])
        z = 1.0 / w
        p = v[i] * z
        g, g_low = two_sum(-0.5 * lw, HALF_LOG_PI_2)
        rest = g_low - 0.5 * lw_low + HALF_LOG_PI_2_LOW
        out[i] = add_up(-f, -f_low, g, rest, series_9(p * p, -z))


@njit(**EXACT_LOOP)
def near_zero_16(v, x, out, n):
    """The same for w < 60."""
    prefer_wide()
    for i in range(n):
        f, f_low, lw, lw_low, w = zero_band_parts(v[i], x[i])
        z = 1.0 / w
        p = v[i] * z
        g, g_low = two_sum(-0.5 * lw, HALF_LOG_PI_2)
        rest = g_low - 0.5 * lw_low + HALF_LOG_PI_2_LOW
        out[i] = add_up(-f, -f_low, g, rest, series_16(p * p, -z))


@njit(**FLAGS)
def uniform_4(v, x, out, n):
    prefer_wide()
    near = 0
    for i in range(n):
        w, big_l, log_w, z = hypotenuse_and_logs(v[i], x[i])
        p = v[i] * z
        r = assemble(v[i], w, big_l, log_w, series_4(p * p, -z))
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
        r = assemble(v[i], w, big_l, log_w, series_6(p * p, -z))
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
        r = assemble(v[i], w, big_l, log_w, series_9(p * p, -z))
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
        r = assemble(v[i], w, big_l, log_w, series_16(p * p, -z))
        out[i] = r
        near += abs(r) < NEAR * w
    return near


@njit(**FLAGS)
def small_temme(v, x, out, n):
    """round(v) log(2/x) + log(K_mu P), P = prod (x/2) K_{mu+j+1}/K_{mu+j} by forward recurrence; x <= 1."""
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        big_l = -log(0.5 * x[i])
        k_mu, rise = temme(mu, x[i], big_l)
        top = upward_product(mu, steps, rise, 0.25 * x[i] * x[i])[0]
        out[i] = steps * big_l + log(k_mu * top)


@njit(**FLAGS)
def small_fitted(v, x, out, n):
    """The same for x > 1, where K_mu is scaled by exp(x) (2x/pi)^(1/2)."""
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        k_mu, rise = k_pair(x[i], mu)
        top = upward_product(mu, steps, rise, 0.25 * x[i] * x[i])[0]
        out[i] = (steps + 0.5) * -log(0.5 * x[i]) + (log(k_mu * top) + HALF_LOG_PI_4) - x[i]


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
        small_temme(v, x, out, n)
    elif kind < HARD:
        small_fitted(v, x, out, n)
    else:
        for i in range(n):
            out[i] = log_kv_edge(v[i], x[i])
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
    def log_kv_blocks(v, x, out):
        """out[:] = log K_v(x); one-dimensional, contiguous, equal sizes."""
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
            sort_block(v_block, x_block, n, TEMME_HIGH, np.inf, kinds, counts)
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

    return log_kv_blocks


log_kv_blocks = _entry(source_tag())
