"""Classification by regression of one-hot labels with a neural tangent kernel."""

from __future__ import annotations

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from .ridge_path import Problem, RidgeFit
from .tuned_ridge import TunedRidge


class NTKClassifier(ClassifierMixin, TunedRidge):
    """Classes by ridge regression of one-hot labels with the neural tangent kernel of an infinitely wide network.

    The class with the largest regression is taken. Depth, bias and ridge are those with the highest accuracy on rows
    left out, ties going to the smaller squared error. Standardise the columns first.

    Parameters
    ----------
    depth, alpha, input_bias, fit_intercept, solver, activation, sigma_w, sigma_b
        See :class:`NTKRegressor`.
    criterion : {"loo", "gcv", "evidence"}, default="loo"
        Accuracy on rows left out; the others are those of the regression.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
    depth_, input_bias_, alpha_ : int, float, float
    loo_predictions_ : ndarray of shape (n,)
        Each row's class by a fit without it.
    loo_residuals_ : ndarray of shape (n, k)
        Of the one-hot labels.
    loo_score_ : float
        Accuracy of ``loo_predictions_``, weighted.
    path_ : Bunch of arrays
        As of :class:`NTKRegressor`, with ``loo_accuracy``.
    dual_coef_, intercept_ : ndarray of shape (n, k), (k,)
    eigenvalues_ : ndarray of shape (n,) or None
    message_ : str
        What was found, in words.
    n_features_in_ : int

    Notes
    -----
    O(n^3) for each depth and bias, O(n^2 k) for each alpha. Values of ``decision_function`` are no probabilities.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from seedbed.wide_networks import NTKClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> model = NTKClassifier().fit((X - X.mean(axis=0)) / X.std(axis=0), y)
    >>> bool(model.loo_score_ > 0.95)
    True
    """

    __module__ = "seedbed.wide_networks"  # where pickles look for it, wherever this file moves

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None):
        """Choose a network and a ridge, and solve.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)
        y : array-like of shape (n,)
            Labels of at least two classes.
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        self

        Raises
        ------
        ValueError
            As of :class:`NTKRegressor`, and for a single class.
        """
        X, y = validate_data(self, X, y, accept_sparse=("csr", "csc"), dtype=np.float64)
        check_classification_targets(y)
        X, y, roots = self._weighted(self._dense(X), y, sample_weight)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"at least two classes are needed to tell rows apart; got {len(self.classes_)} class")
        one_hot = np.eye(len(self.classes_))[codes]
        # centred, as without an intercept the regression would have to learn the shares of the classes
        self._shares = np.average(one_hot, axis=0, weights=np.square(roots))
        best, problem = self._search(X, one_hot - self._shares, roots)
        self.dual_coef_, self.loo_residuals_ = best.fit.dual, best.fit.left_out
        self.intercept_ = best.fit.intercept + self._shares
        scores = problem.y - best.fit.left_out + self._shares
        self.loo_predictions_ = self.classes_[scores.argmax(axis=1)]
        self.loo_score_ = self._accuracy(best.fit, problem)
        self.message_ = self._words(f"accuracy on rows left out {self.loo_score_:.3f}")
        return self

    def _accuracy(self, fit: RidgeFit, problem: Problem) -> float:
        """Of rows left out, weighted."""
        right = (problem.y - fit.left_out + self._shares).argmax(axis=1) == (problem.y + self._shares).argmax(axis=1)
        return float(np.average(right, weights=np.square(problem.roots)))

    def _criterion(self, fit: RidgeFit, problem: Problem) -> tuple[tuple[float, ...], dict[str, float]]:
        value, columns = super()._criterion(fit, problem)
        accuracy = self._accuracy(fit, problem)
        return ((accuracy, *value) if self.criterion == "loo" else value), {**columns, "loo_accuracy": accuracy}

    def decision_function(self, X):
        """Regressions of one-hot labels, (n, k); for two classes that of the second minus that of the first, (n,).

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)

        Returns
        -------
        ndarray
        """
        found = self._sums(X)
        return found[:, 1] - found[:, 0] if len(self.classes_) == 2 else found

    def predict(self, X):
        """Classes, (n,).

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)

        Returns
        -------
        ndarray
        """
        scores = self.decision_function(X)
        return self.classes_[(scores > 0.0).astype(int) if scores.ndim == 1 else scores.argmax(axis=1)]
