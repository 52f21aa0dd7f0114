"""Sums of the first sixteen powers of a tile of terms, by rows, compiled."""

from __future__ import annotations

from seedbed.simd import prefer_wide

from .compiled import entry, source_tag
from .compiled_tiles import LOWEST_OF_POWERS, exponential

HIGHEST = -LOWEST_OF_POWERS


def _entries(tag):
    @entry(["void(f8[:, ::1], f8[::1], f8[::1])"])
    def bounded_exponentials(tile, row_offset, column_offset):
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        for i in range(tile.shape[0]):
            row, own = tile[i], row_offset[i]
            for j in range(row.size):
                row[j] = exponential(min(max(row[j] - column_offset[j] - own, LOWEST_OF_POWERS), HIGHEST))

    @entry(["void(f8[:, ::1], f8[:, ::1])"])
    def transpose(tile, turned):
        tag  # noqa: B018
        rows, columns = tile.shape
        for i in range(0, rows, 8):
            for j in range(0, columns, 8):
                for a in range(i, min(i + 8, rows)):
                    for b in range(j, min(j + 8, columns)):
                        turned[b, a] = tile[a, b]

    @entry(["void(f8[:, ::1], f8[:, ::1])"])
    def power_sums(tile, sums):
        tag  # noqa: B018
        prefer_wide()
        for i in range(tile.shape[0]):
            row = tile[i]
            a0, a1, a2, a3, a4, a5, a6, a7 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            b0, b1, b2, b3, b4, b5, b6, b7 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for j in range(row.size):
                z = row[j]
                z2 = z * z
                z3 = z2 * z
                z4 = z2 * z2
                z5 = z4 * z
                z6 = z4 * z2
                z7 = z4 * z3
                z8 = z4 * z4
                a0 += z
                a1 += z2
                a2 += z3
                a3 += z4
                a4 += z5
                a5 += z6
                a6 += z7
                a7 += z8
                b0 += z8 * z
                b1 += z8 * z2
                b2 += z8 * z3
                b3 += z8 * z4
                b4 += z8 * z5
                b5 += z8 * z6
                b6 += z8 * z7
                b7 += z8 * z8
            found = (a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7)
            for k in range(16):
                sums[i, k] += found[k]

    return bounded_exponentials, transpose, power_sums


bounded_exponentials, transpose, power_sums = _entries(source_tag())
