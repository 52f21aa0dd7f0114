"""The derivative of log K_v(x) with respect to x on blocks of an array; kinds as in ``kernel_kv``.

d/dx log K = -(w/x + x (1/2 - G(-1/w))/w^2) from the uniform expansion, all terms of one sign.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional import series_ratio
from seedbed.directional.compiled import BLOCK, BLOCKWISE, FLAGS, INLINE, entry, source_tag
from seedbed.directional.kernel_block import (
    HARD,
    ROWS,
    choose_main,
    gather,
    list_others,
    load_block,
    served,
    sort_block,
)
from seedbed.directional.kernel_edges import log_kv_dx_edge
from seedbed.directional.kernel_k_small import SCRATCH, SPLIT_1, SPLIT_2, nearest, start_orders, upward_product
from seedbed.directional.kernel_math import prefer_wide

series_4 = njit(**INLINE)(series_ratio.ratio_series_4)
series_6 = njit(**INLINE)(series_ratio.ratio_series_6)
series_9 = njit(**INLINE)(series_ratio.ratio_series_9)
series_16 = njit(**INLINE)(series_ratio.ratio_series_16)


@njit(**INLINE)
def radius(v, x):
    """w = sqrt(v^2 + x^2) and 1/w."""
    w = np.sqrt(v * v + x * x)
    return w, 1.0 / w


@njit(**INLINE)
def assemble(x, w, z, g):
    """The expansion from its parts."""
    return -(w / x + x * z * z * (0.5 - g))


@njit(**FLAGS)
def uniform_4(v, x, out, n):
    prefer_wide()
    for i in range(n):
        w, z = radius(v[i], x[i])
        p = v[i] * z
        out[i] = assemble(x[i], w, z, series_4(p * p, -z))


@njit(**FLAGS)
def uniform_6(v, x, out, n):
    prefer_wide()
    for i in range(n):
        w, z = radius(v[i], x[i])
        p = v[i] * z
        out[i] = assemble(x[i], w, z, series_6(p * p, -z))


@njit(**FLAGS)
def uniform_9(v, x, out, n):
    prefer_wide()
    for i in range(n):
        w, z = radius(v[i], x[i])
        p = v[i] * z
        out[i] = assemble(x[i], w, z, series_9(p * p, -z))


@njit(**FLAGS)
def uniform_16(v, x, out, n):
    prefer_wide()
    for i in range(n):
        w, z = radius(v[i], x[i])
        p = v[i] * z
        out[i] = assemble(x[i], w, z, series_16(p * p, -z))


@njit(**FLAGS)
def small(kind, v, x, out, n, scratch):
    """-(v/x + K_{v-1}/K_v), the quotient from the recurrence's last two products."""
    k_mu, rise = scratch[SCRATCH], scratch[SCRATCH + 1]
    start_orders(kind, v, x, scratch, k_mu, rise, n)
    climb(v, x, rise, out, n)


@njit(**FLAGS)
def climb(v, x, rise, out, n):
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        top, below = upward_product(mu, steps, rise[i], 0.25 * x[i] * x[i])
        # without a step, K_{v-1} is not there: d/dx log K = v/x - K_{v+1}/K_v, which barely cancels
        high = -(v[i] / x[i] + 0.5 * x[i] * (below / top))
        out[i] = high if steps > 0.0 else (v[i] - 2.0 * rise[i]) / x[i]


@njit(**FLAGS)
def evaluate(kind, v, x, out, n, scratch):
    """One kind of points."""
    if kind == 0:
        uniform_4(v, x, out, n)
    elif kind == 1:
        uniform_6(v, x, out, n)
    elif kind == 2:
        uniform_9(v, x, out, n)
    elif kind == 3:
        uniform_16(v, x, out, n)
    elif kind < HARD:
        small(kind, v, x, out, n, scratch)
    else:
        for i in range(n):
            out[i] = log_kv_dx_edge(v[i], x[i])


def _entry(tag):
    @entry(BLOCKWISE)
    def log_kv_dx_blocks(v, x, out):
        """out[:] = d/dx log K_v(x); one-dimensional, contiguous, equal sizes."""
        if tag == 0:
            return
        work = np.empty((ROWS, BLOCK))
        scratch = np.empty((SCRATCH + 2, BLOCK))
        kinds = np.empty(BLOCK, np.int64)
        index = np.empty(BLOCK + 1, np.int64)
        others = np.empty(BLOCK + 1, np.int64)
        counts = np.empty(HARD + 1, np.int64)
        for start in range(0, v.size, BLOCK):
            n = min(BLOCK, v.size - start)
            counts[:] = 0
            counts[0] = load_block(v, x, start, n, work[0], work[1])
            if counts[0] < n:
                sort_block(work[0], work[1], n, SPLIT_1, SPLIT_2, kinds, counts)
            main = choose_main(counts, n)
            if main >= 0:
                evaluate(main, work[0], work[1], out[start : start + n], n, scratch)
                if counts[main] == n:
                    continue
            n_others = list_others(main, kinds, others, n)
            for kind in range(HARD + 1):
                m = counts[kind]
                if m > 0 and not served(kind, main):
                    full = gather(kind, kinds, others, n_others, index, work)
                    evaluate(kind, work[2], work[3], work[4], full, scratch)
                    for j in range(m):
                        out[start + index[j]] = work[4, j]

    return log_kv_dx_blocks


log_kv_dx_blocks = _entry(source_tag())
