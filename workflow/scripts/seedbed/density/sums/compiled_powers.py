"""Sums of the first sixteen powers of a tile of terms, by rows and by columns, compiled."""

from __future__ import annotations

import numpy as np

from seedbed.simd import larger, prefer_wide

from .compiled import entry, source_tag
from .compiled_tiles import LOWEST_OF_POWERS, POWERS, exponential, sums_of_powers

HIGHEST = -LOWEST_OF_POWERS
WIDTH = 256  # columns that a tile may have


def _entries(tag):
    @entry(["void(f8[:, ::1], f8[::1], f8[::1])"])
    def bounded_exponentials(tile, row_offset, column_offset):
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        for i in range(tile.shape[0]):
            row, own = tile[i], row_offset[i]
            for j in range(row.size):
                row[j] = exponential(-larger(-larger(row[j] - column_offset[j] - own, LOWEST_OF_POWERS), -HIGHEST))

    @entry(["void(f8[:, ::1], f8[:, ::1])"])
    def power_sums(tile, sums):
        tag  # noqa: B018
        prefer_wide()
        for i in range(tile.shape[0]):
            found = sums_of_powers(tile[i])
            for k in range(POWERS):
                sums[i, k] += found[k]

    @entry(["void(f8[:, ::1], f8[:, ::1])"])
    def column_power_sums(tile, sums):
        tag  # noqa: B018
        prefer_wide()
        rows, columns = tile.shape
        totals = np.zeros(POWERS * WIDTH)  # a constant width: what is read and written lies apart, for all to see
        nothing = np.zeros(columns)
        for i in range(0, rows, 2):
            first, second = tile[i], tile[i + 1] if i + 1 < rows else nothing
            for j in range(columns):
                y, z = first[j], second[j]
                y2, z2 = y * y, z * z
                y4, z4 = y2 * y2, z2 * z2
                y3, z3 = y2 * y, z2 * z
                y8, z8 = y4 * y4, z4 * z4
                y5, z5 = y4 * y, z4 * z
                y6, z6 = y4 * y2, z4 * z2
                y7, z7 = y4 * y3, z4 * z3
                totals[j] += y + z
                totals[j + WIDTH] += y2 + z2
                totals[j + 2 * WIDTH] += y3 + z3
                totals[j + 3 * WIDTH] += y4 + z4
                totals[j + 4 * WIDTH] += y5 + z5
                totals[j + 5 * WIDTH] += y6 + z6
                totals[j + 6 * WIDTH] += y7 + z7
                totals[j + 7 * WIDTH] += y8 + z8
                totals[j + 8 * WIDTH] += y8 * y + z8 * z
                totals[j + 9 * WIDTH] += y8 * y2 + z8 * z2
                totals[j + 10 * WIDTH] += y8 * y3 + z8 * z3
                totals[j + 11 * WIDTH] += y8 * y4 + z8 * z4
                totals[j + 12 * WIDTH] += y8 * y5 + z8 * z5
                totals[j + 13 * WIDTH] += y8 * y6 + z8 * z6
                totals[j + 14 * WIDTH] += y8 * y7 + z8 * z7
                totals[j + 15 * WIDTH] += y8 * y8 + z8 * z8
        for j in range(columns):
            for k in range(POWERS):
                sums[j, k] += totals[j + k * WIDTH]

    return bounded_exponentials, power_sums, column_power_sums


bounded_exponentials, power_sums, column_power_sums = _entries(source_tag())
