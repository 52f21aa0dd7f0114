"""Kernel estimates of other libraries, each with the same estimate summed exactly beside it.

``kernel_estimate_`` is a :class:`seedbed.density.HighDimensionalKDE` with the peer's bandwidth, points and shape: what
is compared is the bandwidth, and how far the peer's own numbers are from its estimate is a metric of its own.
"""

from __future__ import annotations

import numpy as np

from seedbed.core.errors import SkipFit
from seedbed.density.estimator.high_dimensional_kde import HighDimensionalKDE

SEARCHED = np.geomspace(0.2, 2.0, 19)  # in units of the root mean variance
MOST_WORK = 2.5e7  # n^2 d that a grid search is given


class ScipyKDE:
    """``scipy.stats.gaussian_kde`` with its default, Scott's rule and the covariance of the data."""

    def fit(self, X, y=None):
        """Fit, and take over bandwidth and covariance."""
        from scipy.stats import gaussian_kde

        if len(X) <= X.shape[1]:
            raise SkipFit("gaussian_kde needs more rows than columns")
        self.peer_ = gaussian_kde(X.T)
        self.kernel_estimate_ = HighDimensionalKDE(1.0, covariance=self.peer_.covariance).fit(X)
        self.bandwidth_ = float(self.peer_.factor)
        return self

    def score_samples(self, X):
        """Log densities by SciPy."""
        return self.peer_.logpdf(X.T)


class SklearnKDE:
    """scikit-learn's ``KernelDensity`` with the bandwidth of a grid search in five folds, on rows of unit variance.

    Parameters
    ----------
    exact : bool
        With ``leaf_size=n``, which sums over all points; by default as users run it.
    most_work : float
        n^2 d from which on a grid search takes too long to be run in every replicate.
    """

    def __init__(self, exact=False, most_work=MOST_WORK):
        self.exact = exact
        self.most_work = most_work

    def fit(self, X, y=None):
        """Search the bandwidth."""
        from sklearn.model_selection import GridSearchCV
        from sklearn.neighbors import KernelDensity

        n, d = X.shape
        if float(n) ** 2 * d > self.most_work:
            raise SkipFit(f"a grid search over {n} rows in {d} dimensions takes too long here (most_work)")
        self.scale_ = float(np.sqrt(X.var(axis=0).mean()))
        start = KernelDensity(leaf_size=n) if self.exact else KernelDensity()
        search = GridSearchCV(start, {"bandwidth": SEARCHED}).fit(X / self.scale_)
        self.peer_ = search.best_estimator_
        self.bandwidth_ = float(search.best_params_["bandwidth"]) * self.scale_
        self.kernel_estimate_ = HighDimensionalKDE(self.bandwidth_).fit(X)
        return self

    def score_samples(self, X):
        """Log densities by scikit-learn, of the rows in their own units."""
        return self.peer_.score_samples(X / self.scale_) - X.shape[1] * np.log(self.scale_)
