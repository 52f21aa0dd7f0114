"""What stopping is compared with: a Gaussian process, the mean label, and the best time that there is."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

from seedbed.wide_networks.estimators.wide_network_regressor import WideNetworkRegressor

__all__ = ["BestTime", "MeanLabel", "RbfProcess"]


class RbfProcess(RegressorMixin, BaseEstimator):
    """scikit-learn's Gaussian process: a Gaussian kernel and noise, whose three parameters maximise the evidence."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> RbfProcess:
        """Fit to rows and labels."""
        kernel = ConstantKernel(1.0) * RBF(X.shape[1] ** 0.5, (1e-1, 1e3)) + WhiteKernel(0.1, (1e-5, 1e2))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a parameter at its bound
            self.process_ = GaussianProcessRegressor(kernel, normalize_y=True).fit(X, y)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Posterior means."""
        return self.process_.predict(X)


class MeanLabel(RegressorMixin, BaseEstimator):
    """The mean label for every row."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> MeanLabel:
        """Fit to rows and labels."""
        self.mean_ = np.mean(y)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The mean label."""
        return np.full(len(X), self.mean_)


class BestTime(RegressorMixin, BaseEstimator):
    """The gradient flow of the limit kernel, of the rule's times at the one that is best on the fresh rows.

    Parameters
    ----------
    known_X_test, known_truth : ndarray
        Fresh rows, and the function at them.
    depth, input_bias
        See :class:`seedbed.wide_networks.WideNetworkRegressor`.
    """

    def __init__(
        self,
        known_X_test: np.ndarray,
        known_truth: np.ndarray,
        depth: int = 2,
        input_bias: float = 0.5,
    ) -> None:
        self.known_X_test, self.known_truth = known_X_test, known_truth
        self.depth, self.input_bias = depth, input_bias

    def fit(self, X: np.ndarray, y: np.ndarray) -> BestTime:
        """Fit to rows and labels, and look at the fresh rows."""
        self.flow_ = WideNetworkRegressor(depth=self.depth, input_bias=self.input_bias).fit(X, y)
        times = self.flow_.path_.training_time
        errors = [
            np.mean((found - self.known_truth) ** 2) for found in self.flow_.staged_predict(self.known_X_test, times)
        ]
        self.time_ = times[int(np.argmin(errors))]
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions at the best time."""
        return self.flow_.staged_predict(X, [self.time_])[0]
