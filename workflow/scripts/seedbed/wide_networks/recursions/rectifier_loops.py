r"""Loops of ReLU and its leaky kin over a tile of pairs, compiled.

With the weight :math:`w = (1 - a)^2/(1 + a^2)` of the kink (1 for ReLU, 0 for the identity) and the angle e to the
nearer pole, the defect after the activation is :math:`|s| - w (\sin e - e \cos e)/\pi`, plus
:math:`(2 - w)(1 - |s|)` where the correlation was negative; a bias adds to it by Lagrange's identity. Nothing is
subtracted that is nearly equal, in any layer.
"""

from __future__ import annotations

import math

import numpy as np

from seedbed.simd import prefer_wide

from .compiled import BLOCK, angle, entry, source_tag
from .defects import ANTIPODE


def _entries(tag):
    @entry(["void(f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[::1], f8, f8, i8, f8)"])
    def rectifier_recursion(defects, kernel, row_roots, column_roots, variances, kink, bias, fixed, unit):
        """In place: defects become the tangent kernel, ``kernel`` the covariance.

        ``row_roots`` and ``column_roots`` (layers, rows): roots of the variances of every layer; ``variances``:
        sigma_w^2 times the gain for every layer; ``unit``: of both variances, whose roots and biases are given in it.
        """
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        share = kink / np.pi
        for i in range(defects.shape[0]):
            for start in range(0, defects.shape[1], BLOCK):
                end = min(start + BLOCK, defects.shape[1])
                s, tangent = kernel[i, start:end], defects[i, start:end]
                own = row_roots[0, i]
                others = column_roots[0, start:end]
                for j in range(s.size):
                    s[j] = tangent[j]
                    near = abs(s[j])
                    tangent[j] = own * others[j] * (1.0 - near if s[j] >= 0.0 else near - 1.0) if fixed < 1 else 0.0
                for layer in range(variances.size):
                    c = variances[layer]
                    own, after = row_roots[layer, i], row_roots[layer + 1, i]
                    others, others_after = column_roots[layer, start:end], column_roots[layer + 1, start:end]
                    trained = 1.0 if layer + 2 > fixed else 0.0
                    for j in range(s.size):
                        d = abs(s[j])
                        e = angle(d)
                        square = e * e
                        series = 1.0 - square / 28.0 * (1.0 - square / 54.0 * (1.0 - square / 88.0))
                        series = e * square / 3.0 * (1.0 - square / 10.0 * series)
                        lost = series if e < 0.2 else math.sqrt(d * (2.0 - d)) - e * (1.0 - d)
                        # the defect 1 - rho itself, which is exact near zero, where digits count
                        defect = d - share * lost + (0.0 if s[j] >= 0.0 else (2.0 - kink) * (1.0 - d))
                        slope = 1.0 - share * e if s[j] >= 0.0 else 1.0 - kink + share * e
                        both = c * own * others[j]
                        norm = after * others_after[j]
                        apart = own - others[j]
                        biased = bias * c * apart * apart / max(norm + bias + both, ANTIPODE)
                        defect = min((both * defect + biased) / max(norm, ANTIPODE), 2.0)
                        tangent[j] = c * slope * tangent[j] + trained * norm * (1.0 - defect)
                        s[j] = defect if defect <= 1.0 else -max(2.0 - defect, ANTIPODE)
                own, others = row_roots[variances.size, i], column_roots[variances.size, start:end]
                for j in range(s.size):
                    near = abs(s[j])
                    s[j] = own * others[j] * (1.0 - near if s[j] >= 0.0 else near - 1.0) * unit
                    tangent[j] *= unit

    return rectifier_recursion


rectifier_recursion = _entries(source_tag())
