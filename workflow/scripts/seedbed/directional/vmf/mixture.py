"""Mixtures of von Mises-Fisher distributions, by soft or hard EM."""

from __future__ import annotations

import numbers
import warnings

import numpy as np
from scipy import sparse
from scipy.special import logsumexp
from sklearn.base import BaseEstimator, ClusterMixin, DensityMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from seedbed.directional.sphere.rows import unit_rows
from seedbed.directional.sphere.seeding import spherical_kmeans_plusplus

from .concentration import concentration_mle
from .normalizer import log_peak
from .sampling import sample_von_mises_fisher


class VonMisesFisherMixture(DensityMixin, ClusterMixin, BaseEstimator):
    r"""Mixture :math:`\sum_k \pi_k c_p(\kappa_k)\exp(\kappa_k\mu_k^\top x)` on the unit sphere.

    Parameters
    ----------
    n_components : int, default 1
    assignment : {"soft", "hard"}, default "soft"
        EM on the likelihood, or on the classification likelihood, where a row belongs to one component.
    shared_concentration : bool, default False
        One kappa for all components.
    init : {"k-means++", "random"}, default "k-means++"
        Starting mean directions; the first concentrations are equal.
    n_init : int, default 1
        Starts; the best result is kept.
    max_iter : int, default 200
    tol : float, default 1e-6
        Stop if the mean log-likelihood of a row rises by less than this.
    max_concentration : float, default 1e8
        Cap on kappa: a component that has shrunk to a point has no finite maximum.
    random_state : int, RandomState or None

    Attributes
    ----------
    weights_ : ndarray of shape (k,)
    mean_directions_ : ndarray of shape (k, p)
    concentrations_ : ndarray of shape (k,)
    labels_ : ndarray of shape (n,)
    converged_ : bool
    n_iter_ : int
    lower_bound_ : float
        Mean log-likelihood of a row (classification log-likelihood for hard assignment) at the last step.
    n_features_in_ : int

    Notes
    -----
    O(n p k) time for a step.

    References
    ----------
    A. Banerjee, I. S. Dhillon, J. Ghosh and S. Sra (2005), J. Mach. Learn. Res. 6, 1345-1382.
    """

    __module__ = "seedbed.directional"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        n_components=1,
        assignment="soft",
        shared_concentration=False,
        init="k-means++",
        n_init=1,
        max_iter=200,
        tol=1e-6,
        max_concentration=1e8,
        random_state=None,
    ):
        self.n_components = n_components
        self.assignment = assignment
        self.shared_concentration = shared_concentration
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.max_concentration = max_concentration
        self.random_state = random_state

    def fit(self, X, y=None):
        """Fit the mixture to the rows of X, which are scaled to unit length.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, p), p >= 2
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter is out of range, there are fewer rows than components, or a row is zero.
        """
        self._check()
        X = unit_rows(validate_data(self, X, accept_sparse="csr", dtype=np.float64, ensure_min_features=2))
        if X.shape[0] < self.n_components:
            raise ValueError(f"n_samples={X.shape[0]} should be >= n_components={self.n_components}")
        rng = check_random_state(self.random_state)
        best = None
        for _ in range(self.n_init):
            run = self._run(X, self._start(X, rng))
            if best is None or run["bound"] > best["bound"]:
                best = run
        self.weights_, self.mean_directions_, self.concentrations_ = best["parameters"]
        self.lower_bound_, self.n_iter_, self.converged_ = best["bound"], best["steps"], best["converged"]
        self.labels_ = self._log_joint(X, best["parameters"]).argmax(axis=1)
        if not self.converged_:
            warnings.warn(
                f"no convergence in {self.max_iter} steps; raise max_iter or tol", ConvergenceWarning, stacklevel=2
            )
        return self

    def _check(self) -> None:
        for name in ("n_components", "n_init", "max_iter"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
                raise ValueError(f"{name} must be a positive integer, got {value!r}")
        if self.assignment not in ("soft", "hard"):
            raise ValueError(f'assignment must be "soft" or "hard", got {self.assignment!r}')
        if self.init not in ("k-means++", "random"):
            raise ValueError(f'init must be "k-means++" or "random", got {self.init!r}')
        for name in ("tol", "max_concentration"):
            value = getattr(self, name)
            if not isinstance(value, numbers.Real) or not value >= 0:
                raise ValueError(f"{name} must be a non-negative number, got {value!r}")

    def _start(self, X, rng) -> np.ndarray:
        """First responsibilities: each row to the closest of the starting directions."""
        n = X.shape[0]
        if self.init == "k-means++":
            centers = spherical_kmeans_plusplus(X, self.n_components, np.ones(n), rng)
        else:
            rows = X[rng.choice(n, self.n_components, replace=False)]
            centers = rows.toarray() if sparse.issparse(rows) else rows
        return one_hot(np.asarray(X @ centers.T).argmax(axis=1), self.n_components)

    def _run(self, X, responsibilities: np.ndarray) -> dict:
        """EM from these responsibilities."""
        parameters = self._maximise(X, responsibilities, None)
        previous, bound, converged, steps = -np.inf, -np.inf, False, 0
        while steps < self.max_iter and not converged:
            steps += 1
            joint = self._log_joint(X, parameters)
            if self.assignment == "soft":
                evidence = logsumexp(joint, axis=1)
                responsibilities = np.exp(joint - evidence[:, None])
            else:
                evidence = joint.max(axis=1)
                responsibilities = one_hot(joint.argmax(axis=1), self.n_components)
            bound = float(evidence.mean())
            if bound - previous < self.tol:
                converged = True
                break
            previous = bound
            parameters = self._maximise(X, responsibilities, parameters)
        return {"bound": bound, "parameters": parameters, "steps": steps, "converged": converged}

    def _maximise(self, X, responsibilities: np.ndarray, previous) -> tuple:
        """Weights, mean directions and concentrations from responsibilities."""
        n, p = X.shape
        mass = responsibilities.sum(axis=0)
        sums = np.asarray((X.T @ responsibilities).T)
        lengths = np.linalg.norm(sums, axis=1)
        # a component without rows keeps its direction, and no weight
        alive = (mass > 1e-12 * n) & (lengths > 0)
        old = np.eye(1, p).repeat(mass.size, axis=0) if previous is None else previous[1]
        means = np.where(alive[:, None], sums / np.where(alive, lengths, 1.0)[:, None], old)
        weights = np.maximum(mass / n, 1e-300)
        if self.shared_concentration:
            r = np.full(mass.size, min(1.0, lengths.sum() / n))
        else:
            r = np.where(alive, np.minimum(1.0, lengths / np.where(alive, mass, 1.0)), 0.0)
        return weights / weights.sum(), means, np.minimum(concentration_mle(p, r), self.max_concentration)

    def _log_joint(self, X, parameters: tuple) -> np.ndarray:
        """log(weight x density), shape (n, k); constants that are large for large kappa are joined first."""
        weights, means, kappa = parameters
        gaps = 1.0 - np.asarray(X @ means.T)
        return np.log(weights) + log_peak(X.shape[1], kappa) - kappa * gaps

    def _joint_of(self, X) -> np.ndarray:
        check_is_fitted(self, "weights_")
        X = unit_rows(validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False))
        return self._log_joint(X, (self.weights_, self.mean_directions_, self.concentrations_))

    def predict(self, X) -> np.ndarray:
        """Most probable component of each row."""
        return self._joint_of(X).argmax(axis=1)

    def predict_proba(self, X) -> np.ndarray:
        """Posterior probabilities of the components, shape (n, k)."""
        joint = self._joint_of(X)
        return np.exp(joint - logsumexp(joint, axis=1)[:, None])

    def score_samples(self, X) -> np.ndarray:
        """Log density of each row."""
        return logsumexp(self._joint_of(X), axis=1)

    def score(self, X, y=None) -> float:
        """Mean log density of the rows."""
        return float(self.score_samples(X).mean())

    def bic(self, X) -> float:
        """Bayesian information criterion, lower is better: -2 log-likelihood + log(n) x free parameters."""
        log_density = self.score_samples(X)
        k, p = self.mean_directions_.shape
        free = k * (p - 1) + (1 if self.shared_concentration else k) + k - 1
        return float(-2.0 * log_density.sum() + free * np.log(log_density.size))

    def sample(self, n_samples=1, random_state=None) -> tuple[np.ndarray, np.ndarray]:
        """Draw rows (n, p) and the components (n,) that they come from."""
        check_is_fitted(self, "weights_")
        rng = random_state
        if not isinstance(rng, np.random.Generator):
            rng = np.random.default_rng(check_random_state(rng).randint(2**31, size=4))
        labels = rng.choice(self.weights_.size, n_samples, p=self.weights_)
        X = np.empty((n_samples, self.n_features_in_))
        for k in range(self.weights_.size):
            rows = np.flatnonzero(labels == k)
            mean, kappa = self.mean_directions_[k], float(self.concentrations_[k])
            X[rows] = sample_von_mises_fisher(mean, kappa, rows.size, rng)
        return X, labels

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def one_hot(labels: np.ndarray, k: int) -> np.ndarray:
    """Rows of the identity."""
    return np.eye(k)[labels]
