"""Ridge regression with a neural tangent kernel that is tuned by leaving rows out, exactly and in one pass."""

from __future__ import annotations

from sklearn.base import MultiOutputMixin, RegressorMixin, _fit_context

from .tuned_ridge import TunedRidge, left_out_r2


class NTKRegressor(MultiOutputMixin, RegressorMixin, TunedRidge):
    r"""Ridge regression with the neural tangent kernel of an infinitely wide network.

    .. math:: \min_{f, b} \sum_i w_i (y_i - f(x_i) - b)^2 + \alpha |f|^2_\Theta

    Depth, bias and ridge are chosen by the residuals of rows that are left out, which one eigendecomposition of each
    kernel gives exactly for all ridges. Standardise the columns first: the bias is in their unit.

    Parameters
    ----------
    depth : int, list of int or "auto", default="auto"
        Hidden layers; "auto" tries 1, 2, 3 and 5.
    alpha : float, list of float or "auto", default="auto"
        Ridge; "auto" tries 16 values from 1e-6 to 3 times the mean eigenvalue of the kernel.
    input_bias : float, list of float or "auto", default="auto"
        See :func:`ntk_kernel`; "auto" tries 0.3 and 1.
    criterion : {"loo", "gcv", "evidence"}, default="loo"
        Mean squared residual of rows left out, generalised cross-validation, or likelihood as a Gaussian process.
    fit_intercept : bool, default=True
        An intercept without penalty.
    solver : {"auto", "eigh", "cholesky"}, default="auto"
        "cholesky" solves anew for each alpha: faster for one, which is when "auto" takes it.
    activation, sigma_w, sigma_b
        See :func:`ntk_kernel`.

    Attributes
    ----------
    depth_, input_bias_, alpha_ : int, float, float
        What was chosen.
    loo_residuals_ : ndarray of the shape of y
        Each row's target minus its prediction by a fit without it.
    loo_score_ : float
        R^2 of these predictions, the mean over targets.
    path_ : Bunch of arrays
        The whole search, a row for each candidate: ``depth``, ``input_bias``, ``alpha``, ``loo_mse``, ``gcv``,
        ``log_evidence``, ``chosen``; ``pandas.DataFrame(path_)`` is a table of it.
    dual_coef_ : ndarray of shape (n,) or (n, t)
    intercept_ : float or ndarray of shape (t,)
    eigenvalues_ : ndarray of shape (n,) or None
        Of the chosen kernel matrix, weighted; None with "cholesky".
    message_ : str
        What was found, in words.
    n_features_in_ : int

    Notes
    -----
    O(n^3) for each depth and bias, O(n^2) for each alpha. Rows without weight are left out; an integer weight is as
    many copies of a row for a given alpha, but copies are left out one by one, which makes a search optimistic.

    References
    ----------
    S. Arora et al. (2020), Harnessing the power of infinitely wide deep nets on small-data tasks, arXiv:1910.01663.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import NTKRegressor
    >>> X = np.random.default_rng(0).normal(size=(100, 3))
    >>> model = NTKRegressor().fit(X, X[:, 0] + np.abs(X[:, 1]))
    >>> bool(model.loo_score_ > 0.99)
    True
    """

    __module__ = "seedbed.wide_networks"  # where pickles look for it, wherever this file moves

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None):
        """Choose a network and a ridge, and solve.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)
            A sparse matrix is made dense.
        y : array-like of shape (n,) or (n, t)
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For what is no finite numbers, fewer than two rows, more than 20000, or parameters out of range.
        """
        X, y, roots = self._targets(X, y, sample_weight)
        best, problem = self._search(X, y.reshape(len(y), -1), roots)
        fit, shape = best.fit, y.shape
        self.dual_coef_, self.loo_residuals_ = fit.dual.reshape(shape), fit.left_out.reshape(shape)
        self.intercept_ = float(fit.intercept[0]) if y.ndim == 1 else fit.intercept
        self.loo_score_ = left_out_r2(fit.left_out, problem)
        self.message_ = self._words(f"R^2 of rows left out {self.loo_score_:.3f}")
        return self

    def predict(self, X):
        """Predictions, (n,) or (n, t).

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)

        Returns
        -------
        ndarray
        """
        return self._means(X)
