"""What a method is measured against from above: the true subspaces."""

from __future__ import annotations

from numbers import Real
from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.grassmann.classifiers.subspace_classifier import SubspaceClassifier
from seedbed.grassmann.heads.logit_scale import gamma_for_classes

__all__ = ["SubspaceOracle"]


class SubspaceOracle(SubspaceClassifier):
    """Projections on given subspaces: nothing is learned from the data.

    Parameters
    ----------
    subspaces : ndarray of shape (n_classes, k, n)
        Orthonormal rows, in the order of the sorted classes.
    gamma : float or "log_classes", default="log_classes"
        Scale of the logits; it matters for probabilities only.

    Attributes
    ----------
    subspaces_, classes_, gamma_
        As in :class:`seedbed.grassmann.ClaficClassifier`.

    Raises
    ------
    ValueError
        For subspaces that do not fit the data.
    """

    lift = False

    _parameter_constraints: ClassVar[dict] = {
        "subspaces": [np.ndarray],
        "gamma": [Interval(Real, 0, None, closed="neither"), StrOptions({"log_classes"})],
    }

    def __init__(self, subspaces, *, gamma="log_classes"):
        self.subspaces = subspaces
        self.gamma = gamma

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Take note of the classes.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)

        Returns
        -------
        self
        """
        X, _ = self._start_fit(X, y)
        expected = (len(self.classes_), X.shape[1])
        if self.subspaces.ndim != 3 or self.subspaces.shape[::2] != expected:
            raise ValueError(
                f"subspaces have the shape {self.subspaces.shape}; ({expected[0]}, k, {expected[1]}) is needed"
            )
        self.subspaces_ = self.subspaces
        self.gamma_ = gamma_for_classes(len(self.classes_)) if self.gamma == "log_classes" else float(self.gamma)
        return self
