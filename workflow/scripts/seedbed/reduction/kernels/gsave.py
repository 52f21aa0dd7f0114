"""Generalised sliced average variance estimation."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from seedbed.reduction.spaces.response import Response
from seedbed.reduction.spaces.response_kernels import BANDWIDTH_CONSTRAINTS, JUDGE_RIDGE, gaussian_kernel, smoother

from .gaussian_features import GaussianFeatures
from .kernel_reducer import KernelReducer

MOST_FEATURES = 60  # the smoothest functions of X: a covariance matrix of them is estimated at every response


class GSAVE(KernelReducer):
    r"""Generalised sliced average variance estimation (Lee, Li and Chiaromonte 2013), for responses of any space.

    The leading eigenvectors of :math:`E[(\mathrm{Var} f(X) - \mathrm{Var}(f(X) | Y))^2]` over orthonormal functions
    f of a Gaussian kernel. Conditional moments given Y are kernel ridge regressions on the responses. Parameters and
    attributes are those of :class:`GSIR`; unlike GSIR it also sees what only the variance of f(X) given Y shows.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    complexity, ridge : float or "cross_validation", default="cross_validation"
    response_bandwidth : {"median", "mean"} or float, default="median"
    response_ridge : float, default=0.1
    n_folds : int, default=5
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Notes
    -----
    ``O(n^3 + n^2 r^2)`` per fold and complexity, with the r = 60 smoothest functions.

    References
    ----------
    Lee, Li and Chiaromonte (2013), A general theory for nonlinear sufficient dimension reduction, Annals of Statistics
    41, 221-249.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {**KernelReducer._parameter_constraints, **BANDWIDTH_CONSTRAINTS}

    def __init__(
        self,
        n_components=1,
        *,
        complexity="cross_validation",
        ridge="cross_validation",
        response_bandwidth="median",
        response_ridge=0.1,
        n_folds=5,
        metric="euclidean",
        random_state=None,
    ):
        self.n_components = n_components
        self.complexity = complexity
        self.ridge = ridge
        self.response_bandwidth = response_bandwidth
        self.response_ridge = response_ridge
        self.n_folds = n_folds
        self.metric = metric
        self.random_state = random_state

    def _response_part(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        """Weights of all samples in the regression on the responses, one row per response."""
        weights = smoother(gaussian_kernel(response, self.response_bandwidth), self.response_ridge)
        return weights + 1.0 / len(response)

    def _prepared(self, features: GaussianFeatures, part: np.ndarray) -> np.ndarray:
        """I - Cov(features | Y = y_j) for every j, shape (n, r, r)."""
        values = features.on_sample[:, :MOST_FEATURES]
        n, r = values.shape
        means = part @ values
        second = (part @ np.einsum("ia,ib->iab", values, values).reshape(n, -1)).reshape(n, r, r)
        return np.eye(r) - second + means[:, :, None] * means[:, None, :]

    def _objective(self, prepared: np.ndarray, damping: np.ndarray, response_ridge: float | None) -> np.ndarray:
        # sum_j D^1/2 A_j D A_j D^1/2 as one product of (r, n r) with (n r, r)
        root = np.sqrt(damping[: prepared.shape[1]])
        stacked = (prepared * root[:, None]).reshape(-1, len(root))
        return root[:, None] * (stacked.T @ stacked / len(prepared)) * root

    def _judge(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        return len(response) * smoother(gaussian_kernel(response, self.response_bandwidth), JUDGE_RIDGE)
