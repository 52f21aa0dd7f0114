"""Kernel dimension reduction by the Fréchet cumulative covariance."""

from __future__ import annotations

from numbers import Real
from typing import ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.reduction.fccov.balls import ball_kernel, choose_anchors
from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.spaces.response import Response
from seedbed.reduction.spaces.response_kernels import JUDGE_RIDGE, smoother

from .gaussian_features import GaussianFeatures
from .kernel_reducer import KernelReducer


class KernelFCCov(KernelReducer):
    r"""The functions of a Gaussian kernel with the largest Fréchet cumulative covariance.

    GSIR with the ball kernel of :func:`ball_kernel` for the responses, and without the inverse of its Gram matrix:
    the leading eigenvectors of :math:`(G_X + \epsilon I)^{-1} G_X \, H K H \, G_X (G_X + \epsilon I)^{-1}`. It has
    the objective of :class:`FrechetCumulativeNet` over another class of functions, and so tells what is due to the
    measure and what to the network.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    weighting : {"covariance", "correlation"}, default="covariance"
        "covariance": the measure as the paper defines it. "correlation" is ours: K is replaced by its smoother
        K (K + e I)^-1, so that functions of Y count by how well they are explained and not by how much of K they hold.
    response_ridge : float, default=0.01
        e over the largest eigenvalue of HKH, for ``weighting="correlation"``.
    complexity, ridge : float or "cross_validation", default="cross_validation"
    n_folds : int, default=5
        As for :class:`GSIR`.
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None
        For the folds, and for the anchors of the kernel where there are more than 5000 samples.

    Attributes
    ----------
    complexity_, ridge_, cv_scores_, eigenvalues_, n_components_

    Notes
    -----
    ``O(n^3)`` per fold and complexity. Robust to outlying responses: distances count by their order.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **KernelReducer._parameter_constraints,
        "weighting": [StrOptions({"covariance", "correlation"})],
        "response_ridge": [Interval(Real, 0, None, closed="neither")],
    }

    def __init__(
        self,
        n_components=1,
        *,
        weighting="covariance",
        response_ridge=0.01,
        complexity="cross_validation",
        ridge="cross_validation",
        n_folds=5,
        metric="euclidean",
        random_state=None,
    ):
        self.n_components = n_components
        self.weighting = weighting
        self.response_ridge = response_ridge
        self.complexity = complexity
        self.ridge = ridge
        self.n_folds = n_folds
        self.metric = metric
        self.random_state = random_state

    def _response_part(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        return self._kernel(response, self.response_ridge, random)

    def _prepared(self, features: GaussianFeatures, part: np.ndarray) -> np.ndarray:
        return features.on_sample.T @ part @ features.on_sample / len(part)

    def _objective(self, prepared: np.ndarray, damping: np.ndarray, response_ridge: float | None) -> np.ndarray:
        return damping[:, None] * prepared * damping

    def _judge(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        return len(response) * self._kernel(response, JUDGE_RIDGE, random)

    def _kernel(self, response: Response, ridge: float, random: np.random.RandomState) -> np.ndarray:
        """HKH / n, or its smoother."""
        kernel = centre(ball_kernel(response, choose_anchors(len(response), random)))
        return smoother(kernel, ridge) if self.weighting == "correlation" else kernel / len(kernel)
