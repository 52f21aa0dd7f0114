"""Kernel density estimates in many dimensions, as an estimator that says how far its answers can be trusted."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, DensityMixin, _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, Options, StrOptions
from sklearn.utils.validation import check_is_fitted, validate_data

from seedbed.density.bandwidths.distinct_rows import checked_weights, distinct_rows, warn_of_copies
from seedbed.density.bandwidths.loo_likelihood import N_LOO, chosen_rows
from seedbed.density.kernels.radial_kernels import KERNELS, radial_kernel
from seedbed.density.scales import LARGEST, SMALLEST, refuse_large, refuse_scales
from seedbed.density.sums.threads import threads_of

from .conditionals import Components
from .fitting import KINDS, RULES, Chosen, Task, choose
from .queries import Queries


class HighDimensionalKDE(Queries, DensityMixin, BaseEstimator):
    r"""Kernel density estimate, exact in the log domain, with a bandwidth chosen by leave-one-out likelihood.

    .. math:: \hat\rho(x) = \sum_i \omega_i\, |H|^{-1/2} K(H^{-1/2}(x - y_i)), \qquad H = h^2 S

    Parameters
    ----------
    bandwidth : float or {"loo", "theory", "nearest", "scott", "silverman"}, default="loo"
        h. "loo": the largest leave-one-out likelihood. "theory": the least expected Kullback-Leibler divergence if the
        data were Gaussian, by the exact risk: a yardstick. "nearest": the mean distance of the nearest neighbour, per
        root of d. "scott", "silverman": the rules, scaled by the data, unlike in scikit-learn.
    kernel : {"gaussian", "student", "laplace", "epanechnikov", "tophat"}, default="gaussian"
        "student" for heavy tails. The last two vanish beyond h: for evaluation and sampling.
    df : float, optional
        Degrees of freedom of "student"; by default the number of features.
    covariance : {"auto", "isotropic", "diagonal", "full", "ml"} or array-like (d, d), default="auto"
        S: the identity, the variances of the data, their covariance; "ml": the kernel matrix with the largest
        leave-one-out likelihood, by expectation maximisation; or a matrix. "auto": the best of the first three by
        leave-one-out likelihood; with a number as the bandwidth, "isotropic".
    keep_covariance : bool, default=False
        Move the centres towards the mean so that the estimate has exactly the mean and the covariance of the data
        (with divisor n). Then "isotropic", "diagonal" and "full" are shapes in the eigenbasis of the covariance, and
        "auto" chooses among S, its root and the identity.
    adaptive : int or "auto", optional
        k: every point has a width of its own, proportional to the distance of its k-th neighbour. "auto": the best of
        3, 10 and 30 by leave-one-out likelihood.
    n_loo : int or None, default=5000
        Rows that likelihoods are averaged over, each against all others; None: all.
    dtype : {numpy.float64, numpy.float32}, default=numpy.float64
        Of the tiles of ``score_samples``. Single precision takes about half the time. Log densities are then wrong by
        up to about 2e-7 of the largest squared distance of a row or query from the mean in units of the kernel: 1e-5
        where d = 20 and h is the best, 3e-3 at a twentieth of a deviation.
    n_jobs : int, optional
        Threads. Of a bandwidth that is searched, and what follows from it, results hang on it by rounding.
    random_state : int, RandomState or None, default=None
        For the rows of ``n_loo``.

    Attributes
    ----------
    bandwidth_ : float
        h.
    covariance_ : ndarray (d, d)
        S: the kernel's scale matrix is ``bandwidth_**2 * covariance_``.
    kernel_covariance_ : ndarray (d, d)
        H. With ``keep_covariance`` no variance of it exceeds that of the data.
    loo_curve_ : LooCurve or None
        ``h``, ``value``, ``standard_error`` of the last pass; None where nothing was searched.
    loo_score_ : float
        Mean leave-one-out log density at ``bandwidth_``; NaN where none was computed.
    thresholds_ : Bunch
        :func:`seedbed.density.critical_bandwidths` for the covariance of the data, in units of ``bandwidth_``. With
        ``keep_covariance`` only ``h_g``, ``h_clt`` and ``alpha`` are numbers. The others are NaN: in the limit every
        bandwidth above ``h_g`` loses nothing, none is the best, and no edge at finite size is known. All are NaN where
        all rows are equal.
    n_duplicates_ : int
        Rows that equal an earlier one: they are one point with the sum of the weights, which :meth:`diagnose` and
        :meth:`contributions` count once, and are left out together.
    n_features_in_ : int

    Notes
    -----
    Sums are exact: no tree prunes where log(n)/d is fixed. Scoring m rows takes O(m n d) time and O(n d) memory
    besides a tile; fitting one pass or two over n_loo x n pairs for each shape.

    References
    ----------
    G. Biroli and M. Mézard (2024), Kernel density estimators in large dimensions, arXiv:2408.05807. R. P. W. Duin
    (1976), On the choice of smoothing parameters for Parzen estimators.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.density import HighDimensionalKDE
    >>> rng = np.random.default_rng(0)
    >>> model = HighDimensionalKDE(covariance="full").fit(rng.normal(size=(1000, 20)))
    >>> print(str(model.diagnose(rng.normal(size=(500, 20)))).partition(";")[0])
    half of these densities are carried by fewer than 4.5 of 1000 points
    """

    __module__ = "seedbed.density"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        "bandwidth": [Interval(Real, 0, None, closed="neither"), StrOptions(set(RULES))],
        "kernel": [StrOptions(set(KERNELS))],
        "df": [Interval(Real, 0, None, closed="neither"), None],
        "covariance": [StrOptions({"auto", "ml", *KINDS}), "array-like"],
        "keep_covariance": ["boolean"],
        "adaptive": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"}), None],
        "n_loo": [Interval(Integral, 2, None, closed="left"), None],
        "dtype": [Options(type, {np.float64, np.float32}), StrOptions({"float64", "float32"})],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        bandwidth: Any = "loo",
        kernel="gaussian",
        df=None,
        covariance="auto",
        keep_covariance=False,
        adaptive=None,
        n_loo=N_LOO,
        dtype: Any = np.float64,
        n_jobs=None,
        random_state=None,
    ):
        self.bandwidth = bandwidth
        self.kernel = kernel
        self.df = df
        self.covariance = covariance
        self.keep_covariance = keep_covariance
        self.adaptive = adaptive
        self.n_loo = n_loo
        self.dtype = dtype
        self.n_jobs = n_jobs
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, sample_weight=None):
        """Choose the kernel, and keep the rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)
            A sparse matrix is made dense.
        y : ignored
        sample_weight : array-like of shape (n,), optional
            Not negative; rows without weight are left out. A weight of 2 is the same as two copies of the row.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For what is no finite numbers, rows that are all equal, a shape that the data do not have, or parameters
            that do not go together.
        """
        for name in ("bandwidth", "df", "adaptive", "n_loo", "n_jobs"):
            if isinstance(value := getattr(self, name), bool):  # to Python a whole number
                raise ValueError(f"{name} must be a number, got {value}")
        threads_of(self.n_jobs)
        X = self._numbers(X, reset=True)
        weights = checked_weights(sample_weight, X)
        self._kept_rows = np.flatnonzero(weights > 0.0)
        X, weights = X[self._kept_rows], weights[self._kept_rows]
        refuse_scales(X)
        task = self._task(X, weights)
        chosen = choose(task, self.covariance, bool(self.keep_covariance))
        self._kept_rows = self._kept_rows[task.distinct.rows]
        return self._settle(chosen, task)

    def _task(self, X: np.ndarray, weights: np.ndarray) -> Task:
        distinct = distinct_rows(X, weights)
        n, d = len(distinct.rows), X.shape[1]
        kernel = radial_kernel(self.kernel, d, self.df)
        bandwidth = self.bandwidth if isinstance(self.bandwidth, str) else float(self.bandwidth)
        if isinstance(bandwidth, float) and not SMALLEST <= bandwidth <= LARGEST:
            raise ValueError(
                f"bandwidth={bandwidth:g} has no number as its square: rescale the columns, so that it lies between "
                f"{SMALLEST:g} and {LARGEST:g}"
            )
        if n < 2 and isinstance(bandwidth, str):
            raise ValueError(
                f"bandwidth='{bandwidth}' needs at least two different rows, got 1 sample"
                f"{f' and {distinct.n_duplicates} copies of it' if distinct.n_duplicates else ''}; give a number"
            )
        if kernel.compact and bandwidth == "loo":
            raise ValueError(
                f"bandwidth='loo' does not go with kernel='{self.kernel}': it vanishes beyond h, and one point without "
                "another within h makes the likelihood zero; take kernel='gaussian', or give a number"
            )
        if bandwidth in ("loo", "nearest"):
            warn_of_copies(distinct, len(X), stacklevel=4)
        rows = chosen_rows(n, self.n_loo, check_random_state(self.random_state))
        names = [f"'{name}'" for name in getattr(self, "feature_names_in_", ())] or [f"column {j}" for j in range(d)]
        return Task(X, distinct, rows, kernel, bandwidth, self.adaptive, names, self.n_jobs)

    def _settle(self, chosen: Chosen, task: Task):
        variances = np.diag(chosen.matrix)
        if not (variances.min() >= SMALLEST**2 and variances.max() <= LARGEST**2):
            raise ValueError(
                "the kernel's variances, bandwidth**2 * covariance, must be numbers from 1e-300 to 1e300, and are "
                f"{variances.min():g} to {variances.max():g}; rescale the columns"
            )
        self.bandwidth_ = float(chosen.choice.h)
        self.covariance_ = chosen.shape.matrix
        self.loo_curve_, self.loo_score_ = chosen.choice.curve, float(chosen.choice.value)
        self.thresholds_ = chosen.thresholds
        self.n_duplicates_ = int(task.distinct.n_duplicates)
        weights = task.weights
        even = np.ptp(weights) <= 1e-15 * weights.max()
        log_weights = np.full(len(weights), -np.log(len(weights))) if even else np.log(weights)
        components = Components(chosen.centres, log_weights, chosen.matrix, chosen.log_widths)
        self._build(components, task.kernel, np.dtype(self.dtype) == np.float32)
        return self

    def _numbers(self, X: Any, reset: bool) -> np.ndarray:
        X = validate_data(self, X, accept_sparse=("csr", "csc"), dtype=np.float64, reset=reset)
        X = X if isinstance(X, np.ndarray) else X.toarray()
        refuse_large(X)
        return X

    def _queries(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        return self._numbers(X, reset=False)

    def _of_components(self, components: Components, columns: np.ndarray) -> HighDimensionalKDE:
        """An estimate with these components, of some of the columns."""
        model = HighDimensionalKDE(**self.get_params(deep=False))
        model.n_features_in_ = len(columns)
        if hasattr(self, "feature_names_in_"):
            model.feature_names_in_ = self.feature_names_in_[columns]
        model.bandwidth_, model.n_duplicates_ = self.bandwidth_, self.n_duplicates_
        model.covariance_ = components.matrix / self.bandwidth_**2
        model.loo_curve_, model.loo_score_ = None, float("nan")
        model.thresholds_, model._kept_rows = self.thresholds_, self._kept_rows
        kernel = radial_kernel(self.kernel, len(columns), getattr(self._sums.kernel, "df", None))
        model._build(components, kernel, self._sums.single)
        return model

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
