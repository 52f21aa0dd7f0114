"""The Peng-Wei semidefinite relaxation of K-means as a scikit-learn estimator."""

from __future__ import annotations

from numbers import Integral, Real
from typing import ClassVar

from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.clustering.partitions.estimator import PartitionEstimator
from seedbed.clustering.partitions.lloyd import partition_objective
from seedbed.clustering.partitions.rounding import spectral_rounding

from .bounds import kmeans_sdp_gap
from .gram import centred_gram, common_unit, whitened
from .ladder import LadderSolution, describe, solve_by_ladder
from .splitting import solve_kmeans_sdp


class KMeansSDP(PartitionEstimator):
    r"""K-means clustering by the Peng-Wei semidefinite program.

    .. math:: \max_Z \langle A, Z\rangle \quad\text{s.t.}\quad Z \succeq 0,\ Z \ge 0,\ Z1 = 1,\ \operatorname{tr} Z = K,

    with the double-centred Gram matrix ``A``. The optimum is at least what any partition attains, so
    ``trace(A) - upper_bound_`` is a lower bound on the within-cluster sum of squares of every partition.

    Parameters
    ----------
    n_clusters : int, default=8
    solver : {"admm", "low_rank", "auto", "cvxpy"}, default="admm"
        ``"admm"`` is our splitting method, stopped by a certified gap (to about 2,000 points). ``"low_rank"`` never
        forms an ``n x n`` matrix (to millions of points): a partition, its certificate, and while that leaves a
        gap above ``tol``, ascents over nonnegative factors ``Z = U U'``. Its bounds are as valid as those of the
        others, but where the program is not tight their gap stays open. ``"auto"`` begins like ``"low_rank"`` and
        goes on with ``"admm"`` only where ``tol`` has not been reached and there are at most 2,000 points.
        ``"cvxpy"`` takes any conic solver that cvxpy has (a few hundred points).
    rank : int or None, default=None
        Columns of the factors of ``"low_rank"`` and ``"auto"``, at least ``n_clusters``; None means ``2 n_clusters``.
    n_init : int, default=1
        Random starts of ``"low_rank"`` and ``"auto"``, beside the one at the best partition.
    tol : float, default=1e-3
        Certified relative gap ``(upper_bound_ - objective_) / upper_bound_`` to reach. ``"cvxpy"`` runs at its
        own default accuracy; ``tol`` then only decides about the warning.
    max_iter : int, default=2000
        Iterations of ``"admm"``, gradient steps of each ascent of ``"low_rank"``.
    cvxpy_solver : str, default="SCS"
    whiten : bool, default=False
        Work in coordinates in which the pooled covariance is the identity; the result is then invariant
        under invertible linear maps of the data. Constant and dependent columns are left out.
    random_state : int, RandomState instance or None, default=None
        For the k-means starts, of the solver and of the rounding.

    Attributes
    ----------
    membership_ : ndarray of shape (n_samples, n_samples)
        Feasible for the program. Absent where it is known by its factor only: after ``"low_rank"``, and after
        ``"auto"`` unless that ended with the splitting method.
    factor_ : ndarray of shape (n_samples, r)
        Nonnegative, and ``factor_ @ factor_.T`` is the feasible membership; set in place of ``membership_``. It has
        ``n_clusters`` columns if it is a partition, else at most ``rank + 2 n_clusters``.
    objective_, upper_bound_ : float
        ``<A, membership_>``, and a bound that no feasible matrix exceeds.
    gap_ : float
        Certified relative gap.
    n_iter_ : int
        Of the solver; 0 if the first partition was certified at once.
    converged_ : bool
        Whether ``gap_ <= tol``.
    solver_path_ : list of str
        What was done, in order.
    message_ : str
        What is proved, in plain words, of the program and of ``labels_``; and whether the program looks tight.
    labels_ : ndarray of shape (n_samples,)
        Spectral rounding of the membership.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For more clusters than samples or columns of the factors, or non-finite data.
    MemoryError
        If the ``n x n`` matrices of ``"admm"`` or ``"cvxpy"`` cannot be allocated.

    Notes
    -----
    ``"admm"``: ``O(n^2 p)`` for the matrix, up to ``O(n^3)`` per iteration; memory ``O(n^2)`` with a factor of about
    30. ``"low_rank"``: ``O(n p rank)`` per step, ``O(n (p + K)^2 + (p + K^2)^3)`` per bound; memory
    ``O(n (p + rank))``. The bound of ``"low_rank"`` holds in floating point and does not trust the eigensolver, see
    :class:`~seedbed.clustering.kmeans_sdp.factored_certificate.FactoredBound`.

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

    __module__ = "seedbed.clustering"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **PartitionEstimator._parameter_constraints,
        "solver": [StrOptions({"admm", "low_rank", "auto", "cvxpy"})],
        "rank": [Interval(Integral, 2, None, closed="left"), None],
        "n_init": [Interval(Integral, 0, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "cvxpy_solver": [str],
        "whiten": ["boolean"],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        solver="admm",
        rank=None,
        n_init=1,
        tol=1e-3,
        max_iter=2000,
        cvxpy_solver="SCS",
        whiten=False,
        random_state=None,
    ):
        self.n_clusters = n_clusters
        self.solver = solver
        self.rank = rank
        self.n_init = n_init
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
        X, rng = self._begin(X)
        if self.rank is not None and self.rank < self.n_clusters:
            raise ValueError(f"rank={self.rank} should be >= n_clusters={self.n_clusters}, the trace of a membership.")
        points = whitened(X) if self.whiten else X
        unit = common_unit(points)
        points = points / unit  # squares of tiny or huge data are in range then
        found = self._solve(points, rng)
        for name in ("membership", "factor"):
            self.__dict__.pop(f"{name}_", None)  # of an earlier fit with another solver
            if getattr(found, name) is not None:
                setattr(self, f"{name}_", getattr(found, name))
        self.objective_, self.upper_bound_ = found.objective * unit * unit, found.upper * unit * unit
        self.gap_ = found.gap
        self.n_iter_ = found.n_iter
        self.converged_ = found.converged
        self.solver_path_ = found.path
        self.labels_ = found.labels
        attained = partition_objective(points - points.mean(axis=0), self.labels_, self.n_clusters)
        self.message_ = describe(self.gap_, kmeans_sdp_gap(attained, found.upper), self.tol, self.solver, len(X))
        if not self.converged_:
            self._warn(self.message_)
        return self

    def _solve(self, points, rng) -> LadderSolution:
        if self.solver in ("low_rank", "auto"):
            return solve_by_ladder(
                points,
                self.n_clusters,
                rank=self.rank,
                n_init=self.n_init,
                tol=self.tol,
                max_iter=self.max_iter,
                random_state=rng,
                dense=self.solver == "auto",
            )
        try:
            gram = centred_gram(points)
        except MemoryError as error:
            raise MemoryError(
                f"solver={self.solver!r} needs matrices of {len(points)} x {len(points)} numbers; "
                "solver='low_rank' or 'auto' needs none."
            ) from error
        if self.solver == "admm":
            found = solve_kmeans_sdp(gram, self.n_clusters, tol=self.tol, max_iter=self.max_iter, random_state=rng)
        else:
            from .conic import solve_kmeans_sdp_conic

            found = solve_kmeans_sdp_conic(gram, self.n_clusters, tol=self.tol, cvxpy_solver=self.cvxpy_solver)
        return LadderSolution(
            spectral_rounding(found.membership, self.n_clusters, rng),
            found.objective,
            found.upper,
            found.gap,
            found.n_iter,
            found.converged,
            [f"{self.solver}: {found.n_iter} iterations, gap {found.gap:.1e}"],
            membership=found.membership,
        )
