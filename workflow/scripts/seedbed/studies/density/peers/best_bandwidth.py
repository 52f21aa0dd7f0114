"""The kernel estimate with the bandwidth that is best on the test points: what no rule can beat."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from seedbed.density.estimator.high_dimensional_kde import HighDimensionalKDE


class BestBandwidth:
    """The largest mean log density of the test points, by Brent's method in log h.

    Parameters
    ----------
    known_rows : ndarray
        The test points.
    kernel : str
    df : float or None
    covariance : str
    """

    def __init__(self, known_rows, kernel="gaussian", df=None, covariance="full"):
        self.known_rows = known_rows
        self.kernel = kernel
        self.df = df
        self.covariance = covariance

    def fit(self, X, y=None):
        """Find the bandwidth, within a factor of four of the nearest-neighbour rule."""

        def model(log_h: float) -> HighDimensionalKDE:
            return HighDimensionalKDE(float(np.exp(log_h)), self.kernel, df=self.df, covariance=self.covariance).fit(X)

        start = np.log(
            HighDimensionalKDE("nearest", covariance=self.covariance, n_loo=500, random_state=0).fit(X).bandwidth_
        )
        found = minimize_scalar(
            lambda t: -model(t).score(self.known_rows),
            bounds=(start - np.log(4.0), start + np.log(4.0)), method="bounded", options={"xatol": 1e-3},
        )  # fmt: skip
        self.kernel_estimate_ = model(found.x)
        self.bandwidth_ = self.best_bandwidth_ = self.kernel_estimate_.bandwidth_
        return self

    def score_samples(self, X):
        """Log densities."""
        return self.kernel_estimate_.score_samples(X)
