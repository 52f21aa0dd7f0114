"""What every law should beat: the uniform one."""

from __future__ import annotations

import numpy as np


class UniformLaw:
    """The uniform law on the sphere: kappa = 0 whatever the data."""

    def fit(self, X, y=None):
        """Set ``mean_direction_`` (the first axis) and ``concentration_`` (0)."""
        self.mean_direction_ = np.eye(1, np.shape(X)[1])[0]
        self.concentration_ = 0.0
        return self
