"""What the block kernels have in common, made for each of them from its own formula.

An expansion with 4, 6, 9 or 16 terms in ``w = hypot(v, x)``, its repetition where log I or log K is near zero,
the choice among the kinds of points, and the walk over blocks. What is made is compiled, but not cached: numba's
cache on disk cannot name what a function closes over, so that entry points stand in the modules of their kernels.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from seedbed.simd import prefer_wide

from .block import HARD, NEAR, ROWS, choose_main, gather, mark_kind, mark_near_zero, served, sort_block
from .compiled import BLOCK, EXACT_LOOP, FLAGS
from .math import add_up, hypotenuse_and_logs, radius, two_sum, zero_band_parts

_made: Counter[str] = Counter()


def named(**options: Any) -> Callable[[Callable], Callable]:
    """``njit`` for what a factory makes, under a name that no other product of it has.

    numba numbers functions anew in every process, and its linker takes two of one name and number for one: a kernel
    that was compiled here would call the part of another that came from the cache of another process.
    """
    caller = sys._getframe(2).f_globals["__name__"]
    _made[caller] += 1
    suffix = f"{caller.rpartition('.')[2]}_{_made[caller]}"

    def compiled(function: Callable) -> Callable:
        function.__qualname__ = f"{function.__qualname__}.{suffix}"
        return njit(**options)(function)

    return compiled


def uniform(series: Callable, assemble: Callable, sign: float) -> Callable:
    """log I or log K as ``assemble(v, w, asinh(v/x), log w, series(v^2/w^2, sign/w))``; how many are near zero."""

    @named(**FLAGS)
    def expand(v, x, out, n):
        prefer_wide()
        near = 0
        for i in range(n):
            w, big_l, log_w, z = hypotenuse_and_logs(v[i], x[i])
            p = v[i] * z
            r = assemble(v[i], w, big_l, log_w, series(p * p, sign * z))
            out[i] = r
            near += abs(r) < NEAR * w
        return near

    return expand


def uniform_slope(series: Callable, assemble: Callable, sign: float) -> Callable:
    """A ratio or derivative as ``assemble(v, x, w, 1/w, series(v^2/w^2, sign/w))``; none is to be computed again."""

    @named(**FLAGS)
    def expand(v, x, out, n):
        prefer_wide()
        for i in range(n):
            w, z = radius(v[i], x[i])
            p = v[i] * z
            out[i] = assemble(v[i], x[i], w, z, series(p * p, sign * z))
        return 0

    return expand


def near_zero(series: Callable, sign: float, constant: float, constant_low: float) -> Callable:
    """The same as :func:`uniform` with the large parts, which cancel here, in double-double arithmetic.

    The expansion is ``sign (w - v asinh(v/x)) - log(w)/2 + constant + series(v^2/w^2, sign/w)``.
    """

    @named(**EXACT_LOOP)
    def expand(v, x, out, n):
        prefer_wide()
        for i in range(n):
            f, f_low, lw, lw_low, w = zero_band_parts(v[i], x[i])
            z = 1.0 / w
            p = v[i] * z
            g, g_low = two_sum(-0.5 * lw, constant)
            rest = g_low - 0.5 * lw_low + constant_low
            out[i] = add_up(sign * f, sign * f_low, g, rest, series(p * p, sign * z))

    return expand


def by_kind(uniforms: tuple[Callable, ...], smalls: tuple[Callable, ...], edge: Callable) -> Callable:
    """One kind of points: 0 to 3 by ``uniforms``, 4 to 6 by ``smalls``, the rest one by one; how many are near zero."""
    uniform_4, uniform_6, uniform_9, uniform_16 = uniforms
    small_1, small_2, small_3 = smalls

    @named(**FLAGS)
    def evaluate(kind, v, x, out, n):
        if kind == 0:
            return uniform_4(v, x, out, n)
        if kind == 1:
            return uniform_6(v, x, out, n)
        if kind == 2:
            return uniform_9(v, x, out, n)
        if kind == 3:
            return uniform_16(v, x, out, n)
        if kind == 4:
            small_1(v, x, out, n)
        elif kind == 5:
            small_2(v, x, out, n)
        elif kind == 6:
            small_3(v, x, out, n)
        else:
            for i in range(n):
                out[i] = edge(v[i], x[i])
        return 0

    return evaluate


def put_right(near_zeros: tuple[Callable, ...]) -> Callable:
    """Computes those again that came out small against w: by 6 terms (w >= 200), 9 (w >= 60), or 16."""
    near_zero_6, near_zero_9, near_zero_16 = near_zeros

    @named(**FLAGS)
    def again(kind, v, x, out, n, near, marks, work):
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

    return again


@njit(**FLAGS)
def leave(kind, v, x, out, n, near, marks, work):
    """In place of :func:`put_right` where nothing cancels."""


def blockwise(evaluate: Callable, again: Callable, split_1: float, split_2: float) -> Callable:
    """The walk over blocks: sort, evaluate the main kind as it lies, gather the others, put right what cancelled."""

    @named(**FLAGS)
    def walk(v, x, out):
        work = np.empty((ROWS, BLOCK))
        kinds = np.empty(BLOCK, np.uint8)
        index = np.empty(BLOCK, np.int64)
        marks = np.empty(BLOCK, np.uint8)
        near = np.empty(BLOCK, np.int64)
        counts = np.empty(HARD + 1, np.int64)
        for start in range(0, v.size, BLOCK):
            n = min(BLOCK, v.size - start)
            v_block, x_block, block = v[start : start + n], x[start : start + n], out[start : start + n]
            sort_block(v_block, x_block, n, split_1, split_2, kinds, counts)
            main = choose_main(counts, n)
            if main >= 0:
                if evaluate(main, v_block, x_block, block, n) > 0:
                    again(main, v_block, x_block, block, n, near, marks, work)
                if counts[main] == n:
                    continue
            for kind in range(HARD + 1):
                if counts[kind] > 0 and not served(kind, main):
                    mark_kind(kind, kinds, n, marks)
                    m, full = gather(v_block, x_block, marks, n, index, work[0], work[1])
                    if evaluate(kind, work[0], work[1], work[2], full) > 0:
                        again(kind, work[0], work[1], work[2], full, near, marks, work)
                    for j in range(m):
                        block[index[j]] = work[2, j]

    return walk
