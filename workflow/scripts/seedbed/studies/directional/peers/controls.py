"""What every method should beat: the uniform law, and labels at random."""

from __future__ import annotations

import numpy as np


class UniformLaw:
    """The uniform law on the sphere: kappa = 0 whatever the data."""

    def fit(self, X, y=None):
        """Set ``mean_direction_`` (the first axis) and ``concentration_`` (0)."""
        self.mean_direction_ = np.eye(1, np.shape(X)[1])[0]
        self.concentration_ = 0.0
        return self


class RandomLabels:
    """Each row to a cluster at random."""

    def __init__(self, n_clusters: int = 2, random_state=None):
        self.n_clusters = n_clusters
        self.random_state = random_state

    def fit(self, X, y=None):
        """Set ``labels_``."""
        self.labels_ = np.random.default_rng(self.random_state).integers(0, self.n_clusters, len(X))
        return self
