"""The Peng-Wei semidefinite relaxation of K-means as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from numbers import Integral, Real
from typing import ClassVar

from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import validate_data

from seedbed.clustering.gram import centred_gram, whitened
from seedbed.clustering.kmeans_sdp_admm import solve_kmeans_sdp
from seedbed.clustering.rounding import spectral_rounding


class KMeansSDP(ClusterMixin, BaseEstimator):
    r"""K-means clustering by the Peng-Wei semidefinite program.

    .. math:: \max_Z \langle A, Z\rangle \quad\text{s.t.}\quad Z \succeq 0,\ Z \ge 0,\ Z1 = 1,\ \operatorname{tr} Z = K,

    with the double-centred Gram matrix ``A``. The optimum is at least what any partition attains, so
    ``trace(A) - upper_bound_`` is a lower bound on the within-cluster sum of squares of every partition.

    Parameters
    ----------
    n_clusters : int, default=8
    solver : {"admm", "cvxpy"}, default="admm"
        Our splitting method, stopped by a certified gap, or any conic solver that cvxpy has (small ``n`` only).
    tol : float, default=1e-3
        Certified relative gap ``(upper_bound_ - objective_) / upper_bound_`` to reach. ``"cvxpy"`` runs at its
        own default accuracy; ``tol`` then only decides about the warning.
    max_iter : int, default=2000
        Iterations of ``"admm"``.
    cvxpy_solver : str, default="SCS"
    whiten : bool, default=False
        Work in coordinates in which the pooled covariance is the identity; the result is then invariant
        under invertible linear maps of the data. Constant and dependent columns are left out.
    random_state : int, RandomState instance or None, default=None
        For the k-means starts, of the solver and of the rounding.

    Attributes
    ----------
    membership_ : ndarray of shape (n_samples, n_samples)
        Exactly feasible for the program.
    objective_, upper_bound_ : float
        ``<A, membership_>``, and a bound that no feasible matrix exceeds.
    gap_ : float
        Certified relative gap.
    n_iter_ : int
    converged_ : bool
    labels_ : ndarray of shape (n_samples,)
        Spectral rounding of ``membership_``.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For more clusters than samples, or non-finite data.

    Notes
    -----
    ``O(n^2 p)`` for the matrix, up to ``O(n^3)`` per iteration; memory ``O(n^2)`` with a factor of about 30.

    References
    ----------
    J. Peng, Y. Wei (2007), Approximating K-means-type clustering via semidefinite programming, SIAM J. Optim. 18.
    X. Chen, Y. Yang (2021), Cutoff for exact recovery of Gaussian mixture models, IEEE Trans. Inf. Theory 67.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.clustering import KMeansSDP
    >>> points = np.array([[0.0, 0.0], [0.0, 1.0], [9.0, 0.0], [9.0, 1.0]])
    >>> model = KMeansSDP(n_clusters=2, random_state=0).fit(points)
    >>> model.labels_[0] == model.labels_[1], round(model.gap_, 6)
    (np.True_, 0.0)
    """

    _parameter_constraints: ClassVar[dict] = {
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "solver": [StrOptions({"admm", "cvxpy"})],
        "tol": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "cvxpy_solver": [str],
        "whiten": ["boolean"],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        solver="admm",
        tol=1e-3,
        max_iter=2000,
        cvxpy_solver="SCS",
        whiten=False,
        random_state=None,
    ):
        self.n_clusters = n_clusters
        self.solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.cvxpy_solver = cvxpy_solver
        self.whiten = whiten
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
        X = validate_data(self, X, dtype="float64")
        if len(X) < self.n_clusters:
            raise ValueError(f"n_samples={len(X)} should be >= n_clusters={self.n_clusters}.")
        rng = check_random_state(self.random_state)
        points = whitened(X) if self.whiten else X
        gram = centred_gram(points)
        if self.solver == "admm":
            solution = solve_kmeans_sdp(gram, self.n_clusters, tol=self.tol, max_iter=self.max_iter, random_state=rng)
        else:
            from seedbed.clustering.kmeans_sdp_conic import solve_kmeans_sdp_conic

            solution = solve_kmeans_sdp_conic(gram, self.n_clusters, tol=self.tol, cvxpy_solver=self.cvxpy_solver)
        self.membership_ = solution.membership
        self.objective_ = solution.objective
        self.upper_bound_ = solution.upper
        self.gap_ = solution.gap
        self.n_iter_ = solution.n_iter
        self.converged_ = solution.converged
        self.labels_ = spectral_rounding(solution.membership, self.n_clusters, rng)
        if not self.converged_:
            warnings.warn(
                f"KMeansSDP stopped at a certified relative gap of {self.gap_:.1e} > tol={self.tol:.1e}. "
                "The bounds are valid; increase max_iter or tol.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self
