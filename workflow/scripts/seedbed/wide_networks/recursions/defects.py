r"""Defects: how far correlations are from one or from minus one, without cancellation.

The defect of a correlation is :math:`s = 1 - \rho \ge 0` for :math:`\rho \ge 0` and :math:`s = -(1 + \rho) < 0`
otherwise (at least ``ANTIPODE`` away from zero, so that its sign is kept). The angle to the nearer of the two poles
is :math:`2 \arcsin \sqrt{|s|/2}`: its digits are those of s, while :math:`\arccos \rho` loses half of them.
"""

from __future__ import annotations

from seedbed.simd import larger, prefer_wide

from .compiled import entry, source_tag

CLOSE = 1e-4  # a defect below it is taken from differences of coordinates: of the product 1e-16 is lost
ANTIPODE = 1e-300


def _entries(tag):
    @entry(["void(f8[:, ::1], f8[:, ::1], f8[:, ::1])"])
    def to_defects(products, rows, columns):
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        for i in range(products.shape[0]):
            row = products[i]
            most = 0.0
            for j in range(row.size):
                most = larger(most, abs(row[j]))
            for j in range(row.size):
                # beyond the pole by rounding: at it
                near = larger(1.0 - abs(row[j]), 0.0)
                row[j] = near if row[j] >= 0.0 else -larger(near, ANTIPODE)
            if 1.0 - most >= CLOSE:
                continue
            for j in range(row.size):
                if abs(row[j]) < CLOSE:
                    turn = 1.0 if row[j] >= 0.0 else -1.0
                    total = 0.0
                    for c in range(rows.shape[1]):
                        total += (rows[i, c] - turn * columns[j, c]) ** 2
                    row[j] = 0.5 * total if turn > 0.0 else -max(0.5 * total, ANTIPODE)

    @entry(["void(f8[:, ::1])"])
    def mirror(square):
        tag  # noqa: B018
        n = square.shape[0]
        for first in range(0, n, 32):
            for second in range(0, first + 32, 32):
                for i in range(first, min(first + 32, n)):
                    for j in range(second, min(second + 32, i)):
                        square[j, i] = square[i, j]

    return to_defects, mirror


to_defects, mirror = _entries(source_tag())
