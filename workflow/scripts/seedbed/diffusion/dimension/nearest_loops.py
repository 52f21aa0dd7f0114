"""Compiled: minima of strips, and the nearest rows among those that may be.

numba keys a cached function by its own file's date only. What calls :mod:`seedbed.simd` closes over a tag, so that an
edit there compiles anew.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from numba import njit

from seedbed.compiling import compile_or_load
from seedbed.simd import larger, prefer_wide

_FLAGS = {"error_model": "numpy", "nogil": True}  # nothing contracted, nothing reordered: the bits are NumPy's


def arranged(rows: np.ndarray) -> np.ndarray:
    """The rows as :func:`keep_nearest` takes them: columns by fours, the last four filled up with zeros."""
    n, d = rows.shape
    fours = np.zeros((n, -(-d // 4), 4))
    fours.reshape(n, -1)[:, :d] = rows
    return fours


@njit(error_model="numpy", forceinline=True)
def _squared_distance(a, b):
    """Four sums, of every fourth column each, and the sum of these two by two: none waits for another."""
    s = t = u = v = 0.0
    for c in range(len(a)):
        s += (a[c, 0] - b[c, 0]) * (a[c, 0] - b[c, 0])
        t += (a[c, 1] - b[c, 1]) * (a[c, 1] - b[c, 1])
        u += (a[c, 2] - b[c, 2]) * (a[c, 2] - b[c, 2])
        v += (a[c, 3] - b[c, 3]) * (a[c, 3] - b[c, 3])
    return (s + t) + (u + v)


def _entry(tag):
    @compile_or_load(["void(f4[:, ::1], f4[:, ::1])", "void(f8[:, ::1], f8[:, ::1])"], "diffusion", **_FLAGS)
    def strip_minima(tile, low):
        """Minima over the strips that the columns of a tile are cut in, into ``low``."""
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        m, size = low.shape
        for i in range(m):
            row, best = tile[i], low[i]
            best[:] = row[:size]
            for start in range(size, row.size, size):
                strip = row[start : start + size]
                for c in range(size):
                    best[c] = -larger(-best[c], -strip[c])

    return strip_minima


strip_minima = _entry(zlib.crc32((Path(__file__).parents[2] / "simd.py").read_bytes()))


@compile_or_load(
    [
        f"void({f}[:, ::1], {f}[:, ::1], {f}[::1], f8[::1], f8[:, :, ::1], i8, f8[:, ::1], i8[:, ::1])"
        for f in ("f4", "f8")
    ],
    "diffusion",
    **_FLAGS,
)
def keep_nearest(tile, low, limits, norms, rows, first, squares, nearest):
    """The nearest among the entries of a tile that reach no higher than the limit of their row."""
    m, size = low.shape
    n, k = len(rows), squares.shape[1]
    # one more than can be: what is too far is written, and written over, without a branch that nobody foresees
    columns, places, values = np.empty(size + 1, np.int64), np.empty(n + 1, np.int64), np.empty(n)
    for i in range(m):
        own, limit, width, count = rows[first + i], limits[i], 0, 0
        for c in range(size):
            columns[width] = c
            width += low[i, c] <= limit
        for start in range(0, tile.shape[1], size):
            for c in columns[:width]:
                places[count] = start + c
                count += tile[i, start + c] <= limit
        if norms.size:
            for at in range(count):
                values[at] = tile[i, places[at]] + norms[i]
        else:
            for at in range(count):
                values[at] = _squared_distance(own, rows[places[at]])
        order = np.argsort(values[:count], kind="mergesort")  # of rows equally far the first
        for at in range(k):
            squares[i, at], nearest[i, at] = values[order[at]], places[order[at]]
