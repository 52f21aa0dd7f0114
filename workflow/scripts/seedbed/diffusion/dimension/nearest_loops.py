"""Compiled: minima of strips, and the nearest rows among those that may be.

numba keys a cached function by its own file's date only. What calls :mod:`seedbed.simd` closes over a tag, so that an
edit there compiles anew.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from seedbed.compiling import compile_or_load
from seedbed.simd import larger, prefer_wide

_FLAGS = {"error_model": "numpy", "nogil": True}  # nothing contracted, nothing reordered: the bits are NumPy's


_LANES = 16  # sums that are made together, none of which waits for another


def arranged(rows: np.ndarray) -> np.ndarray:
    """The rows as :func:`keep_nearest` takes them: filled up with columns of zeros to a multiple of sixteen."""
    missing = -rows.shape[1] % _LANES
    return np.pad(rows, ((0, 0), (0, missing))) if missing else rows


@intrinsic
def _squared_distance(typing_context, rows, i, j):
    """Of two rows: sixteen sums, of every sixteenth column each, and the sum of these, half to half.

    In vectors by name, since compilers make none of a sum whose order is to stay.
    """

    def generate(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        width, vector = builder.extract_value(array.shape, 1), ir.VectorType(ir.DoubleType(), _LANES)
        starts = [builder.gep(array.data, [builder.mul(row, width)]) for row in arguments[1:]]
        sums = cgutils.alloca_once_value(builder, ir.Constant(vector, [0.0] * _LANES))
        first, step = ir.Constant(width.type, 0), ir.Constant(width.type, _LANES)
        with cgutils.for_range_slice(builder, first, width, step) as (column, _):
            places = [builder.bitcast(builder.gep(start, [column]), vector.as_pointer()) for start in starts]
            gap = builder.fsub(*(builder.load(place, align=8) for place in places))
            builder.store(builder.fadd(builder.load(sums), builder.fmul(gap, gap)), sums)
        total, half = builder.load(sums), _LANES
        while half > 1:
            half //= 2
            masks = [ir.Constant(ir.VectorType(ir.IntType(32), half), list(range(at, at + half))) for at in (0, half)]
            total = builder.fadd(*(builder.shuffle_vector(total, total, mask) for mask in masks))
        return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))

    return types.float64(rows, i, j), generate


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
        f"void({f}[:, ::1], {f}[:, ::1], {f}[::1], f8[::1], f8[:, ::1], i8, f8[:, ::1], i8[:, ::1])"
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
        limit, width, count = limits[i], 0, 0
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
                values[at] = _squared_distance(rows, first + i, places[at])
        order = np.argsort(values[:count], kind="mergesort")  # of rows equally far the first
        for at in range(k):
            squares[i, at], nearest[i, at] = values[order[at]], places[order[at]]
