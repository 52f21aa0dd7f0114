"""What every method should beat, and what none can: a study has one of each where it can."""

from __future__ import annotations

import numpy as np


class FirstValue:
    """The first observation, whatever the others are."""

    def fit(self, X: np.ndarray) -> FirstValue:
        """Set ``centre_``."""
        self.centre_ = float(X[0])
        return self


class CleanMean:
    """The mean of the observations that are not wrong, which only an oracle knows."""

    def __init__(self, wrong: np.ndarray | None = None) -> None:
        self.wrong = wrong

    def fit(self, X: np.ndarray) -> CleanMean:
        """Set ``centre_``."""
        self.centre_ = float(X[~self.wrong].mean())
        return self
