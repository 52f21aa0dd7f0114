"""Gaussian processes that are networks of infinite width at random weights."""

from __future__ import annotations

from numbers import Real
from typing import Any, ClassVar

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from sklearn.base import MultiOutputMixin, RegressorMixin, _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.validation import check_is_fitted

from seedbed.wide_networks.kernels.matrix import kernel_matrices
from seedbed.wide_networks.recursions.rows import rows_of

from .base import Number
from .ridge_path import Problem, RidgeFit, log_evidence
from .tuned_ridge import TunedRidge, left_out_r2


class NNGPRegressor(MultiOutputMixin, RegressorMixin, TunedRidge):
    r"""Regression by a Gaussian process whose covariance is that of a random network of infinite width.

    .. math:: y \sim N\!\left(b, s\, (K + \alpha / w)\right)

    with the mean :math:`b + k^\top (K + \alpha)^{-1} (y - b)` and the variance
    :math:`s\, (k_{**} - k^\top (K + \alpha)^{-1} k)` at a new row. Standardise the columns first.

    Parameters
    ----------
    depth, input_bias, solver, activation, sigma_w, sigma_b
        See :class:`NTKRegressor`.
    alpha : float, list of float or "auto", default="auto"
        Variance of the noise, in units of s.
    criterion : {"evidence", "loo", "gcv"}, default="evidence"
    fit_intercept : bool, default=False
        Whether b is estimated, by generalised least squares; otherwise it is zero.
    scale : float or "auto", default="auto"
        s. "auto": the most likely one for each target where alpha is searched for, and 1 where it is given.

    Attributes
    ----------
    depth_, input_bias_, alpha_ : int, float, float
    scale_ : float or ndarray of shape (t,)
    log_marginal_likelihood_ : float
        Log density of y under the law above, summed over targets.
    loo_residuals_, loo_score_, path_, dual_coef_, intercept_, eigenvalues_, message_
        As of :class:`NTKRegressor`.
    n_features_in_ : int

    Notes
    -----
    O(n^3) for each depth and bias; O(n^2) for each variance. The spread of an ensemble of *trained* wide networks is
    another: ``WideNetworkRegressor.predict(X, return_std="ensemble")``.

    References
    ----------
    J. Lee et al. (2018), Deep neural networks as Gaussian processes, arXiv:1711.00165.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import NNGPRegressor
    >>> X = np.random.default_rng(0).normal(size=(60, 2))
    >>> mean, std = NNGPRegressor().fit(X, np.sin(X[:, 0])).predict(X, return_std=True)
    >>> mean.shape, std.shape
    ((60,), (60,))
    """

    __module__ = "seedbed.wide_networks"  # where pickles look for it, wherever this file moves
    which = "nngp"

    _parameter_constraints: ClassVar[dict] = {
        **TunedRidge._parameter_constraints,
        "scale": [Number(Real, 0, None, closed="neither"), StrOptions({"auto"})],
    }

    def __init__(
        self,
        depth: Any = "auto",
        alpha: Any = "auto",
        input_bias: Any = "auto",
        criterion="evidence",
        fit_intercept=False,
        solver="auto",
        activation: Any = "relu",
        sigma_w=None,
        sigma_b=0.0,
        scale: Any = "auto",
    ):
        super().__init__(depth, alpha, input_bias, criterion, fit_intercept, solver, activation, sigma_w, sigma_b)
        self.scale = scale

    def _given_scale(self, n_targets: int) -> np.ndarray | None:
        if isinstance(self.scale, str):
            searched = isinstance(self.alpha, str) or np.size(self.alpha) > 1
            return None if searched else np.ones(n_targets)
        return np.full(n_targets, float(self.scale))

    def _criterion(self, fit: RidgeFit, problem: Problem) -> tuple[tuple[float, ...], dict[str, float]]:
        value, columns = super()._criterion(fit, problem)
        columns["log_evidence"] = log_evidence(fit, self._given_scale(problem.y.shape[1]))[0]
        return ((columns["log_evidence"],) if self.criterion == "evidence" and fit.usable else value), columns

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None):
        """Choose a network and a variance of the noise, and condition on the rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)
        y : array-like of shape (n,) or (n, t)
        sample_weight : array-like of shape (n,), optional
            w: the noise of a row has the variance alpha / w.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            As of :class:`NTKRegressor`.
        """
        X, y, roots = self._targets(X, y, sample_weight)
        best, problem = self._search(X, y.reshape(len(y), -1), roots)
        fit = best.fit
        self.log_marginal_likelihood_, scale, unit = log_evidence(fit, self._given_scale(problem.y.shape[1]))
        self.dual_coef_, self.loo_residuals_ = fit.dual.reshape(y.shape), fit.left_out.reshape(y.shape)
        self.intercept_ = float(fit.intercept[0]) if y.ndim == 1 else fit.intercept
        roots_of_scale = np.sqrt(scale) * unit
        with np.errstate(over="ignore"):
            scale = scale * unit * unit
        self.scale_ = float(scale[0]) if y.ndim == 1 else scale
        self._root = float(roots_of_scale[0]) if y.ndim == 1 else roots_of_scale
        self.loo_score_ = left_out_r2(fit.left_out, problem)
        [matrix] = self._between(X)
        matrix *= np.outer(roots, roots)
        matrix[np.diag_indices_from(matrix)] += self.alpha_
        self._roots, self._factor = roots, cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
        self.message_ = self._words(f"log marginal likelihood {self.log_marginal_likelihood_:.5g}")
        return self

    def predict(self, X, return_std: Any = False, return_cov: bool = False):
        """Means, and on demand standard deviations or covariances, of the function without noise.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (m, d)
        return_std, return_cov : bool, default=False
            At most one of them.

        Returns
        -------
        mean : ndarray of shape (m,) or (m, t)
        std : ndarray of the shape of the mean, if ``return_std``
        cov : ndarray of shape (m, m) or (m, m, t), if ``return_cov``

        Raises
        ------
        ValueError
            For both at once, or for what is neither True nor False.
        """
        if return_std == "ensemble":
            raise ValueError(
                "the spread of an ensemble of trained networks is that of WideNetworkRegressor, whose predict takes "
                "return_std='ensemble'; this is the posterior of random ones"
            )
        if not all(isinstance(flag, bool | np.bool_) for flag in (return_std, return_cov)):
            raise ValueError(f"return_std and return_cov must be True or False, got {return_std!r} and {return_cov!r}")
        if return_std and return_cov:
            raise ValueError("at most one of return_std and return_cov can be asked for")
        mean, single = self._means(X), self.dual_coef_.ndim == 1
        if not return_std and not return_cov:
            return mean
        X = self._numbers(X, reset=False)
        if return_cov:
            covariance = self._covariance(X)
            return mean, covariance * self.scale_ if single else covariance[:, :, None] * self.scale_
        variance = np.concatenate([self._variance(X[part]) for part in self._parts(len(X))])
        std = np.sqrt(np.maximum(variance, 0.0))
        return mean, std * self._root if single else std[:, None] * self._root

    def _solved(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The kernel with the rows, times roots (n, m); solved; and what the intercept leaves uncertain, (m,)."""
        k = self._between(X)[0].T * self._roots[:, None]
        solved = cho_solve(self._factor, k, check_finite=False)
        if not self.fit_intercept:
            return k, solved, np.zeros(len(X))
        direction = cho_solve(self._factor, self._roots, check_finite=False)
        return k, solved, (1.0 - direction @ k) / np.sqrt(self._roots @ direction)

    def _variance(self, X: np.ndarray) -> np.ndarray:
        k, solved, uncertain = self._solved(X)
        return self._diagonal(X, "nngp") - np.einsum("ij,ij->j", k, solved) + uncertain**2

    def _covariance(self, X: np.ndarray) -> np.ndarray:
        k, solved, uncertain = self._solved(X)
        [own] = kernel_matrices(self.network_, rows_of(X, self.network_), None, ("nngp",), np.dtype(float))
        return own - k.T @ solved + np.outer(uncertain, uncertain)

    def sample_y(self, X, n_samples=1, random_state=None):
        """Functions drawn from the posterior, at these rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (m, d)
        n_samples : int, default=1
        random_state : int, RandomState or None, default=None

        Returns
        -------
        ndarray of shape (m, n_samples) or (m, t, n_samples)
        """
        check_is_fitted(self)
        mean, rng = self._means(X), check_random_state(random_state)
        values, vectors = np.linalg.eigh(self._covariance(self._numbers(X, reset=False)))
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        shape = (len(root), n_samples) if mean.ndim == 1 else (len(root), mean.shape[1], n_samples)
        draws = np.tensordot(root, rng.standard_normal(shape), axes=1)
        return mean[..., None] + draws * (self._root if mean.ndim == 1 else self._root[:, None])
