"""Generalised sliced inverse regression."""

from __future__ import annotations

from numbers import Real
from typing import ClassVar

import numpy as np
from scipy.linalg import eigh
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.reduction.spaces.response import Response
from seedbed.reduction.spaces.response_kernels import BANDWIDTH_CONSTRAINTS, JUDGE_RIDGE, gaussian_kernel, smoother

from .gaussian_features import GaussianFeatures
from .kernel_reducer import KernelReducer

RESPONSE_RIDGES = (1e-3, 1e-2, 1e-1)
_RANK = 1e-6  # of the largest eigenvalue: what lies below would be damped to nothing


class GSIR(KernelReducer):
    r"""Generalised sliced inverse regression (Lee, Li and Chiaromonte 2013), for responses of any space.

    Maximises the share of the variance of f(X) that regression on functions of Y explains: with centred Gram
    matrices :math:`G_X, G_Y` the leading eigenvectors of

    .. math:: (G_X + \epsilon_X I)^{-1} G_X \, G_Y (G_Y + \epsilon_Y I)^{-1} \, G_X (G_X + \epsilon_X I)^{-1} .

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    complexity : float or "cross_validation", default="cross_validation"
        c of the kernel exp(-c d^2 / (2 sigma^2)) of the standardised X, sigma their mean distance.
    ridge : float or "cross_validation", default="cross_validation"
        epsilon_X over the largest eigenvalue.
    response_bandwidth : {"median", "mean"} or float, default="median"
        Sigma of the Gaussian kernel of the responses' distances. The mean is what is usual, and what outliers
        destroy.
    response_ridge : float or "cross_validation", default="cross_validation"
        epsilon_Y over the largest eigenvalue; 0.1 is the default of nsdr.
    n_folds : int, default=5
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None
        For the folds.

    Attributes
    ----------
    complexity_, ridge_, response_ridge_, cv_scores_, eigenvalues_, n_components_

    Notes
    -----
    ``O(n^3)`` per fold and complexity. What is held out is judged by the share of variance that its own responses
    explain, with a ridge of 0.05.

    References
    ----------
    Lee, Li and Chiaromonte (2013), A general theory for nonlinear sufficient dimension reduction, Annals of Statistics
    41, 221-249. Li (2018), Sufficient Dimension Reduction, chapter 13.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **KernelReducer._parameter_constraints,
        **BANDWIDTH_CONSTRAINTS,
        "response_ridge": [Interval(Real, 0, None, closed="neither"), StrOptions({"cross_validation"})],
    }

    def __init__(
        self,
        n_components=1,
        *,
        complexity="cross_validation",
        ridge="cross_validation",
        response_bandwidth="median",
        response_ridge="cross_validation",
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

    def _response_part(self, response: Response, random: np.random.RandomState) -> tuple[np.ndarray, np.ndarray]:
        """Eigenvalues over the largest, and eigenvectors, of the responses' Gram matrix."""
        values, vectors = eigh(gaussian_kernel(response, self.response_bandwidth), driver="evd")
        kept = values > _RANK * values[-1]
        return values[kept] / max(values[-1], 1e-300), vectors[:, kept]

    def _prepared(self, features: GaussianFeatures, part: tuple) -> tuple[np.ndarray, np.ndarray]:
        strength, vectors = part
        return strength, features.on_sample.T @ vectors / np.sqrt(len(vectors))

    def _objective(self, prepared: tuple, damping: np.ndarray, response_ridge: float | None) -> np.ndarray:
        strength, inner = prepared
        damped = damping[:, None] * inner
        return (damped * (strength / (strength + response_ridge))) @ damped.T

    def _judge(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        return len(response) * smoother(gaussian_kernel(response, self.response_bandwidth), JUDGE_RIDGE)

    def _response_ridges(self) -> tuple[float, ...]:
        return RESPONSE_RIDGES if self.response_ridge == "cross_validation" else (float(self.response_ridge),)
