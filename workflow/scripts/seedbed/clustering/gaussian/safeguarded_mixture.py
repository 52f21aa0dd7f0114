"""EM for Gaussian mixtures with the safeguards of iLA-SDP: a covariance floor, and starts that are not singular."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from scipy.special import logsumexp
from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted, validate_data

from seedbed.clustering.partitions.estimator import PartitionEstimator

from .coordinates import GaussianCoordinates
from .covariance_step import floor_eigenvalues
from .density import gaussian_log_densities
from .starts import start_labels

_AT_FLOOR = 1 + 1e-6


class SafeguardedGaussianMixture(PartitionEstimator):
    r"""EM for a Gaussian mixture whose covariances are kept above a floor.

    The likelihood of a Gaussian mixture has no maximum: a component that collapses on a few points makes it as large as
    one likes, so that the best of many starts is the worst fit. Here covariances are at least ``covariance_floor``
    times the pooled covariance, each step being the exact maximiser under that bound, and among the starts the
    likeliest is taken that does not lean on it.

    Parameters
    ----------
    n_clusters : int, default=8
    start : {"kmeans", "ward", "sdp", "whitened_sdp", "random", "random_points"} or array-like, default="kmeans"
        The partition whose moments come first.
    n_init : int, default=1
        Starts.
    covariance_type : {"full", "common_sphere"}, default="full"
        "common_sphere": :math:`\sigma^2 I` for all components, in the units of the data.
    covariance_floor : float, default=1e-3
        Relative to the pooled covariance (for a common sphere to its mean eigenvalue).
    n_components : int or None, default=None
        As in :class:`IterativeLikelihoodSDP`; for full covariances only.
    max_iter : int, default=500
    tol : float, default=1e-3
        Growth of the mean log-likelihood at which EM stops.
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        The most probable component of each sample.
    means_ : ndarray of shape (n_clusters, n_features)
    covariances_ : ndarray of shape (n_clusters, n_features, n_features)
    weights_ : ndarray of shape (n_clusters,)
    objective_path_ : ndarray of shape (n_iter_ + 1,)
        Log-likelihood of the chosen start; it never falls.
    at_floor_ : bool
        Whether every start ended with a covariance at the floor.
    n_iter_ : int
    converged_ : bool
    n_features_in_ : int

    Raises
    ------
    ValueError
        For more clusters than samples, non-finite data, or start labels of a wrong shape or number.

    Notes
    -----
    ``O(n K p^2)`` per iteration.

    References
    ----------
    A. P. Dempster, N. M. Laird, D. B. Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm.
    R. J. Hathaway (1985), A constrained formulation of maximum-likelihood estimation for normal mixture distributions.
    """

    _parameter_constraints: ClassVar[dict] = {
        **PartitionEstimator._parameter_constraints,
        "start": [StrOptions({"kmeans", "ward", "sdp", "whitened_sdp", "random", "random_points"}), "array-like"],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "covariance_type": [StrOptions({"full", "common_sphere"})],
        "covariance_floor": [Interval(Real, 0, 1, closed="neither")],
        "n_components": [Interval(Integral, 1, None, closed="left"), None],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        start="kmeans",
        n_init=1,
        covariance_type="full",
        covariance_floor=1e-3,
        n_components=None,
        max_iter=500,
        tol=1e-3,
        random_state=None,
    ):
        self.n_clusters = n_clusters
        self.start = start
        self.n_init = n_init
        self.covariance_type = covariance_type
        self.covariance_floor = covariance_floor
        self.n_components = n_components
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Run EM from every start and keep the best.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : Ignored

        Returns
        -------
        self
        """
        X, rng = self._begin(X)
        full = self.covariance_type == "full"
        coordinates = GaussianCoordinates(X, self.n_clusters, self.n_components) if full else _Centred(X)
        runs = [
            self._run(coordinates.points, start_labels(X, self.n_clusters, self.start, rng)) for _ in range(self.n_init)
        ]
        sound = [run for run in runs if not run.at_floor]
        best = max(sound or runs, key=lambda run: run.path[-1])
        self.labels_ = best.log_shares.argmax(axis=1)
        self.means_ = coordinates.means(best.means)
        self.covariances_ = coordinates.covariances(best.covariances)
        self.weights_ = best.weights
        self._law = coordinates, best.means, best.covariances  # where covariances have full rank
        self.objective_path_ = np.array([coordinates.log_likelihood(value) for value in best.path])
        self.at_floor_ = not sound
        self.n_iter_, self.converged_ = len(best.path) - 1, best.converged
        if not self.converged_:
            self._warn(f"EM had not converged after max_iter={self.max_iter} iterations; increase max_iter.")
        return self

    def predict_proba(self, X):
        """Probabilities of the components, given the samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_clusters)

        Notes
        -----
        Samples are projected to the span of those that were fitted, if these lie on a flat.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        coordinates, means, covariances = self._law
        joint = gaussian_log_densities(coordinates.transform(X), means, covariances) + np.log(self.weights_)
        return np.exp(joint - logsumexp(joint, axis=1, keepdims=True))

    def predict(self, X):
        """The most probable component of each sample; see :meth:`predict_proba`.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        return self.predict_proba(X).argmax(axis=1)

    def _run(self, points: np.ndarray, labels: np.ndarray) -> _Run:
        """EM from the moments of a partition."""
        shares = np.eye(self.n_clusters)[labels]
        run = self._step(points, shares, [])
        for _ in range(self.max_iter):
            new = self._step(points, np.exp(run.log_shares), run.path)
            if new.path[-1] - run.path[-1] <= self.tol * len(points):
                new.converged = True
                # rounding may take back the last growth
                return new if new.path[-1] >= run.path[-1] else _stopped(run)
            run = new
        return run

    def _step(self, points: np.ndarray, shares: np.ndarray, path: list[float]) -> _Run:
        """Moments of soft labels, then the likelihood and the labels that these give."""
        n, p = points.shape
        counts = shares.sum(axis=0) + 10 * np.finfo(float).eps
        weights, means = counts / counts.sum(), (shares.T @ points) / counts[:, None]
        deviations = points - means[:, None]
        squares = np.einsum("nk,kni,knj->kij", shares, deviations, deviations, optimize=True)
        if self.covariance_type == "full":
            covariances = floor_eigenvalues(squares / counts[:, None, None], self.covariance_floor)
            floor, least = self.covariance_floor, np.linalg.eigvalsh(covariances).min()
        else:
            floor = self.covariance_floor * max(float(points.var(axis=0).mean()), np.finfo(float).tiny)
            least = max(floor, float(np.trace(squares.sum(axis=0))) / (n * p))
            covariances = np.broadcast_to(least * np.eye(p), (self.n_clusters, p, p))
        joint = gaussian_log_densities(points, means, covariances) + np.log(weights)
        evidence = logsumexp(joint, axis=1)
        at_floor = bool(least <= floor * _AT_FLOOR)
        return _Run(weights, means, covariances, joint - evidence[:, None], [*path, float(evidence.sum())], at_floor)


@dataclass
class _Run:
    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    log_shares: np.ndarray
    path: list[float]
    at_floor: bool
    converged: bool = False


def _stopped(run: _Run) -> _Run:
    run.converged = True
    return run


class _Centred:
    """The data's own coordinates, about their mean: spheres stay spheres."""

    def __init__(self, X: np.ndarray) -> None:
        self.mean = X.mean(axis=0)
        self.points = X - self.mean

    def transform(self, X: np.ndarray) -> np.ndarray:
        return X - self.mean

    def means(self, means: np.ndarray) -> np.ndarray:
        return means + self.mean

    def covariances(self, covariances: np.ndarray) -> np.ndarray:
        return np.array(covariances)

    def log_likelihood(self, value: float) -> float:
        return value
