r"""Loops over one tile of exponents, compiled.

A tile holds :math:`e_{ij}`, queries by centres; the logarithm of a term is :math:`v_{ij} = e_{ij} - o_j`. Every row
has its running maximum, to which its sums refer, so that none of them under- or overflows.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.simd import bits_of, bits_of_single, from_bits, larger, prefer_wide, single_from_bits

from .compiled import EXACT, SUMS, entry, source_tag

SHIFT, SHIFT_SINGLE = 6755399441055744.0, np.float32(12582912.0)  # 1.5 * 2^52, 1.5 * 2^23: the last bit counts ones
LOG2E, LN2 = 1.4426950408889634, 0.6931471805599453
LOG2E_SINGLE, LN2_SINGLE_HIGH, LN2_SINGLE_LOW = (
    np.float32(1.4426950),
    np.float32(0.693359375),
    np.float32(-2.12194440e-4),
)
BITS, BITS_SINGLE = np.uint64(52), np.uint32(23)
POWERS = 16
# whose squares are normal numbers: others cost over a hundred cycles, and these are lost in a sum with its largest term
LOWEST, LOWEST_SINGLE = -340.0, np.float32(-43.0)
LOWEST_OF_POWERS = -44.0  # whose 16th power is a normal number


@njit(**EXACT)
def exponential(x):
    """exp(x) for -700 <= x <= 45, to a relative error of 4e-14: a minimax polynomial after reduction by log 2.

    Of nearest terms it is 1.4e-14; what double precision leaves off log 2 adds the rest far out.
    """
    k = x * LOG2E + SHIFT
    r = x - (k - SHIFT) * LN2
    p = 2.748217403783156e-06
    p = p * r + 2.4884026449868382e-05
    p = p * r + 0.0001984159652205128
    p = p * r + 0.0013888802794553544
    p = p * r + 0.00833333300262924
    p = p * r + 0.04166666703268149
    p = p * r + 0.16666666667827867
    p = p * r + 0.49999999999457545
    p = p * r + 0.9999999999998926
    p = p * r + 1.0000000000000129
    return from_bits(bits_of(p) + (bits_of(k) << BITS))


@njit(**EXACT)
def exponential_single(x):
    """The same in single precision, for -80 <= x <= 0.4."""
    k = x * LOG2E_SINGLE + SHIFT_SINGLE
    whole = k - SHIFT_SINGLE
    r = x - whole * LN2_SINGLE_HIGH
    r = r - whole * LN2_SINGLE_LOW
    p = np.float32(1.3888889e-03)
    p = p * r + np.float32(8.3333333e-03)
    p = p * r + np.float32(4.1666667e-02)
    p = p * r + np.float32(1.6666667e-01)
    p = p * r + np.float32(0.5)
    p = p * r + np.float32(1.0)
    p = p * r + np.float32(1.0)
    return single_from_bits(bits_of_single(p) + (bits_of_single(k) << BITS_SINGLE))


@njit(**EXACT)
def largest(row, offset, lowest):
    """The largest exponent of a row, from ``lowest`` on."""
    for j in range(row.size):
        lowest = larger(lowest, row[j] - offset[j])
    return lowest


@njit(**SUMS)
def sums_of_powers(row):
    """Of z, ..., z^16. What makes the terms is another loop: both together would want more registers than there are."""
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
    return (a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7)


def _entries(tag):
    @entry(["void(f8[:, ::1], f8[::1], f8[::1], f8[::1], f8[::1])"])
    def fold(tile, offset, top, total, squares):
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        for i in range(tile.shape[0]):
            row = tile[i]
            high = largest(row, offset, -np.inf)
            if high > top[i]:
                factor = np.exp(top[i] - high)
                total[i] *= factor
                squares[i] *= factor * factor
                top[i] = high
            if top[i] == -np.inf:
                continue
            m = top[i]
            a, b = 0.0, 0.0
            for j in range(row.size):
                z = exponential(larger(row[j] - offset[j] - m, LOWEST))
                a += z
                b += z * z
            total[i] += a
            squares[i] += b

    @entry(["void(f4[:, ::1], f4[::1], f8[::1], f8[::1], f8[::1])"])
    def fold_single(tile, offset, top, total, squares):
        tag  # noqa: B018
        prefer_wide()
        for i in range(tile.shape[0]):
            row = tile[i]
            high = largest(row, offset, np.float32(-np.inf))
            if high > top[i]:
                factor = np.exp(top[i] - high)
                total[i] *= factor
                squares[i] *= factor * factor
                top[i] = high
            if top[i] == -np.inf:
                continue
            m = np.float32(top[i])
            a, b = np.float32(0.0), np.float32(0.0)
            for j in range(row.size):
                z = exponential_single(larger(row[j] - offset[j] - m, LOWEST_SINGLE))
                a += z
                b += z * z
            total[i] += a
            squares[i] += b

    @entry(["void(f8[:, ::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1])"])
    def fold_and_keep(tile, offset, top, total, squares, factors):
        tag  # noqa: B018
        prefer_wide()
        for i in range(tile.shape[0]):
            row = tile[i]
            high = largest(row, offset, -np.inf)
            factors[i] = 1.0
            if high > top[i]:
                factors[i] = np.exp(top[i] - high)
                total[i] *= factors[i]
                squares[i] *= factors[i] * factors[i]
                top[i] = high
            if top[i] == -np.inf:
                row[:] = 0.0
                continue
            m = top[i]
            a, b = 0.0, 0.0
            for j in range(row.size):
                z = exponential(larger(row[j] - offset[j] - m, LOWEST))
                row[j] = z
                a += z
                b += z * z
            total[i] += a
            squares[i] += b

    @entry(["void(f8[:, ::1], f8[::1], f8[::1], f8[:, ::1])"])
    def fold_powers(tile, offset, top, sums):
        tag  # noqa: B018
        prefer_wide()
        for i in range(tile.shape[0]):
            row = tile[i]
            high = largest(row, offset, -np.inf)
            if high > top[i]:
                for k in range(POWERS):
                    sums[i, k] *= np.exp((k + 1) * (top[i] - high))
                top[i] = high
            if top[i] == -np.inf:
                continue
            m = top[i]
            for j in range(row.size):
                row[j] = exponential(larger(row[j] - offset[j] - m, LOWEST_OF_POWERS))
            found = sums_of_powers(row)
            for k in range(POWERS):
                sums[i, k] += found[k]

    return fold, fold_single, fold_and_keep, fold_powers


fold, fold_single, fold_and_keep, fold_powers = _entries(source_tag())
