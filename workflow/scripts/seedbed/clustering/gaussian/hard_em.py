"""Classification EM (hard EM, adjusted Lloyd): Gaussian clusters with their own covariances."""

from __future__ import annotations

from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.clustering.partitions.estimator import PartitionEstimator

from .coordinates import GaussianCoordinates
from .covariance_step import floor_eigenvalues, partition_covariances
from .density import gaussian_log_densities
from .starts import start_labels


class HardEM(PartitionEstimator):
    r"""Gaussian clustering by alternating assignments and moments.

    Assigns ``x`` to the cluster with the largest
    :math:`\log\pi_k - \tfrac12\log|\Sigma_k| - \tfrac12 (x-\mu_k)^\top\Sigma_k^{-1}(x-\mu_k)` and re-estimates the
    moments, with the eigenvalues of ``Sigma_k`` kept above a floor. Without the weights this is the adjusted Lloyd
    algorithm, which attains the minimax rate for anisotropic mixtures from a good start.

    Parameters
    ----------
    n_clusters : int, default=8
    start : {"kmeans", "ward", "sdp", "whitened_sdp", "random", "random_points"} or array-like, default="kmeans"
    weights : bool, default=False
        Use mixing weights in the assignment.
    covariance_floor : float, default=1e-3
        Relative to the pooled covariance of the data.
    min_cluster_size : int, default=2
        A partition with a smaller cluster is not accepted; the iteration ends at the one before.
    n_components : int or None, default=None
        As in :class:`IterativeLikelihoodSDP`.
    max_iter : int, default=100
    random_state : int, RandomState instance or None, default=None
        For the start.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
    means_ : ndarray of shape (n_clusters, n_features)
    covariances_ : ndarray of shape (n_clusters, n_features, n_features)
    weights_ : ndarray of shape (n_clusters,)
    objective_path_ : ndarray of shape (n_iter_ + 1,)
        Classification log-likelihood of the accepted partitions; it never falls.
    n_iter_ : int
    start_labels_ : ndarray of shape (n_samples,)
    status_ : {"converged", "tiny_cluster", "max_iter"}
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
    G. Celeux, G. Govaert (1992), A classification EM algorithm for clustering and two stochastic versions, CSDA 14.
    X. Chen, A. Y. Zhang (2021), Optimal clustering in anisotropic Gaussian mixture models, arXiv:2101.05402.
    """

    __module__ = "seedbed.clustering"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **PartitionEstimator._parameter_constraints,
        "start": [StrOptions({"kmeans", "ward", "sdp", "whitened_sdp", "random", "random_points"}), "array-like"],
        "weights": ["boolean"],
        "covariance_floor": [Interval(Real, 0, 1, closed="neither")],
        "min_cluster_size": [Interval(Integral, 1, None, closed="left")],
        "n_components": [Interval(Integral, 1, None, closed="left"), None],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        start="kmeans",
        weights=False,
        covariance_floor=1e-3,
        min_cluster_size=2,
        n_components=None,
        max_iter=100,
        random_state=None,
    ):
        self.n_clusters = n_clusters
        self.start = start
        self.weights = weights
        self.covariance_floor = covariance_floor
        self.min_cluster_size = min_cluster_size
        self.n_components = n_components
        self.max_iter = max_iter
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Alternate until the partition repeats.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : Ignored

        Returns
        -------
        self
        """
        X, rng = self._begin(X)
        coordinates = GaussianCoordinates(X, self.n_clusters, self.n_components)
        points = coordinates.points
        labels = start_labels(X, self.n_clusters, self.start, rng)
        self.start_labels_ = labels.copy()
        means, covariances, weights = self._moments(points, labels)
        scores = self._scores(points, means, covariances, weights)
        path = [self._value(scores, labels)]
        self.status_ = "max_iter"
        for _ in range(self.max_iter):
            new = scores.argmax(axis=1)
            if np.array_equal(new, labels):
                self.status_ = "converged"
                break
            if np.bincount(new, minlength=self.n_clusters).min() < self.min_cluster_size:
                self.status_ = "tiny_cluster"
                break
            moments = self._moments(points, new)
            scores = self._scores(points, *moments)
            value = self._value(scores, new)
            if value <= path[-1]:
                # Ties and rounding only: both steps are exact maximisers.
                self.status_ = "converged"
                break
            labels, (means, covariances, weights) = new, moments
            path.append(value)
        self.labels_ = labels
        self.means_ = coordinates.means(means)
        self.covariances_ = coordinates.covariances(covariances)
        self.weights_ = weights
        self.objective_path_ = np.array([coordinates.log_likelihood(value) for value in path])
        self.n_iter_ = len(path) - 1
        self.converged_ = self.status_ == "converged"
        if not self.converged_:
            advice = (
                "increase max_iter"
                if self.status_ == "max_iter"
                else "use fewer clusters, a larger covariance_floor or another start"
            )
            self._warn(f"HardEM stopped with status {self.status_!r}; {advice}.")
        return self

    def _moments(self, points, labels):
        counts = np.bincount(labels, minlength=self.n_clusters)
        means = np.stack([points[labels == k].mean(axis=0) for k in range(self.n_clusters)])
        covariances = partition_covariances(points, labels, self.n_clusters)
        return means, floor_eigenvalues(covariances, self.covariance_floor), counts / len(points)

    def _scores(self, points, means, covariances, weights):
        scores = gaussian_log_densities(points, means, covariances)
        return scores + np.log(weights) if self.weights else scores

    @staticmethod
    def _value(scores, labels):
        return float(scores[np.arange(len(labels)), labels].sum())
