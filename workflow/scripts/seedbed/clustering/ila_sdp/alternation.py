"""The alternation of iLA-SDP: membership step, rounding, covariance step."""

from __future__ import annotations

import numpy as np

from seedbed.clustering.gaussian.covariance_step import floor_eigenvalues, membership_covariances
from seedbed.clustering.likelihood_sdp.affinity import classification_log_likelihood, likelihood_affinities
from seedbed.clustering.likelihood_sdp.bounds import LikelihoodSDPSolution
from seedbed.clustering.likelihood_sdp.splitting import WarmStart, solve_likelihood_sdp
from seedbed.clustering.partitions.memberships import hard_memberships
from seedbed.clustering.partitions.rounding import match_labels, spectral_rounding

ANNEALING = (0.8, 0.6, 0.4, 0.2)
# Their programs are solved to so many times the tolerance.
ANNEALING_TOL = 10.0
# Programs before the last end as soon as they have gained a share of what their bound still allows, as the covariances
# change at once anyway: this share at first, then so many times the last, that slow runs do not creep.
SHARE, SHARE_GROWTH = 0.5, 1.2
# Gains per sample below this are rounding.
NOTHING = 1e-9


class AlternatingLikelihood:
    """One run of the alternation; the estimator reads its state.

    Parameters
    ----------
    points : ndarray of shape (n, q)
        Whitened coordinates: the pooled covariance is the identity.
    settings : IterativeLikelihoodSDP
        Its parameters are read, nothing is set.
    rng : RandomState
        For the rounding.

    Attributes
    ----------
    labels, memberships, covariances, weights
        The current accepted iterate.
    path : list of float
        Log-likelihoods of the accepted iterates.
    gap : float
        Certified gap of the last semidefinite program.
    """

    def __init__(self, points: np.ndarray, settings, rng: np.random.RandomState):
        self.points = points
        self.settings = settings
        self.rng = rng
        self.path: list[float] = []
        self.gap = np.inf
        self._warm: WarmStart | None = None
        self._share = SHARE if settings.solver == "admm" else 1.0

    def start(self, labels: np.ndarray) -> None:
        """Take a partition, with its covariances, as the first iterate."""
        memberships = hard_memberships(labels, self.settings.n_clusters)
        self._accept(labels, memberships, *self._parameters(memberships))

    def anneal(self, labels: np.ndarray, sphere: np.ndarray) -> np.ndarray:
        """Labels after programs whose covariances go from a common sphere to the clusters' own.

        Parameters
        ----------
        labels : ndarray of shape (n,)
            The solution for the common sphere.
        sphere : ndarray of shape (q, q)
            A multiple of the identity of the original coordinates, in whitened ones; its size is set to the
            mean within-cluster variance of each step.

        Returns
        -------
        ndarray of shape (n,)
        """
        for share in ANNEALING:
            covariances, weights = self._parameters(hard_memberships(labels, self.settings.n_clusters))
            within = np.tensordot(weights, covariances, axes=1)
            size = np.trace(np.linalg.solve(sphere, within)) / len(sphere)
            mixed = (1.0 - share) * covariances + share * size * sphere
            affinities = likelihood_affinities(self.points, mixed, weights if self.settings.weights else None)
            new = self._round(
                self._solve(affinities, labels, 1.0, ANNEALING_TOL * self.settings.solver_tol).memberships
            )
            if self._smallest(new) < self.settings.min_cluster_size:
                break
            labels = new
        self._warm = None
        return labels

    def step(self) -> str | None:
        """One alternation; returns why the run is over, or None.

        The joint objective never falls: the membership is replaced only by a better one for the same
        covariances, and the parameters by their exact maximisers for the new membership. With hard updates the
        rounding could lose, so there a worse partition is refused.

        The programs end early (``SHARE``) until the run would be over, and from there, warm, only at ``solver_tol``:
        the run ends only where a program of full accuracy ends it.
        """
        full = self._share == 1.0
        outcome = self._alternate()
        if outcome is not None and not full:
            self._share = 1.0
            return None
        self._share = min(1.0, SHARE_GROWTH * self._share)
        return outcome

    def _alternate(self) -> str | None:
        affinities = self._affinities()
        current = float(np.vdot(affinities, self.memberships))
        solution = self._solve(affinities, self.labels, self._share, self.settings.solver_tol)
        self.gap = solution.gap
        if self.settings.covariance_update == "soft" and solution.objective <= current + NOTHING * len(self.points):
            return "converged"
        labels = self._round(solution.memberships)
        if self._smallest(labels) < self.settings.min_cluster_size:
            return "tiny_cluster"
        memberships = solution.memberships
        if self.settings.covariance_update == "hard":
            memberships = hard_memberships(labels, self.settings.n_clusters)
        parameters = self._parameters(memberships)
        if self._value(memberships, *parameters) < self.path[-1]:
            return "converged"
        unchanged = np.array_equal(labels, self.labels) and self.settings.covariance_update == "hard"
        self._accept(labels, memberships, *parameters)
        growth = self.path[-1] - self.path[-2]
        return "converged" if unchanged or growth <= self.settings.tol * len(self.points) else None

    def _accept(self, labels, memberships, covariances, weights) -> None:
        self.labels, self.memberships = labels, memberships
        self.covariances, self.weights = covariances, weights
        self.path.append(self._value(memberships, covariances, weights))

    def _affinities(self) -> np.ndarray:
        weights = self.weights if self.settings.weights else None
        return likelihood_affinities(self.points, self.covariances, weights)

    def _value(self, memberships, covariances, weights) -> float:
        weights = weights if self.settings.weights else None
        affinities = likelihood_affinities(self.points, covariances, weights)
        return classification_log_likelihood(float(np.vdot(affinities, memberships)), *self.points.shape)

    def _parameters(self, memberships: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        covariances, masses = membership_covariances(self.points, memberships)
        blocks = self.settings.n_clusters
        weights = np.full(blocks, 1.0 / blocks)
        if self.settings.weights:
            # With trace="total" a block may die; its weight must stay positive for the logarithm.
            weights = np.maximum(masses / masses.sum(), 1e-12)
        return floor_eigenvalues(covariances, self.settings.covariance_floor), weights

    def _solve(self, affinities: np.ndarray, labels: np.ndarray, share: float, tol: float) -> LikelihoodSDPSolution:
        settings = self.settings
        if settings.solver == "cvxpy":
            from seedbed.clustering.likelihood_sdp.conic import solve_likelihood_sdp_conic

            return solve_likelihood_sdp_conic(
                affinities, trace=settings.trace, tol=tol, cvxpy_solver=settings.cvxpy_solver
            )
        solution, self._warm = solve_likelihood_sdp(
            affinities,
            trace=settings.trace,
            tol=tol,
            share=share,
            max_iter=settings.solver_max_iter,
            labels=labels,
            warm_start=self._warm,
        )
        return solution

    def _round(self, memberships: np.ndarray) -> np.ndarray:
        labels = spectral_rounding(memberships.sum(axis=0), self.settings.n_clusters, self.rng)
        return match_labels(labels, memberships.sum(axis=2).T)

    def _smallest(self, labels: np.ndarray) -> int:
        return int(np.bincount(labels, minlength=self.settings.n_clusters).min())
