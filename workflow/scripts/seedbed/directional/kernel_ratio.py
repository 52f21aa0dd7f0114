"""I_{v+1}(x) / I_v(x) on blocks of an array; kinds as in ``kernel_iv``.

The ratio is x (1/(w+v) + (G - 1/2)/w^2), G the differentiated logarithmic series: nothing cancels. Below
w = 25 it is evaluated at an order shifted by 26, and the backward recurrence brings it down.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional import series_ratio, series_steps
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
from seedbed.directional.kernel_edges import ratio_edge
from seedbed.directional.kernel_math import prefer_wide

# all points below w = 25 are of one kind here
SPLIT_1 = SPLIT_2 = np.inf
SHIFT = 26.0

series_4 = njit(**INLINE)(series_ratio.ratio_series_4)
series_6 = njit(**INLINE)(series_ratio.ratio_series_6)
series_9 = njit(**INLINE)(series_ratio.ratio_series_9)
series_16 = njit(**INLINE)(series_ratio.ratio_series_16)
downward_ratio = njit(**INLINE)(series_steps.downward_ratio)


@njit(**INLINE)
def radius(v, x):
    """w = sqrt(v^2 + x^2) and 1/w."""
    w = np.sqrt(v * v + x * x)
    return w, 1.0 / w


@njit(**INLINE)
def assemble(v, x, w, z, g):
    """The expansion from its parts."""
    return x * (1.0 / (w + v) + z * z * (g - 0.5))


@njit(**FLAGS)
def uniform_4(v, x, out, n):
    prefer_wide()
    for i in range(n):
        w, z = radius(v[i], x[i])
        p = v[i] * z
        out[i] = assemble(v[i], x[i], w, z, series_4(p * p, z))


@njit(**FLAGS)
def uniform_6(v, x, out, n):
    prefer_wide()
    for i in range(n):
        w, z = radius(v[i], x[i])
        p = v[i] * z
        out[i] = assemble(v[i], x[i], w, z, series_6(p * p, z))


@njit(**FLAGS)
def uniform_9(v, x, out, n):
    prefer_wide()
    for i in range(n):
        w, z = radius(v[i], x[i])
        p = v[i] * z
        out[i] = assemble(v[i], x[i], w, z, series_9(p * p, z))


@njit(**FLAGS)
def uniform_16(v, x, out, n):
    prefer_wide()
    for i in range(n):
        w, z = radius(v[i], x[i])
        p = v[i] * z
        out[i] = assemble(v[i], x[i], w, z, series_16(p * p, z))


@njit(**FLAGS)
def small(v, x, out, n):
    prefer_wide()
    for i in range(n):
        u = v[i] + SHIFT
        w, z = radius(u, x[i])
        p = u * z
        start = 1.0 / (w + u) + z * z * (series_16(p * p, z) - 0.5)
        out[i] = x[i] * downward_ratio(u, start, x[i] * x[i])


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
    elif kind < HARD:
        small(v, x, out, n)
    else:
        for i in range(n):
            out[i] = ratio_edge(v[i], x[i])


def _entry(tag):
    @entry(BLOCKWISE)
    def ratio_blocks(v, x, out):
        """out[:] = I_{v+1}(x) / I_v(x); one-dimensional, contiguous, equal sizes."""
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
            sort_block(v_block, x_block, n, SPLIT_1, SPLIT_2, kinds, counts)
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

    return ratio_blocks


ratio_blocks = _entry(source_tag())
