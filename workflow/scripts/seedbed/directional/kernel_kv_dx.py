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
    mark_kind,
    served,
    sort_block,
)
from seedbed.directional.kernel_edges import log_kv_dx_edge
from seedbed.directional.kernel_k_small import TEMME_HIGH, k_pair, nearest, temme, upward_product
from seedbed.directional.kernel_math import log, prefer_wide

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


@njit(**INLINE)
def climb(v, x, steps, mu, rise):
    """-(v/x + K_{v-1}/K_v), the quotient from the recurrence's last two products."""
    top, below = upward_product(mu, steps, rise, 0.25 * x * x)
    # without a step, K_{v-1} is not there: d/dx log K = v/x - K_{v+1}/K_v, which barely cancels
    return -(v / x + 0.5 * x * (below / top)) if steps > 0.0 else (v - 2.0 * rise) / x


@njit(**FLAGS)
def small_temme(v, x, out, n):
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        out[i] = climb(v[i], x[i], steps, mu, temme(mu, x[i], -log(0.5 * x[i]))[1])


@njit(**FLAGS)
def small_fitted(v, x, out, n):
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        out[i] = climb(v[i], x[i], steps, mu, k_pair(x[i], mu)[1])


@njit(**FLAGS)
def evaluate(kind, v, x, out, n):
    """One kind of points."""
    if kind == 0:
        uniform_4(v, x, out, n)
    elif kind == 1:
        uniform_6(v, x, out, n)
    elif kind == 2:
        uniform_9(v, x, out, n)
    elif kind == 3:
        uniform_16(v, x, out, n)
    elif kind == 4:
        small_temme(v, x, out, n)
    elif kind < HARD:
        small_fitted(v, x, out, n)
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
        kinds = np.empty(BLOCK, np.uint8)
        index = np.empty(BLOCK, np.int64)
        marks = np.empty(BLOCK, np.uint8)
        counts = np.empty(HARD + 1, np.int64)
        for start in range(0, v.size, BLOCK):
            n = min(BLOCK, v.size - start)
            v_block, x_block, block = v[start : start + n], x[start : start + n], out[start : start + n]
            sort_block(v_block, x_block, n, TEMME_HIGH, np.inf, kinds, counts)
            main = choose_main(counts, n)
            if main >= 0:
                evaluate(main, v_block, x_block, block, n)
                if counts[main] == n:
                    continue
            for kind in range(HARD + 1):
                if counts[kind] > 0 and not served(kind, main):
                    mark_kind(kind, kinds, n, marks)
                    m, full = gather(v_block, x_block, marks, n, index, work[0], work[1])
                    evaluate(kind, work[0], work[1], work[2], full)
                    for j in range(m):
                        block[index[j]] = work[2, j]

    return log_kv_dx_blocks


log_kv_dx_blocks = _entry(source_tag())
