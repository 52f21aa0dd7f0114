"""What classifiers by subspaces share: validation, the lift, and predictions from the lengths of projections."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from .added_dimension import lift, lift_is_needed, typical_norm, unit_rows

__all__ = ["SubspaceClassifier"]


class SubspaceClassifier(ClassifierMixin, BaseEstimator):
    """Base class; subclasses learn ``subspaces_`` and, if they have one, ``gamma_``."""

    def _start_fit(self, X, y) -> tuple[np.ndarray, np.ndarray]:
        """Unit rows, lifted if so decided, and classes from 0; sets ``classes_`` and ``lift_``."""
        X, y = validate_data(self, X, y, dtype="float64")
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"at least two classes are needed, y has one class, {self.classes_[0]!r}")
        lifted = lift_is_needed(X, codes) if self.lift == "auto" else self.lift
        self.lift_ = typical_norm(X) if lifted else None
        return self._embed(X), codes

    def _class_dims(self, n: int, largest: np.ndarray | None = None) -> np.ndarray:
        """Dimension of every class: as asked for, but at most half of the space (and at most ``largest``).

        Any two subspaces of more than half of the dimensions have directions in common.
        """
        dims = np.asarray(self.subspace_dim)
        if dims.ndim > 1 or (dims.ndim == 1 and len(dims) != len(self.classes_)):
            raise ValueError(
                f"subspace_dim must be one number or one for each of the {len(self.classes_)} classes, "
                f"got {self.subspace_dim!r}"
            )
        if not np.issubdtype(dims.dtype, np.integer) or dims.min() < 1:
            raise ValueError(f"subspace_dim must hold whole numbers of at least 1, got {self.subspace_dim!r}")
        most = np.full(len(self.classes_), max(1, n // 2))
        most = most if largest is None else np.minimum(most, largest)
        if (dims > most).any():
            reduced = sorted(set(np.minimum(dims, most).tolist()))
            reason = f"at most half of the space's {n} dimensions"
            reason += "" if largest is None else ", and no more than a class has training rows"
            warnings.warn(f"subspace_dim={self.subspace_dim} is reduced to {reduced}: {reason}", stacklevel=3)
        return np.minimum(dims, most)

    def _embed(self, X: np.ndarray) -> np.ndarray:
        return unit_rows(X if self.lift_ is None else lift(X, self.lift_))

    def _logits(self, X) -> np.ndarray:
        check_is_fitted(self)
        X = validate_data(self, X, dtype="float64", reset=False)
        classes, k, n = self.subspaces_.shape
        products = self._embed(X) @ self.subspaces_.reshape(classes * k, n).T
        return self.gamma_ * np.linalg.norm(products.reshape(-1, classes, k), axis=2)

    def decision_function(self, X):
        r"""Logits :math:`\gamma \|S_c x\| / \|x\|`; for two classes the second minus the first.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_classes), or (n_samples,) for two classes
        """
        logits = self._logits(X)
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def predict(self, X):
        """The class with the longest projection.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        best = self._logits(X).argmax(axis=1)
        return self.classes_[best]

    def predict_proba(self, X):
        r"""Softmax of the logits; no probability is below :math:`1 / (1 + (C-1) e^\gamma)`.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
        """
        return softmax(self._logits(X), axis=1)
