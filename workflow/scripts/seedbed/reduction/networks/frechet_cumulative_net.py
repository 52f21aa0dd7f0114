"""The Fréchet cumulative covariance network."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.reduction.fccov.balls import SAMPLED_ANCHORS, ball_counts, ball_kernel, choose_anchors, kernel_of_counts
from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.spaces.response import Response
from seedbed.reduction.spaces.response_kernels import smoother

from .dependence_net import DependenceNet


class FrechetCumulativeNet(DependenceNet):
    r"""Nonlinear sufficient dimension reduction for random objects by a network (Yuan, Wang and Yu 2025).

    Finds functions :math:`f = (f_1, \dots, f_d)` of X that maximise
    :math:`\sum_t \mathrm{FCCov}(f_t(X) | Y) = \mathrm{tr}\, M(f)` subject to :math:`\mathrm{Var} f(X) = I`, where

    .. math:: \mathrm{FCCov}(U | V) = E\bigl[\mathrm{cov}^2\{U, 1[d(V, \tilde V) < d(\bar V, \tilde V)] \mid
              \bar V, \tilde V\}\bigr]

    sums, over all balls in the space of the responses, how far the mean of f within the ball is off. It depends on
    the order of distances alone, which makes it robust to outlying responses. Trained through the kernel K of
    :func:`ball_kernel`, it costs one matrix product a step and not a sort.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
        The eigenfunctions of the measure fold: a one-dimensional predictor can need two components to be
        recovered one to one.
    loss : {"penalised", "whitened"}, default="penalised"
        "penalised": :math:`-\mathrm{tr}\, M + \lambda \|\mathrm{Var} f - I\|_F^2`, the paper's; "whitened":
        :math:`-\mathrm{tr}(S^{-1} M)`, of the same minimisers, by long gradient steps.
    penalty : float, default=1.0
        :math:`\lambda`, where K is scaled so that the most that tr M can be is 1.
    weighting : {"covariance", "correlation"}, default="covariance"
        "covariance": the paper's measure. "correlation" is ours: K is replaced by its smoother K (K + e I)^-1, so that
        functions of Y count by how well they are explained and not by how much of K they hold.
    response_ridge : float, default=0.05
        e over the largest eigenvalue, for ``weighting="correlation"``.
    combine : {"best", "consensus"}, default="best"
        "best": the restart that does best on the held-out rows. "consensus" is ours: every restart holds out other
        rows, and the components are the functions that all restarts agree on most, the leading principal components
        of their whitened outputs.
    n_restarts : int, default=3
        Trained side by side.
    surplus : int, default=0
        Outputs that every restart trains beyond ``n_components``; what the restarts agree on, or explain best, is
        kept. Ours: with two or more components, one in surplus lets the second be what the first leaves open, and
        not another function of the same.
    architecture : {"mlp", "resnet"}, default="mlp"
        Feed-forward, or residual convolutional for images.
    hidden_layer_sizes : sequence of int, default=(64, 64)
        Units per layer, none for linear functions; for a resnet the channels of its blocks.
    image_shape : (height, width) or (channels, height, width), optional
        For a resnet; by default a square of one channel.
    n_epochs : int, optional
        300 for the penalised and 120 for the whitened loss.
    learning_rate : float, optional
        0.002 (AdamW) for the penalised and 2.0 (gradient steps with momentum 0.9) for the whitened loss.
    weight_decay : float, default=0.001
    batch_size : int, optional
        By default all rows at once up to 5000 and batches of 256 beyond; batches are U-centred, which removes the
        bias of 1 / batch_size, and need no (n, n) matrix.
    validation_fraction : float, default=0.2
        Rows that choose the epoch and the restart; 0 keeps the last epoch.
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    network_ : torch module
        In double precision.
    eigenvalues_ : ndarray
        What each component explains, over the most that so many components could.
    holdout_scores_ : ndarray of shape (n_restarts,)
    history_ : ndarray of shape (n_epochs, n_restarts)
        Held-out tr(S^-1 M).
    n_components_ : int

    Notes
    -----
    K costs ``n^3 / 2`` minima once, an epoch ``O(n^2 d)`` and the network. Scores are whitened and rotated after
    training, since the loss fixes them up to rotation only. For the same seed and number of threads the result is
    the same to the last bit; other threads or another BLAS change the order of sums, and training enlarges that.

    References
    ----------
    Yuan, Wang and Yu (2025), Fréchet Cumulative Covariance Net for Deep Nonlinear Sufficient Dimension Reduction
    with Random Objects, arXiv:2502.15374.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **DependenceNet._parameter_constraints,
        "weighting": [StrOptions({"covariance", "correlation"})],
        "response_ridge": [Interval(Real, 0, None, closed="neither")],
    }

    def __init__(
        self,
        n_components=1,
        *,
        loss="penalised",
        penalty=1.0,
        weighting="covariance",
        response_ridge=0.05,
        combine="best",
        n_restarts=3,
        surplus=0,
        architecture="mlp",
        hidden_layer_sizes=(64, 64),
        image_shape=None,
        n_epochs=None,
        learning_rate=None,
        weight_decay=1e-3,
        batch_size=None,
        validation_fraction=0.2,
        metric="euclidean",
        random_state=None,
    ):
        self.n_components = n_components
        self.loss = loss
        self.penalty = penalty
        self.weighting = weighting
        self.response_ridge = response_ridge
        self.combine = combine
        self.n_restarts = n_restarts
        self.surplus = surplus
        self.architecture = architecture
        self.hidden_layer_sizes = hidden_layer_sizes
        self.image_shape = image_shape
        self.n_epochs = n_epochs
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.validation_fraction = validation_fraction
        self.metric = metric
        self.random_state = random_state

    def _whole_kernel(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        return self._weighted(centre(ball_kernel(response, choose_anchors(len(response), random))))

    def _partial_kernels(self, response: Response, random: np.random.RandomState) -> Callable[[np.ndarray], np.ndarray]:
        anchors = random.choice(len(response), min(len(response), SAMPLED_ANCHORS), replace=False)
        counts = ball_counts(response, anchors)
        return lambda rows: self._weighted(centre(kernel_of_counts(counts[rows])))

    def _weighted(self, kernel: np.ndarray) -> np.ndarray:
        return smoother(kernel, self.response_ridge) if self.weighting == "correlation" else kernel
