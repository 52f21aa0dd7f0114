r"""One layer of any activation over a tile of pairs, by its Hermite series, compiled.

:math:`E\, \varphi \varphi = P(\rho) = \sum_k a_k(q)\, a_k(q')\, \rho^k` and, by Price's theorem,
:math:`\sqrt{q q'}\, E\, \varphi' \varphi' = P'(\rho)`: both come from one pass over the coefficients. Even and odd
powers are summed apart, in the square of rho, so that odd functions (tanh, sin) and those that are half the identity
plus an even one (SiLU) cost half.
"""

from __future__ import annotations

import numpy as np

from seedbed.simd import prefer_wide

from .compiled import BLOCK, FLAGS, entry, njit, source_tag


@njit(**FLAGS)
def _two_terms(first, second, firsts, seconds, square, value, slope):
    """Two steps of Horner's rule and of its derivative.

    A function of its own, of few arrays: otherwise LLVM gives up to check that none overlap, and does not vectorise.
    """
    prefer_wide()
    for j in range(square.size):
        x, p, d = square[j], value[j], slope[j]
        d = d * x + p
        p = p * x + first * firsts[j]
        slope[j] = d * x + p
        value[j] = p * x + second * seconds[j]


@njit(**FLAGS)
def _horner(row, table, start, square, value, slope):
    """Sum of row[k] table[k] square^k, and its derivative; (terms, columns) table, from the column ``start``."""
    value[:] = 0.0
    slope[:] = 0.0
    end = start + square.size
    k = row.size - 1
    while k >= 1:
        _two_terms(row[k], row[k - 1], table[k, start:end], table[k - 1, start:end], square, value, slope)
        k -= 2
    if k == 0:
        last = table[0, start:end]
        for j in range(square.size):
            slope[j] = slope[j] * square[j] + value[j]
            value[j] = value[j] * square[j] + row[0] * last[j]


def _entries(tag):
    @entry(
        [
            "void(f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1],"
            "f8[::1], f8[::1], f8[::1], f8[::1], f8, f8, f8)"
        ]
    )
    def series_layer(
        correlations, tangents, row_even, row_odd, even, odd,
        row_roots, column_roots, row_roots_after, column_roots_after, variance, bias, trained,
    ):  # fmt: skip
        """In place: correlations and tangent kernel of the layer before become those of this one.

        ``row_even``, ``row_odd`` (rows, terms) and ``even``, ``odd`` (terms, columns): coefficients; the roots: of the
        variances before and after.
        """
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        square, value, slope = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
        value_odd, slope_odd = np.empty(BLOCK), np.empty(BLOCK)
        for start in range(0, correlations.shape[1], BLOCK):
            end = min(start + BLOCK, correlations.shape[1])
            size = end - start
            x = square[:size]
            others, others_after = column_roots[start:end], column_roots_after[start:end]
            for i in range(correlations.shape[0]):
                rho, tangent = correlations[i, start:end], tangents[i, start:end]
                for j in range(size):
                    x[j] = rho[j] * rho[j]
                _horner(row_even[i], even, start, x, value[:size], slope[:size])
                _horner(row_odd[i], odd, start, x, value_odd[:size], slope_odd[:size])
                own, after = row_roots[i], row_roots_after[i]
                for j in range(size):
                    value[j] = bias + variance * (value[j] + rho[j] * value_odd[j])
                for j in range(size):
                    slope[j] = 2.0 * (rho[j] * slope[j] + x[j] * slope_odd[j]) + value_odd[j]
                for j in range(size):
                    tangent[j] = variance * slope[j] / (own * others[j]) * tangent[j] + trained * value[j]
                for j in range(size):
                    rho[j] = min(max(value[j] / (after * others_after[j]), -1.0), 1.0)

    @entry(["void(f8[:, ::1], f8[:, ::1], f8[::1], f8[::1], b1)"])
    def first_layer(defects, tangents, row_roots, column_roots, fixed):
        tag  # noqa: B018
        prefer_wide()
        for i in range(defects.shape[0]):
            for j in range(defects.shape[1]):
                near = abs(defects[i, j])
                rho = 1.0 - near if defects[i, j] >= 0.0 else near - 1.0
                defects[i, j] = rho
                tangents[i, j] = 0.0 if fixed else rho * row_roots[i] * column_roots[j]

    return series_layer, first_layer


series_layer, first_layer = _entries(source_tag())
