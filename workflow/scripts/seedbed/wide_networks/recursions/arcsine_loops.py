r"""Loops of erf and GELU, whose Gaussian means are arc sines, over a tile of pairs, compiled.

For normal u, v of variances q, q' and covariance c, with :math:`\Phi` the normal distribution function,
:math:`N` its density and :math:`\Delta = (1 + q)(1 + q') - c^2 = 1 + q + q' + (q q' - c^2)`,

.. math:: F = E\, \Phi(u) \Phi(v) = \tfrac14 + \tfrac1{2\pi} \arcsin\frac{c}{\sqrt{(1 + q)(1 + q')}}, \qquad
    M = E\, N(u) N(v) = \frac1{2 \pi \sqrt\Delta}

and, by Stein's identity, of :math:`\varphi(u) = u \Phi(u)`

.. math:: E\, \varphi \varphi = c F + M \left[q q' - c^2 + \frac{c^2}{1 + q} + \frac{c^2}{1 + q'}\right], \qquad
    E\, \varphi' \varphi' = F + M c \left[\frac1{1 + q} + \frac1{1 + q'} + \frac1\Delta\right].

erf is that of twice the variances: :math:`E = \tfrac2\pi \arcsin`, :math:`E' = 4/(\pi \sqrt\Delta)`. The arc sine is
taken from its distance to one, :math:`\Delta / (P (P + |c|))`, where P is the root in its denominator.
"""

from __future__ import annotations

import math

import numpy as np

from seedbed.simd import prefer_wide

from .compiled import BLOCK, angle, entry, source_tag

SMALL = 1e-4  # of a sine, below which pi / 2 less an angle has lost digits, and two terms of the angle have them


def _entries(tag):
    @entry(["void(f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[::1], f8, i8, b1)"])
    def arcsine_recursion(defects, kernel, row_variances, column_variances, variances, bias, fixed, gelu):
        """In place: defects become the tangent kernel, ``kernel`` the covariance.

        ``row_variances`` and ``column_variances`` (layers, rows); ``variances``: sigma_w^2 for every layer.
        """
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        scale = 1.0 if gelu else 2.0
        for i in range(defects.shape[0]):
            for start in range(0, defects.shape[1], BLOCK):
                end = min(start + BLOCK, defects.shape[1])
                covariance, tangent = kernel[i, start:end], defects[i, start:end]
                q, others = row_variances[0, i], column_variances[0, start:end]
                # by a power of four, which changes no digit: the product is a number, however small or large both are
                half = math.frexp(q)[1] // 2
                shrunk, root = math.ldexp(q, -2 * half), math.ldexp(1.0, half)
                for j in range(covariance.size):
                    near = abs(tangent[j])
                    rho = 1.0 - near if tangent[j] >= 0.0 else near - 1.0
                    covariance[j] = math.sqrt(shrunk * others[j]) * root * rho
                    tangent[j] = covariance[j] if fixed < 1 else 0.0
                for layer in range(variances.size):
                    c, q = variances[layer], scale * row_variances[layer, i]
                    others = column_variances[layer, start:end]
                    trained = 1.0 if layer + 2 > fixed else 0.0
                    for j in range(covariance.size):
                        r = scale * others[j]
                        k = scale * covariance[j]
                        inside = max(q * r - k * k, 0.0)
                        delta = 1.0 + q + r + inside
                        product = math.sqrt(k * k + delta)
                        size = abs(k)
                        turned = 0.5 * np.pi - angle(min(delta / (product * (product + size)), 1.0))
                        sine = k / product
                        flat = sine * (1.0 + sine * sine / 6.0)
                        arcsine = flat if abs(sine) < SMALL else turned if k >= 0.0 else -turned
                        if gelu:
                            mean = 0.5 / (np.pi * math.sqrt(delta))
                            both = 0.25 + 0.5 / np.pi * arcsine
                            shares = 1.0 / (1.0 + q) + 1.0 / (1.0 + r)
                            square = k * both + mean * (inside + k * k * shares)
                            slope = both + mean * k * (shares + 1.0 / delta)
                        else:
                            square = 2.0 / np.pi * arcsine
                            slope = 4.0 / (np.pi * math.sqrt(delta))
                        covariance[j] = bias + c * square
                        tangent[j] = c * slope * tangent[j] + trained * covariance[j]

    return arcsine_recursion


arcsine_recursion = _entries(source_tag())
