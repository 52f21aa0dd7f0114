"""Kernel sliced inverse regression."""

from __future__ import annotations

from numbers import Integral
from typing import ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval

from seedbed.reduction.linear.slicing import slice_labels
from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.spaces.response import Response

from .gaussian_features import GaussianFeatures
from .kernel_reducer import KernelReducer


class KSIR(KernelReducer):
    r"""Kernel sliced inverse regression (Wu 2008): SIR over the functions of a Gaussian kernel.

    Maximises the variance between the slices' means of f(X) over its variance, with a ridge.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    n_slices : int, default=10
        Of numbers by value, of other objects around medoids.
    complexity, ridge : float or "cross_validation", default="cross_validation"
    n_folds : int, default=5
        As for :class:`GSIR`.
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None
        For the folds and the first medoids.

    Attributes
    ----------
    complexity_, ridge_, cv_scores_, eigenvalues_, n_components_

    Notes
    -----
    ``O(n^3)`` per fold and complexity. At most ``n_slices - 1`` components carry anything.

    References
    ----------
    Wu (2008), Kernel sliced inverse regression with applications to classification, JCGS 17, 590-610.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **KernelReducer._parameter_constraints,
        "n_slices": [Interval(Integral, 2, None, closed="left")],
    }

    def __init__(
        self,
        n_components=1,
        *,
        n_slices=10,
        complexity="cross_validation",
        ridge="cross_validation",
        n_folds=5,
        metric="euclidean",
        random_state=None,
    ):
        self.n_components = n_components
        self.n_slices = n_slices
        self.complexity = complexity
        self.ridge = ridge
        self.n_folds = n_folds
        self.metric = metric
        self.random_state = random_state

    def _response_part(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        """The projection onto the slices' means."""
        labels = slice_labels(response, self.n_slices, random)
        return centre((labels[:, None] == labels[None, :]) / np.bincount(labels)[labels])

    def _prepared(self, features: GaussianFeatures, part: np.ndarray) -> np.ndarray:
        return features.on_sample.T @ part @ features.on_sample / len(part)

    def _objective(self, prepared: np.ndarray, damping: np.ndarray, response_ridge: float | None) -> np.ndarray:
        return damping[:, None] * prepared * damping

    def _judge(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        return len(response) * self._response_part(response, random)
