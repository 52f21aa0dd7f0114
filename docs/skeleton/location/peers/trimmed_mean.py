"""The method under test; it knows neither the engine nor Snakemake, and can be imported on its own."""

from __future__ import annotations

import numpy as np


class TrimmedMean:
    r"""Mean of what is left when the largest and the smallest values are taken away.

    .. math:: \hat\mu = \frac{1}{n - 2g} \sum_{i=g+1}^{n-g} x_{(i)}, \qquad g = \lfloor \alpha n \rfloor

    Parameters
    ----------
    share : float
        :math:`\alpha`, at least 0 and below one half; 0 gives the mean.

    Attributes
    ----------
    centre_ : float
    """

    def __init__(self, share: float = 0.1) -> None:
        self.share = share

    def fit(self, X: np.ndarray) -> TrimmedMean:
        """Estimate the centre of ``X``, shape (n,); O(n log n)."""
        if not 0 <= self.share < 0.5:
            raise ValueError(f"share must be at least 0 and below 0.5, got {self.share}")
        cut = int(self.share * len(X))
        self.centre_ = float(np.sort(X)[cut : len(X) - cut].mean())
        return self
