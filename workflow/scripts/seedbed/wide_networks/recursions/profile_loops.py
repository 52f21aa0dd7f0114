"""A Chebyshev series in the angle over a tile of defects, compiled: any depth at the price of one arc cosine."""

from __future__ import annotations

import numpy as np

from seedbed.simd import prefer_wide

from .compiled import BLOCK, angle, entry, source_tag


def _entries(tag):
    @entry(["void(f8[:, ::1], f8[:, ::1], f8[::1], f8[::1], f8[::1])"])
    def apply_profile(defects, kernel, coefficients, row_scales, column_scales):
        """kernel = row scale x column scale x series at 2 t / pi - 1; may be ``defects`` itself.

        Clenshaw's recursion, four terms a pass; the number of coefficients is 1 more than a multiple of 4.
        """
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        x, b1, b2 = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
        for i in range(defects.shape[0]):
            own = row_scales[i]
            for start in range(0, defects.shape[1], BLOCK):
                size = min(start + BLOCK, defects.shape[1]) - start
                s, out = defects[i, start : start + size], kernel[i, start : start + size]
                others = column_scales[start : start + size]
                for j in range(size):
                    place = angle(abs(s[j])) * (4.0 / np.pi) - 2.0
                    x[j] = place if s[j] >= 0.0 else -place
                    b1[j] = 0.0
                    b2[j] = 0.0
                k = coefficients.size - 1
                while k >= 4:
                    c3, c2, c1, c0 = coefficients[k], coefficients[k - 1], coefficients[k - 2], coefficients[k - 3]
                    for j in range(size):
                        p, old, older = x[j], b1[j], b2[j]
                        older = c3 + (p * old - older)
                        old = c2 + (p * older - old)
                        older = c1 + (p * old - older)
                        b1[j] = c0 + (p * older - old)
                        b2[j] = older
                    k -= 4
                for j in range(size):
                    out[j] = own * others[j] * (coefficients[0] + 0.5 * x[j] * b1[j] - b2[j])

    return apply_profile


apply_profile = _entries(source_tag())
