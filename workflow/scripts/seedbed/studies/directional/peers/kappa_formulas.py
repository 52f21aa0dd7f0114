"""Published estimates of the concentration: each sees the data only through the mean resultant length and p."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq

from seedbed.directional.bessel.functions import bessel_ratio
from seedbed.directional.sphere.rows import mean_direction, unit_rows


def banerjee(r: float, gap: float, p: int) -> float:
    r""":math:`\bar R (p - \bar R^2)/(1 - \bar R^2)`."""
    return r * (p - r * r) / (gap * (1.0 + r))


def _ratio(kappa: float, p: int) -> float:
    """A_p(kappa), by our accurate function for all of them."""
    return float(bessel_ratio(0.5 * p - 1.0, kappa, backend="numpy"))


class ResultantEstimator:
    """Fits a von Mises-Fisher law; subclasses turn R, 1 - R and p into kappa."""

    def fit(self, X, y=None):
        """Set ``mean_direction_`` and ``concentration_`` from rows, which are scaled to unit length."""
        X = unit_rows(X)
        self.mean_direction_, r, gap = mean_direction(X, np.ones(X.shape[0]))
        self.concentration_ = float(self.concentration(r, gap, X.shape[1]))
        return self

    def concentration(self, r: float, gap: float, p: int) -> float:
        """kappa for mean resultant length r, gap = 1 - r, and dimension p."""
        raise TypeError(f"{type(self).__name__} does not say how kappa follows from R")


class BanerjeeEstimator(ResultantEstimator):
    """A. Banerjee, I. S. Dhillon, J. Ghosh and S. Sra (2005), J. Mach. Learn. Res. 6, 1345-1382."""

    def concentration(self, r: float, gap: float, p: int) -> float:
        """See `banerjee`."""
        return banerjee(r, gap, p)


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
        return r * (kappa / _ratio(kappa, p) if kappa > 0 else p)


class SraEstimator(ResultantEstimator):
    """S. Sra (2012), Comput. Statist. 27, 177-190: exactly two Newton steps from Banerjee's estimate."""

    def concentration(self, r: float, gap: float, p: int) -> float:
        """Two steps of kappa - (A - R)/(1 - A^2 - (p-1) A/kappa)."""
        kappa = banerjee(r, gap, p)
        for _ in range(2):
            a = _ratio(kappa, p)
            kappa -= (a - r) / (1.0 - a * a - (p - 1.0) / kappa * a)
        return kappa


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
            return _ratio(kappa, p) - r

        if residual(low) >= 0:
            return low
        if residual(high) <= 0:
            return high
        return brentq(residual, low, high, xtol=1e-300, rtol=max(self.tolerance, 1e-15))

    def _inverse(self, r: float, gap: float, a: float, b: float) -> float:
        """The kappa with kappa/(a + sqrt(kappa^2 + b^2)) = r."""
        q = gap * (1.0 + r)
        return r / q * (a + math.sqrt(r * r * a * a + q * b * b))
