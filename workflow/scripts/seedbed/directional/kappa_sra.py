"""Sra's estimate of the concentration: exactly two Newton steps from Banerjee's."""

from __future__ import annotations

from seedbed.directional.bessel import bessel_ratio
from seedbed.directional.kappa_banerjee import banerjee
from seedbed.directional.resultant_estimator import ResultantEstimator


class SraEstimator(ResultantEstimator):
    """S. Sra (2012), Comput. Statist. 27, 177-190; the ratio A is our accurate one."""

    def concentration(self, r: float, gap: float, p: int) -> float:
        """Two steps of kappa - (A - R)/(1 - A^2 - (p-1) A/kappa)."""
        kappa = banerjee(r, gap, p)
        for _ in range(2):
            a = float(bessel_ratio(0.5 * p - 1.0, kappa, backend="numpy"))
            kappa -= (a - r) / (1.0 - a * a - (p - 1.0) / kappa * a)
        return kappa
