"""The equation A_p(kappa) = R for one value: one source, compiled or plain.

With v = p/2 - 1 and A = I_{v+1}/I_v, Banerjee's function G(a) = a + (p-1) a/(1-a^2) makes G(A(kappa))
almost linear in kappa, from kappa = 0 to infinity. Newton's method is therefore applied to
G(A(kappa)) = G(R), from the midpoint of the Amos-type bounds of Hornik and Gruen. The residual comes from
A - R or from (1-R) - (1-A), whichever is not a difference of nearly equal numbers; 1 - A and A' have
series of their own in which nothing cancels.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from seedbed.directional.bessel.series import ratio as series_ratio
from seedbed.directional.bessel.series import steps as series_steps
from seedbed.directional.bessel.series.coefficients import ORDER_STEPS

MAX_STEPS = 8
# both bounds are within their rounding of (p - 1) / (2 gap), and the slope, about gap^2, would underflow further down
TINY_GAP = 1e-100


def concentration_rule(jit: Callable) -> Callable:
    """Function (r, gap, p) -> (kappa, number of Newton steps), with gap = 1 - r."""
    ratio_4, ratio_9, ratio_16 = (jit(getattr(series_ratio, f"ratio_series_{k}")) for k in (4, 9, 16))
    slope_6 = jit(series_ratio.slope_series_6)
    downward_ratio = jit(series_steps.downward_ratio)

    @jit
    def ratio_parts(v, k):
        """A, 1 - A and dA/dkappa at order v."""
        w = math.sqrt(v * v + k * k)
        if w < 25.0:
            u = v + ORDER_STEPS
            w = math.sqrt(u * u + k * k)
            z = 1.0 / w
            start = 1.0 / (w + u) + z * z * (ratio_16(u * z * (u * z), z) - 0.5)
            rho = downward_ratio(u, start, k * k)
            a = k * rho
            return a, 1.0 - a, 1.0 - a * a - (2.0 * v + 1.0) * rho
        z = 1.0 / w
        p = v * z
        t = p * p
        if w >= 1000.0:
            g = ratio_4(t, z) - 0.5
        elif w >= 60.0:
            g = ratio_9(t, z) - 0.5
        else:
            g = ratio_16(t, z) - 0.5
        both = 1.0 / (w + v)
        q = z * z * g
        slope = p * both + z * z * ((2.0 * t - 1.0) * g + (1.0 - t) * slope_6(t, z))
        return k * (both + q), (v + v * v / (w + k)) * both - k * q, slope

    @jit
    def inverse_bound(r, q, a, b):
        """The k with k / (a + sqrt(k^2 + b^2)) = r; q = 1 - r^2."""
        return r / q * (a + math.sqrt(r * r * a * a + q * b * b))

    @jit
    def solve(r, gap, p):
        if not (r >= 0.0 and gap >= 0.0 and p >= 2.0):
            return math.nan, 0
        if r == 0.0:
            return 0.0, 0
        if gap == 0.0:
            return math.inf, 0
        v = 0.5 * p - 1.0
        q = gap * (1.0 + r)
        k = 0.5 * inverse_bound(r, q, v + 0.5, v + 1.5)
        k += 0.5 * inverse_bound(r, q, v + 0.5, math.sqrt((v + 0.5) * (v + 1.5)))
        if gap < TINY_GAP:
            return k, 0
        for step in range(MAX_STEPS):
            a, c, slope = ratio_parts(v, k)
            f = a - r if gap > 0.5 else gap - c
            s = c * (1.0 + a)
            secant = 1.0 + (p - 1.0) * (1.0 + a * r) / (s * q)
            tangent = 1.0 + (p - 1.0) * (1.0 + a * a) / (s * s)
            dk = f * secant / (tangent * slope)
            k = k - dk if dk < k else 0.5 * k
            # the error after a step is below the square of its relative size: 1e-16 is reached
            if abs(dk) <= 1e-8 * k:
                return k, step + 1
        return k, MAX_STEPS

    return solve
