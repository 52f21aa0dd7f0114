"""Iterative likelihood-adjusted SDP (iLA-SDP): unknown covariances, by alternating maximisation."""

from __future__ import annotations

from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.clustering.gaussian.coordinates import GaussianCoordinates
from seedbed.clustering.gaussian.starts import check_labels, start_labels
from seedbed.clustering.partitions.estimator import PartitionEstimator

from .alternation import AlternatingLikelihood
from .sketch_to_all_points import lift_by_likelihood


class IterativeLikelihoodSDP(PartitionEstimator):
    r"""Clustering of heterogeneous Gaussian data by iterated likelihood-adjusted semidefinite programs.

    Maximises :math:`\sum_k \langle A_k(\Sigma_k), Z_k\rangle` over memberships *and* covariances in turn: a
    semidefinite program for ``Z`` (see :class:`LikelihoodSDP`), and the closed form
    :math:`\Sigma_k = X^\top(\operatorname{diag}(Z_k1)-Z_k)X / 1^\top Z_k1` with its eigenvalues kept above a floor.
    No centroid is estimated.

    This is our reconstruction from the abstract of the paper and a derivation of the likelihood. It is not the
    authors' code, and their start, stopping rule and treatment of small clusters are not known to us.

    Parameters
    ----------
    n_clusters : int, default=8
    start : {"sdp", "whitened_sdp", "random", "random_points", "annealed"} or array-like, default="sdp"
        The first partition: Peng-Wei labels of the data, or of the whitened data (which finds parallel
        elongated clusters), random labels, or given ones. ``"annealed"`` begins with Peng-Wei labels, which are
        the solution for equal spherical covariances, and lets the covariances go from there to their
        estimates in steps of a fifth.
    trace : {"each", "total"}, default="each"
    weights : bool, default=False
        Estimate mixing weights as well (``2 log pi_k`` is added to ``A_k``). Helps with unequal sizes.
    covariance_update : {"soft", "hard"}, default="soft"
        From the membership matrices, or from the rounded labels.
    covariance_floor : float, default=1e-3
        ``Sigma_k`` may in no direction be smaller than this times the pooled covariance of the data. Without a
        floor the likelihood is unbounded.
    min_cluster_size : int, default=2
        A partition with a smaller cluster is not accepted; the iteration ends at the one before.
    n_components : int or None, default=None
        Number of principal components of the data to work in. None keeps all directions if there
        are at most ``n_samples // (2 n_clusters)`` of them, and that many otherwise.
    max_iter : int, default=20
        Alternations.
    tol : float, default=1e-3
        Stop when the log-likelihood grows by less than this per sample.
    solver : {"admm", "cvxpy"}, default="admm"
        For the semidefinite programs.
    solver_tol : float, default=1e-3
    solver_max_iter : int, default=300
        Accuracy and iterations of one program; ``gap_`` tells what was reached in the last one.
    cvxpy_solver : str, default="SCS"
    sketch_size : int or None, default=None
        With more samples than this, a uniformly random subsample of this size is clustered, and every other sample
        goes to the cluster of the subsample under which it is most likely. None takes all samples: seconds for
        some hundreds, minutes for 1,000.
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        Spectral rounding of the sum of the blocks, matched to the blocks; beyond the sketch by likelihood.
    membership_ : ndarray of shape (n_clusters, n_samples, n_samples)
        Exactly feasible for the program.
    covariances_ : ndarray of shape (n_clusters, n_features, n_features)
        Of lower rank if dimensions were dropped.
    weights_ : ndarray of shape (n_clusters,)
        Mixing weights (equal ones if ``weights=False``).
    objective_path_ : ndarray, at most n_iter_ + 1 values
        Profile log-likelihood, relaxed to feasible memberships, after the start and after each accepted
        alternation; it never falls.
    gap_ : float
        Certified gap of the last membership step at its fixed covariances. There is no certificate for the
        joint problem, which is not convex.
    n_iter_ : int
        Alternations, with those that were not accepted: at least the last one of a run that has converged.
    start_labels_ : ndarray of shape (n_samples,)
    sketch_indices_ : ndarray of shape (sketch_size,)
        Only with a sketch: its samples, ascending. ``membership_``, ``objective_path_``, ``gap_`` and
        ``start_labels_`` are then those of the sketch, with ``sketch_size`` in place of ``n_samples``.
    status_ : {"converged", "tiny_cluster", "max_iter"}
    converged_ : bool
    n_features_in_ : int

    Raises
    ------
    ValueError
        For more clusters than samples, non-finite data, or start labels of a wrong shape or number.

    Notes
    -----
    Each alternation costs one LA-SDP, up to ``O(K n^3)`` per inner iteration, started from the last one;
    memory ``O(K n^2)``. The path cannot fall: a membership that is worse than the current one at the current
    covariances is not taken, and the covariance step is the exact maximiser over all ``Sigma_k`` above the floor.

    What a sketch loses: for 300 samples of scenario ``oriented``, over its data sets of seeds 0 to 9, the mean share of
    misclustered samples is 0.059 with all of them, and 0.063, 0.083 and 0.108 with sketches of 150, 100 and 60, in
    8.8, 1.3, 0.5 and 0.4 s of CPU time per fit.

    References
    ----------
    Y. Zhuang, X. Chen, Y. Yang (2023), Likelihood adjusted semidefinite programs for clustering heterogeneous
    data, ICML 2023, arXiv:2209.15097.
    """

    __module__ = "seedbed.clustering"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **PartitionEstimator._parameter_constraints,
        "start": [StrOptions({"sdp", "whitened_sdp", "random", "random_points", "annealed"}), "array-like"],
        "trace": [StrOptions({"each", "total"})],
        "weights": ["boolean"],
        "covariance_update": [StrOptions({"soft", "hard"})],
        "covariance_floor": [Interval(Real, 0, 1, closed="neither")],
        "min_cluster_size": [Interval(Integral, 1, None, closed="left")],
        "n_components": [Interval(Integral, 1, None, closed="left"), None],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
        "solver": [StrOptions({"admm", "cvxpy"})],
        "solver_tol": [Interval(Real, 0, None, closed="left")],
        "solver_max_iter": [Interval(Integral, 1, None, closed="left")],
        "cvxpy_solver": [str],
        "sketch_size": [Interval(Integral, 2, None, closed="left"), None],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        start="sdp",
        trace="each",
        weights=False,
        covariance_update="soft",
        covariance_floor=1e-3,
        min_cluster_size=2,
        n_components=None,
        max_iter=20,
        tol=1e-3,
        solver="admm",
        solver_tol=1e-3,
        solver_max_iter=300,
        cvxpy_solver="SCS",
        sketch_size=None,
        random_state=None,
    ):
        self.n_clusters = n_clusters
        self.start = start
        self.trace = trace
        self.weights = weights
        self.covariance_update = covariance_update
        self.covariance_floor = covariance_floor
        self.min_cluster_size = min_cluster_size
        self.n_components = n_components
        self.max_iter = max_iter
        self.tol = tol
        self.solver = solver
        self.solver_tol = solver_tol
        self.solver_max_iter = solver_max_iter
        self.cvxpy_solver = cvxpy_solver
        self.sketch_size = sketch_size
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Alternate until the likelihood stops growing.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : Ignored

        Returns
        -------
        self
        """
        X, rng = self._begin(X)
        everything, start = X, self.start
        self.__dict__.pop("sketch_indices_", None)
        if self.sketch_size is not None and self.sketch_size < len(X):
            if self.sketch_size < self.n_clusters:
                raise ValueError(f"sketch_size={self.sketch_size} should be >= n_clusters={self.n_clusters}.")
            self.sketch_indices_ = np.sort(rng.choice(len(X), self.sketch_size, replace=False))
            X = X[self.sketch_indices_]
            if not isinstance(start, str):
                start = check_labels(start, len(everything), self.n_clusters)[self.sketch_indices_]
        coordinates = GaussianCoordinates(X, self.n_clusters, self.n_components)
        search = AlternatingLikelihood(coordinates.points, self, rng)
        annealed = isinstance(start, str) and start == "annealed"
        labels = start_labels(X, self.n_clusters, "sdp" if annealed else start, rng)
        if annealed:
            labels = search.anneal(labels, coordinates.whitened_sphere())
        self.start_labels_ = labels.copy()
        search.start(labels)
        self.status_ = "max_iter"
        for step in range(1, self.max_iter + 1):
            self.n_iter_ = step
            outcome = search.step()
            if outcome is not None:
                self.status_ = outcome
                break
        if np.bincount(search.labels, minlength=self.n_clusters).min() < self.min_cluster_size:
            self.status_ = "tiny_cluster"  # the start's, which nothing better has replaced
        self.labels_ = search.labels
        if len(X) < len(everything):
            self.labels_ = lift_by_likelihood(
                coordinates.transform(everything),
                coordinates.points,
                search.labels,
                search.covariances,
                search.weights,
            )
            self.labels_[self.sketch_indices_] = search.labels
        self.membership_ = search.memberships
        self.covariances_ = coordinates.covariances(search.covariances)
        self.weights_ = search.weights
        self.objective_path_ = np.array([coordinates.log_likelihood(value) for value in search.path])
        self.gap_ = search.gap
        self.converged_ = self.status_ == "converged"
        if self.status_ == "max_iter":
            self._warn(
                f"IterativeLikelihoodSDP was still improving after max_iter={self.max_iter} alternations; "
                "increase max_iter or tol."
            )
        elif self.status_ == "tiny_cluster":
            self._warn(
                f"IterativeLikelihoodSDP ended with a cluster smaller than min_cluster_size={self.min_cluster_size}, "
                f"or just before; use fewer clusters, a larger covariance_floor or another start."
            )
        return self
