"""What an infinitely wide network has learned after training for a time, and which time is best."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import MultiOutputMixin, RegressorMixin, _fit_context
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.validation import check_is_fitted

from .base import Number, WideBase
from .gradient_flow import Flow
from .ridge_path import Problem
from .search import Candidate, Kernels, best_of, networks_to_try


class WideNetworkRegressor(MultiOutputMixin, RegressorMixin, WideBase):
    r"""An infinitely wide network after least-squares training by gradient flow, without training one.

    .. math:: \frac{d f_t}{dt} = -\frac1n\, \Theta(\cdot, X)\, (f_t(X) - y)

    Training starts at the mean of the targets, or at zero. When to stop, depth and bias are chosen by generalised
    cross-validation. Standardise the columns first.

    Parameters
    ----------
    training_time : float or "auto", default="auto"
        t, in units of learning rate times steps; ``inf`` for the end. "auto": the best of 60 by generalised
        cross-validation.
    depth, input_bias, activation, sigma_w, sigma_b
        See :class:`NTKRegressor`.
    fit_intercept : bool, default=True
        Whether training starts at the (weighted) mean of the targets.

    Attributes
    ----------
    training_time_, depth_, input_bias_ : float, int, float
        What was chosen.
    path_ : Bunch of arrays
        The whole search: ``depth``, ``input_bias``, ``training_time``, ``gcv``, ``train_mse``, ``freedom`` (trace of
        I - H), ``chosen``.
    gcv_ : float
        Of what was chosen; NaN where nothing but rounding is left of the residuals.
    eigenvalues_ : ndarray of shape (n,)
        Of the kernel matrix; a component with eigenvalue s is learned at the rate s / n.
    dual_coef_ : ndarray of shape (n,) or (n, t)
    intercept_ : float or ndarray of shape (t,)
    message_ : str
        What was found, in words.
    n_features_in_ : int

    Notes
    -----
    O(n^3) for each depth and bias; O(n^2) for each time. Weights are of the loss, over their sum.

    References
    ----------
    A. Jacot, F. Gabriel, C. Hongler (2018), Neural tangent kernel, arXiv:1806.07572. J. Lee et al. (2019), Wide neural
    networks of any depth evolve as linear models under gradient descent, arXiv:1902.06720.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import WideNetworkRegressor
    >>> X = np.random.default_rng(0).normal(size=(80, 2))
    >>> model = WideNetworkRegressor().fit(X, np.sin(X[:, 0]))
    >>> curve = model.staged_predict(X, [0.0, 1.0, np.inf])
    >>> curve.shape
    (3, 80)
    """

    __module__ = "seedbed.wide_networks"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **WideBase._parameter_constraints,
        "training_time": [Number(Real, 0, None, closed="both"), StrOptions({"auto"})],
    }

    def __init__(
        self,
        training_time: Any = "auto",
        depth: Any = "auto",
        input_bias: Any = "auto",
        fit_intercept=True,
        activation: Any = "relu",
        sigma_w=None,
        sigma_b=0.0,
    ):
        self.training_time = training_time
        self.depth = depth
        self.input_bias = input_bias
        self.fit_intercept = fit_intercept
        self.activation = activation
        self.sigma_w = sigma_w
        self.sigma_b = sigma_b

    def _candidates(self, X: np.ndarray, problem: Problem) -> Iterator[Candidate]:
        networks, order = networks_to_try(self), 0
        alone = len(networks) == 1 and not isinstance(self.training_time, str)
        for network, matrix in Kernels(networks, X, self.which):
            flow = Flow(matrix, problem)
            for time in flow.times() if isinstance(self.training_time, str) else [float(self.training_time)]:
                fit = flow.stopped(time)
                mse = fit.squares / flow.total / problem.y.shape[1] * problem.unit * problem.unit
                gcv = fit.gcv * problem.unit * problem.unit
                columns = {"training_time": fit.time, "gcv": gcv, "train_mse": mse, "freedom": fit.freedom}
                yield Candidate(network, fit, flow, (0.0,) if alone else (-fit.gcv,), {**columns, "order": order})
                order += 1

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None):
        """Train in closed form, and stop where it is best.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)
        y : array-like of shape (n,) or (n, t)
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        self

        Raises
        ------
        ValueError
            As of :class:`NTKRegressor`.
        """
        X, y, roots = self._targets(X, y, sample_weight)
        problem = Problem(y.reshape(len(y), -1), roots, bool(self.fit_intercept))
        best, self.path_ = best_of(self._candidates(X, problem))
        self._take_network(best.network, X)
        self._flow = best.solver
        self.training_time_, self.gcv_ = best.fit.time, best.columns["gcv"]
        self.eigenvalues_, self.dual_coef_ = best.solver.eigenvalues, best.solver.dual(best.fit.time).reshape(y.shape)
        self.intercept_ = float(best.solver.means[0]) if y.ndim == 1 else best.solver.means
        number = len(self.path_.gcv)
        self.message_ = (
            f"depth {self.depth_}, input bias {self.input_bias_:.3g}, stopped at the time {self.training_time_:.3g}"
            f"{f', the best of {number} by generalised cross-validation' if number > 1 else ''}; the residuals keep "
            f"{best.fit.freedom:.3g} of {len(y)} degrees of freedom"
        )
        return self

    def predict(self, X, return_std: Any = False):
        """Predictions at the time that was chosen.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (m, d)
        return_std : bool or "ensemble", default=False
            Also the standard deviation over the initial weights of an ensemble of such networks, each trained on the
            same rows. It is in units of the network's outputs, so that targets should have a spread of about one; it is
            not the posterior of a Gaussian process.

        Returns
        -------
        mean : ndarray of shape (m,) or (m, t)
        std : ndarray of shape (m,), if ``return_std``

        Raises
        ------
        ValueError
            For another word than "ensemble".
        """
        if not (isinstance(return_std, bool | np.bool_) or return_std == "ensemble"):
            raise ValueError(f"return_std={return_std!r} must be True, False or 'ensemble'")
        mean = self._means(X)
        return (mean, self._ensemble_std(X)) if return_std else mean

    def _ensemble_std(self, X: Any) -> np.ndarray:
        r"""Of :math:`f_0(x) - T f_0(X)` with :math:`T = \theta(x, X) (1 - e^{-\Theta t/n}) \Theta^{-1}`."""
        X, flow = self._numbers(X, reset=False), self._flow
        [covariance] = self._between(self._rows, "nngp")
        learned = flow.filters(self.training_time_) * (flow.eigenvalues > 0.0)
        roots = flow.problem.roots
        found = []
        for part in self._parts(len(X)):
            tangent, own = self._between(X[part], "ntk", "nngp")
            shares = ((tangent * roots) @ flow.vectors * learned) @ flow.vectors.T * roots
            own = self._diagonal(X[part], "nngp") + np.einsum("ij,ij->i", shares @ covariance - 2.0 * own, shares)
            found.append(np.sqrt(np.maximum(own, 0.0)))
        return np.concatenate(found)

    def staged_predict(self, X, times):
        """Predictions at several times of training.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (m, d)
        times : array-like of shape (k,)
            Not negative; ``inf`` is the end.

        Returns
        -------
        ndarray of shape (k, m) or (k, m, t)

        Raises
        ------
        ValueError
            For times that are negative or no numbers.
        """
        check_is_fitted(self)
        times = np.asarray(times, dtype=np.float64).ravel()
        if not (times >= 0.0).all():
            raise ValueError("times must be numbers, zero or larger")
        X = self._numbers(X, reset=False)
        dual = np.hstack([self._flow.dual(time) for time in times]) if len(times) else np.empty((len(self._rows), 0))
        found = np.concatenate([self._between(X[part])[0] @ dual for part in self._parts(len(X))])
        found = found.reshape(len(X), len(times), len(self._flow.means)).transpose(1, 0, 2) + self._flow.means
        return found[:, :, 0] if self.dual_coef_.ndim == 1 else found
