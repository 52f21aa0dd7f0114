"""SciPy's fit of the von Mises-Fisher distribution."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.stats import vonmises_fisher

from seedbed.directional.sphere.rows import unit_rows


class ScipyVonMisesFisher:
    """``scipy.stats.vonmises_fisher.fit``, which for p >= 67 returns 1e-8 with no more than a warning."""

    def fit(self, X, y=None):
        """Set ``mean_direction_`` and ``concentration_``."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            mean, kappa = vonmises_fisher.fit(unit_rows(X))
        self.mean_direction_, self.concentration_ = np.asarray(mean), float(kappa)
        return self
