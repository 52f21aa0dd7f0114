"""Hornik and Grün's estimate: the root between Amos-type bounds, by safeguarded Newton steps."""

from __future__ import annotations

import math

from scipy.optimize import brentq

from seedbed.directional.bessel import bessel_ratio
from seedbed.directional.resultant_estimator import ResultantEstimator


class HornikGruenEstimator(ResultantEstimator):
    """K. Hornik and B. Grün (2014), Comput. Statist. 29, 945-957, with Brent's method as the root finder.

    Parameters
    ----------
    tolerance : float
        Relative tolerance on kappa.
    """

    def __init__(self, tolerance: float = 1e-14):
        self.tolerance = tolerance

    def concentration(self, r: float, gap: float, p: int) -> float:
        """The root of A(kappa) = R between the inverses of two bounds of A."""
        v = 0.5 * p - 1.0
        low = self._inverse(r, gap, v + 0.5, v + 1.5)
        high = self._inverse(r, gap, v + 0.5, math.sqrt((v + 0.5) * (v + 1.5)))
        low, high = min(low, high) * (1 - 1e-12), max(low, high) * (1 + 1e-12)

        def residual(kappa: float) -> float:
            return float(bessel_ratio(v, kappa, backend="numpy")) - r

        if residual(low) >= 0:
            return low
        if residual(high) <= 0:
            return high
        return brentq(residual, low, high, xtol=1e-300, rtol=max(self.tolerance, 1e-15))

    def _inverse(self, r: float, gap: float, a: float, b: float) -> float:
        """The kappa with kappa/(a + sqrt(kappa^2 + b^2)) = r."""
        q = gap * (1.0 + r)
        return r / q * (a + math.sqrt(r * r * a * a + q * b * b))
