"""Tanabe's estimate of the concentration: one secant step of the fixed-point map between two bounds."""

from __future__ import annotations

from seedbed.directional.bessel import bessel_ratio
from seedbed.directional.resultant_estimator import ResultantEstimator


class TanabeEstimator(ResultantEstimator):
    """A. Tanabe, K. Fukumizu, S. Oba, T. Takenouchi and S. Ishii (2007), Comput. Statist. 22, 145-157."""

    def concentration(self, r: float, gap: float, p: int) -> float:
        r"""The fixed point of the line through :math:`\Phi = \kappa\bar R/A_p` at both bounds.

        The bounds are :math:`\bar R(p-2)/(1-\bar R^2)` and :math:`\bar R p/(1-\bar R^2)`.
        """
        low, high = r * (p - 2.0) / (gap * (1.0 + r)), r * p / (gap * (1.0 + r))
        image_low, image_high = self._map(low, r, p), self._map(high, r, p)
        slope = (image_high - image_low) / (high - low)
        return (image_low - low * slope) / (1.0 - slope)

    def _map(self, kappa: float, r: float, p: int) -> float:
        """kappa R / A(kappa); A ~ kappa/p at zero."""
        return r * (kappa / float(bessel_ratio(0.5 * p - 1.0, kappa, backend="numpy")) if kappa > 0 else p)
