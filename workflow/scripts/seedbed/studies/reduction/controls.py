"""What every method should beat, and what none can: a random direction, and the true predictor."""

from __future__ import annotations

import numpy as np


class RandomDirections:
    """Projections onto random directions, whatever the response.

    Parameters
    ----------
    n_components : int, default=1
    random_state : int or None, default=None
    """

    ignores_responses = True

    def __init__(self, n_components: int = 1, *, random_state=None):
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, X, y=None):
        """Draw ``components_``."""
        rng = np.random.default_rng(self.random_state)
        deviation = np.std(X, axis=0)
        scale = np.where(deviation > 0, deviation, 1.0)
        self.components_ = rng.standard_normal((self.n_components, np.shape(X)[1])) / scale
        return self

    def transform(self, X):
        """The projections."""
        return np.asarray(X) @ self.components_.T


class TruePredictor:
    """The true sufficient predictor, looked up: what a perfect method would give.

    Parameters
    ----------
    known_X, known_Z : ndarray
        Rows and their true predictor.
    """

    ignores_responses = True

    def __init__(self, known_X, known_Z):
        self.known_X = known_X
        self.known_Z = known_Z

    def fit(self, X, y=None):
        """Number the rows."""
        rows = np.ascontiguousarray(self.known_X, np.float64)
        self.places_ = {row.tobytes(): i for i, row in enumerate(rows)}
        return self

    def transform(self, X):
        """The true predictor of rows that are known."""
        rows = np.ascontiguousarray(X, np.float64)
        return np.asarray(self.known_Z)[[self.places_[row.tobytes()] for row in rows]]
