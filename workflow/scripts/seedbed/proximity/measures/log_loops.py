"""Compiled: distances from the logarithms of a symmetric matrix, in one pass over its lower triangle."""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.simd import bits_of, from_bits, larger, prefer_wide

from .compiled import SIMD_TAG, compiled

BAND = 64  # rows: what is mirrored is still in a near cache
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
TWO_52 = 4503599627370496.0
FRACTION, BITS = np.uint64(0x000FFFFFFFFFFFFF), np.uint64(52)
ROOT_HALF = np.uint64(0x3FE6A09E667F3BCD)  # reduced to [sqrt(1/2), sqrt(2)), so that numbers near one are not changed
FROM_ROOT_HALF = np.uint64(0x3FF0000000000000 - 0x3FE6A09E667F3BCD)
LARGEST_EXPONENT = np.uint64(2046)


@njit(error_model="numpy", fastmath={"contract", "nsz", "nnan"}, forceinline=True)
def log_of_sum(base, x):
    """log(base + x), a normal number, to a relative error below 4e-16, also where base is 1 and x small.

    What rounding takes from the sum is added to the reduced argument. The series in s = f / (2 + f), log(1 + f) =
    2 artanh s, has the coefficients of Sun's fdlibm, minimax for 0 <= s <= 0.1716.
    """
    u = base + x
    back = u - base
    lost = (base - (u - back)) + (x - back)
    shifted = bits_of(u) + FROM_ROOT_HALF
    exponent = shifted >> BITS
    k = from_bits(bits_of(TWO_52) + exponent) - (TWO_52 + 1023.0)
    f = from_bits((shifted & FRACTION) + ROOT_HALF) - 1.0
    f += lost * from_bits((LARGEST_EXPONENT - exponent) << BITS)
    s = f / (2.0 + f)
    z = s * s
    series = 1.479819860511658591e-01
    series = series * z + 1.531383769920937332e-01
    series = series * z + 1.818357216161805012e-01
    series = series * z + 2.222219843214978396e-01
    series = series * z + 2.857142874366239149e-01
    series = series * z + 3.999999999940941908e-01
    series = series * z + 6.666666666666735130e-01
    half = 0.5 * f * f
    return k * LN2_HIGH - ((half - (s * (half + series * z) + k * LN2_LOW)) - f)


def _entry(tag):
    @compiled("void(f8[:, ::1], f8, f8, f8)")
    def distances_of_logs(matrix, base, scale, least):
        """``(l_ii + l_jj) / 2 - l_ij`` in place of a symmetric x, ``l = log(base + max(scale x, least)) / scale``."""
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        n, factor = len(matrix), 1.0 / scale
        halves = np.empty(n)
        for i in range(n):
            halves[i] = 0.5 * factor * log_of_sum(base, larger(scale * matrix[i, i], least))
        for top in range(0, n, BAND):
            bottom = min(top + BAND, n)
            for i in range(top, bottom):
                row, own = matrix[i], halves[i]
                for j in range(i):
                    row[j] = own + halves[j] - factor * log_of_sum(base, larger(scale * row[j], least))
            for left in range(0, bottom, BAND):
                for j in range(left, min(left + BAND, bottom)):
                    for i in range(max(top, j + 1), bottom):
                        matrix[j, i] = matrix[i, j]
        for i in range(n):
            matrix[i, i] = 0.0

    return distances_of_logs


distances_of_logs = _entry(SIMD_TAG)
