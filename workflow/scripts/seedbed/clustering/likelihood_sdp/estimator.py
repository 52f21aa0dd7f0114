"""The likelihood-adjusted semidefinite program (LA-SDP) with given covariances as a scikit-learn estimator."""

from __future__ import annotations

from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.clustering.partitions.estimator import PartitionEstimator
from seedbed.clustering.partitions.rounding import match_labels, spectral_rounding

from .affinity import check_covariances, check_weights, likelihood_affinities
from .partition_ascent import merging_loss, with_partitions
from .splitting import solve_likelihood_sdp

NEGLIGIBLE = 0.1  # gap per point, in twice nats: no doubt about any cluster


class LikelihoodSDP(PartitionEstimator):
    r"""Gaussian clustering with known covariances by the likelihood-adjusted semidefinite program.

    .. math:: \max \sum_k \langle A_k, Z_k\rangle \quad\text{s.t.}\quad Z_k \succeq 0,\ Z_k \ge 0,\
        \Bigl(\sum_k Z_k\Bigr) 1 = 1,\ \operatorname{tr} Z_k = 1,

    with :math:`A_k[i,j] = -\log|\Sigma_k| - \tfrac12 (x_i-x_j)^\top\Sigma_k^{-1}(x_i-x_j)`. Over partitions,
    ``sum <A_k, Z_k> / 2 - n p log(2 pi) / 2`` is the log-likelihood with the means profiled out, so no centroid
    is estimated. Invariant under invertible affine maps of data and covariances together.

    Parameters
    ----------
    n_clusters : int, default=8
    covariances : array-like of shape (n_features, n_features) or (n_clusters, n_features, n_features), default=None
        Positive definite. None stands for the identity in every cluster; the program is then the Peng-Wei program.
    weights : array-like of shape (n_clusters,), default=None
        Known mixing weights; adds ``2 log(weights[k])`` to ``A_k``.
    trace : {"each", "total"}, default="each"
        ``tr Z_k = 1`` for every cluster, or only ``sum_k tr Z_k = K``, which is a looser relaxation.
    solver : {"admm", "cvxpy"}, default="admm"
    tol : float, default=1e-3
        Certified gap to reach, relative to what the bound gains over the uninformative membership.
    max_iter : int, default=2000
    cvxpy_solver : str, default="SCS"
    random_state : int, RandomState instance or None, default=None
        For the rounding.

    Attributes
    ----------
    membership_ : ndarray of shape (n_clusters, n_samples, n_samples)
        Exactly feasible blocks: the solver's, or those of ``labels_`` where they are better.
    objective_, upper_bound_ : float
    gap_ : float
        Relative to what the bound gains over the uninformative membership.
    gap_per_point_ : float
        ``(upper_bound_ - objective_) / n_samples``, twice nats of log-likelihood. One far outlier makes the relative
        gap small whatever the rest; this one it cannot.
    n_iter_ : int
    converged_ : bool
        Whether ``gap_ <= tol``, and the bounds enclose less than what the two nearest clusters would lose by being one
        (or less than 0.1 per point).
    labels_ : ndarray of shape (n_samples,)
        Spectral rounding of the sum of the blocks; cluster ``k`` is the one that belongs to ``covariances[k]``. Where
        Lloyd's algorithm leads from there to a partition that is better than the solver's membership, that one.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For more clusters than samples, non-finite data, or covariances or weights that are not valid.

    Notes
    -----
    The trace constraint per block is our choice of relaxation: it is the tighter of the two, and which one the
    paper states could not be read. With equal covariances the blocks are not identified (any split of the sum
    is optimal), which is why the sum is rounded. ``O(K n^3)`` per iteration at worst, memory ``O(K n^2)``: seconds for
    500 points, a minute for 1,000 (table in :func:`~seedbed.clustering.likelihood_sdp.splitting.solve_likelihood_sdp`).

    References
    ----------
    Y. Zhuang, X. Chen, Y. Yang (2023), Likelihood adjusted semidefinite programs for clustering heterogeneous
    data, ICML 2023, arXiv:2209.15097 (the idea; the derivation of the matrices here is ours).
    """

    __module__ = "seedbed.clustering"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **PartitionEstimator._parameter_constraints,
        "covariances": ["array-like", None],
        "weights": ["array-like", None],
        "trace": [StrOptions({"each", "total"})],
        "solver": [StrOptions({"admm", "cvxpy"})],
        "tol": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "cvxpy_solver": [str],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        covariances=None,
        weights=None,
        trace="each",
        solver="admm",
        tol=1e-3,
        max_iter=2000,
        cvxpy_solver="SCS",
        random_state=None,
    ):
        self.n_clusters = n_clusters
        self.covariances = covariances
        self.weights = weights
        self.trace = trace
        self.solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.cvxpy_solver = cvxpy_solver
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Solve the program and round its solution.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : Ignored

        Returns
        -------
        self
        """
        X, rng = self._begin(X)
        n, p = X.shape
        covariances = np.eye(p) if self.covariances is None else self.covariances
        covariances = check_covariances(covariances, self.n_clusters, p)
        weights = None if self.weights is None else check_weights(self.weights, self.n_clusters)
        affinities = likelihood_affinities(X, covariances, weights)
        if self.solver == "admm":
            solution, _ = solve_likelihood_sdp(affinities, trace=self.trace, tol=self.tol, max_iter=self.max_iter)
        else:
            from .conic import solve_likelihood_sdp_conic

            solution = solve_likelihood_sdp_conic(
                affinities, trace=self.trace, tol=self.tol, cvxpy_solver=self.cvxpy_solver
            )
        labels = spectral_rounding(solution.memberships.sum(axis=0), self.n_clusters, rng)
        labels = match_labels(labels, solution.memberships.sum(axis=2).T)
        solution, self.labels_ = with_partitions(solution, affinities, labels, self.tol)
        self.membership_ = solution.memberships
        self.objective_ = solution.objective
        self.upper_bound_ = solution.upper
        self.gap_ = solution.gap
        self.gap_per_point_ = (solution.upper - solution.objective) / n
        self.n_iter_ = solution.n_iter
        tells_apart = self._tells_clusters_apart(affinities)
        self.converged_ = solution.converged and tells_apart
        if not self.converged_:
            self._warn(
                f"LikelihoodSDP stopped at a certified gap of {self.gap_:.1e} > tol={self.tol:.1e}. "
                "The bounds are valid; increase max_iter or tol."
                if tells_apart
                else f"LikelihoodSDP ended at a gap of {self.gap_per_point_:.2g} per point, more than merging its two "
                "nearest clusters costs: beside the outlying points, which set the relative gap, nothing is proved. "
                "The bounds are valid; leave the outliers out, or decrease tol."
            )
        return self

    def _tells_clusters_apart(self, affinities: np.ndarray) -> bool:
        """Whether the bounds enclose less than what keeps two clusters apart, or hardly anything per point."""
        if self.gap_per_point_ <= NEGLIGIBLE:
            return True
        return self.upper_bound_ - self.objective_ <= merging_loss(affinities, self.labels_)
