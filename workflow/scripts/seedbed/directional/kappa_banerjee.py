"""Banerjee's closed-form approximation of the concentration."""

from __future__ import annotations

from seedbed.directional.resultant_estimator import ResultantEstimator


def banerjee(r: float, gap: float, p: int) -> float:
    r""":math:`\bar R (p - \bar R^2)/(1 - \bar R^2)`."""
    return r * (p - r * r) / (gap * (1.0 + r))


class BanerjeeEstimator(ResultantEstimator):
    """A. Banerjee, I. S. Dhillon, J. Ghosh and S. Sra (2005), J. Mach. Learn. Res. 6, 1345-1382."""

    def concentration(self, r: float, gap: float, p: int) -> float:
        """See `banerjee`."""
        return banerjee(r, gap, p)
