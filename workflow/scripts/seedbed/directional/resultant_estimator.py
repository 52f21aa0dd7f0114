"""What the estimators of the concentration share: they see the data only through R and p."""

from __future__ import annotations

import numpy as np

from seedbed.directional.sphere import mean_direction, unit_rows


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
