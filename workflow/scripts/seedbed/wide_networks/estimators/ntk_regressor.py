"""Ridge regression with a neural tangent kernel that is tuned by leaving rows out, exactly and in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import MultiOutputMixin, RegressorMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import validate_data

from .base import WideBase
from .ridge_path import Problem, RidgeFit, Solver, gcv, log_evidence
from .search import CRITERIA, Candidate, Kernels, alphas_for, best_of, networks_to_try

RIDGE_CONSTRAINTS: dict = {
    **WideBase._parameter_constraints,
    "alpha": [Interval(Real, 0, None, closed="neither"), StrOptions({"auto"}), "array-like"],
    "criterion": [StrOptions(set(CRITERIA))],
    "solver": [StrOptions({"auto", "eigh", "cholesky"})],
}


class TunedRidge(WideBase):
    """The search that regression, classification and Gaussian processes share."""

    alpha: Any
    criterion: str
    solver: str
    fit_intercept: bool

    def _criterion(self, fit: RidgeFit, problem: Problem) -> tuple[tuple[float, ...], dict[str, float]]:
        """What is compared, the larger the better, and the columns of the table."""
        weights = np.square(problem.roots)[:, None]
        squares = float((weights * np.square(fit.left_out)).sum() / weights.sum() / fit.left_out.shape[1])
        columns = {
            "alpha": fit.alpha,
            "loo_mse": squares,
            "gcv": gcv(fit, problem) if fit.usable else np.nan,
            "log_evidence": log_evidence(fit, None)[0],
        }
        value = {"loo": -squares, "gcv": -columns["gcv"], "evidence": columns["log_evidence"]}[self.criterion]
        return (value if fit.usable else np.nan,), columns

    def _candidates(self, X: np.ndarray, problem: Problem) -> Iterator[Candidate]:
        networks, order = networks_to_try(self), 0
        one = not isinstance(self.alpha, str) and np.size(self.alpha) == 1
        solver = self.solver if self.solver != "auto" else "cholesky" if one else "eigh"
        alone = one and len(networks) == 1
        for network, matrix in Kernels(networks, X, self.which):
            ready = Solver(matrix, problem, solver)
            for fit in ready.fits(alphas_for(self.alpha, ready.mean_eigenvalue)):
                value, columns = self._criterion(fit, problem)
                yield Candidate(network, fit, ready, (0.0,) if alone else value, {**columns, "order": order})
                order += 1

    def _search(self, X: np.ndarray, y: np.ndarray, roots: np.ndarray) -> tuple[Candidate, Problem]:
        problem = Problem(y, roots, bool(self.fit_intercept))
        best, self.path_ = best_of(self._candidates(X, problem))
        self._take_network(best.network, X)
        self.alpha_, self.eigenvalues_ = best.fit.alpha, best.solver.eigenvalues
        return best, problem

    def _words(self, found: str) -> str:
        number = len(self.path_.alpha)
        said = f"depth {self.depth_}, input bias {self.input_bias_:.3g}, alpha {self.alpha_:.3g}"
        if number > 1:
            said += f", the best of {number} by {self.criterion}"
        tried = self.path_.alpha[(self.path_.depth == self.depth_) & (self.path_.input_bias == self.input_bias_)]
        if len(tried) > 1 and self.alpha_ in (tried.min(), tried.max()):
            said += f" ({'the smallest' if self.alpha_ == tried.min() else 'the largest'} alpha that was tried)"
        return f"{said}; {found}"


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

    _parameter_constraints: ClassVar[dict] = RIDGE_CONSTRAINTS

    def __init__(
        self,
        depth: Any = "auto",
        alpha: Any = "auto",
        input_bias: Any = "auto",
        criterion="loo",
        fit_intercept=True,
        solver="auto",
        activation: Any = "relu",
        sigma_w=None,
        sigma_b=0.0,
    ):
        self.depth = depth
        self.alpha = alpha
        self.input_bias = input_bias
        self.criterion = criterion
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.activation = activation
        self.sigma_w = sigma_w
        self.sigma_b = sigma_b

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
        X, y = validate_data(
            self, X, y, accept_sparse=("csr", "csc"), dtype=np.float64, multi_output=True, y_numeric=True
        )
        X, y = self._dense(X), np.asarray(y, dtype=np.float64)
        X, y, roots = self._weighted(X, y, sample_weight)
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
        found = self._sums(X)
        return found[:, 0] if self.dual_coef_.ndim == 1 else found


def left_out_r2(left_out: np.ndarray, problem: Problem) -> float:
    """R^2 of predictions of rows left out, weighted; the mean over targets that vary."""
    weights = np.square(problem.roots)[:, None]
    centred = problem.y - (weights * problem.y).sum(axis=0) / weights.sum()
    total = (weights * np.square(centred)).sum(axis=0)
    rest = (weights * np.square(left_out)).sum(axis=0)
    varies = total > 0.0
    return float(np.mean(1.0 - rest[varies] / total[varies])) if varies.any() else float("nan")
