"""CLAFIC: each class the span of the leading eigenvectors of its autocorrelation matrix."""

from __future__ import annotations

from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.grassmann.heads.logit_scale import gamma_for_classes

from .subspace_classifier import SubspaceClassifier

__all__ = ["ClaficClassifier", "class_subspaces"]


def class_subspaces(X: np.ndarray, y: np.ndarray, dims: np.ndarray) -> np.ndarray:
    r"""The leading right singular vectors of the rows of each class, not centred.

    Parameters
    ----------
    X : ndarray of shape (N, n)
    y : ndarray of shape (N,)
        Classes from 0.
    dims : ndarray of shape (C,)
        Their dimensions; at most the number of the class's rows, and n.

    Returns
    -------
    ndarray of shape (C, max(dims), n)
        Orthonormal rows, by falling singular value; padded with zero rows.

    Notes
    -----
    ``O(N n min(N, n))``: one thin singular value decomposition a class.
    """
    subspaces = np.zeros((len(dims), dims.max(), X.shape[1]))
    for c, k in enumerate(dims):
        subspaces[c, :k] = np.linalg.svd(X[y == c], full_matrices=False)[2][:k]
    return subspaces


class ClaficClassifier(SubspaceClassifier):
    r"""Class-featuring information compression (CLAFIC): a subspace per class by principal components, in closed form.

    The subspace of class c is spanned by the leading eigenvectors of :math:`\sum_{i \in c} x_i x_i^\top` (unit rows,
    not centred); a point goes to the class on whose subspace its projection is longest.

    Parameters
    ----------
    subspace_dim : int or array-like of shape (n_classes,), default=4
        Dimension of every class, or of each, in the order of ``classes_``. A class gets no more dimensions than it
        has training rows, nor than half of the space's, since any two larger subspaces intersect.
    gamma : float or "log_classes", default="log_classes"
        Scale of the logits; it matters for probabilities only.
    lift : bool or "auto", default="auto"
        Replace x by (x / r, 1), with r the typical norm of the training rows. "auto": if features take both signs
        and the classes are not centred at zero; see
        :func:`seedbed.grassmann.classifiers.added_dimension.lift_is_needed`.

    Attributes
    ----------
    subspaces_ : ndarray of shape (n_classes, k, n)
        Orthonormal rows, padded with zero rows where dimensions differ; n counts the lifted coordinate.
    classes_ : ndarray of shape (n_classes,)
    subspace_dims_ : ndarray of shape (n_classes,)
    gamma_ : float
    lift_ : float or None
        r, where features are lifted.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For a single class, dimensions below one, or data that are not finite.

    Notes
    -----
    ``O(N n min(N, n))`` to fit. The Riemannian classifier starts here with ``start="clafic"``.

    References
    ----------
    S. Watanabe, N. Pakvasa (1973). Subspace method of pattern recognition. E. Oja (1983). Subspace Methods of Pattern
    Recognition.
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        "subspace_dim": [Interval(Integral, 1, None, closed="left"), "array-like"],
        "gamma": [Interval(Real, 0, None, closed="neither"), StrOptions({"log_classes"})],
        "lift": ["boolean", StrOptions({"auto"})],
    }

    def __init__(self, subspace_dim=4, *, gamma="log_classes", lift="auto"):
        self.subspace_dim = subspace_dim
        self.gamma = gamma
        self.lift = lift

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Find the subspace of every class.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)

        Returns
        -------
        self
        """
        X, codes = self._start_fit(X, y)
        self.subspace_dims_ = self._class_dims(X.shape[1], np.bincount(codes))
        self.gamma_ = gamma_for_classes(len(self.classes_)) if self.gamma == "log_classes" else float(self.gamma)
        self.subspaces_ = class_subspaces(X, codes, self.subspace_dims_)
        return self
