"""What a method is measured against from below and from above: random labels, and the truth's own rule."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.utils.validation import validate_data

from seedbed.clustering.gaussian.density import gaussian_log_densities
from seedbed.clustering.likelihood_sdp.affinity import check_covariances, check_weights
from seedbed.clustering.partitions.estimator import PartitionEstimator


class RandomLabels(PartitionEstimator):
    """Uniformly random labels: the control that every method must beat.

    Parameters
    ----------
    n_clusters : int, default=8
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
    n_features_in_ : int

    Raises
    ------
    ValueError
        For more clusters than samples, or non-finite data.
    """

    __module__ = "seedbed.clustering"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **PartitionEstimator._parameter_constraints,
    }

    def __init__(self, n_clusters=8, *, random_state=None):
        self.n_clusters = n_clusters
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Draw the labels; ``O(n)``.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Only its length is used.
        y : Ignored

        Returns
        -------
        self
        """
        X, rng = self._begin(X, rows_matter=False)
        self.labels_ = rng.randint(self.n_clusters, size=len(X))
        return self


class GaussianOracle(ClusterMixin, BaseEstimator):
    r"""Bayes' rule of a Gaussian mixture with known parameters: the best possible labelling on average.

    .. math:: \hat k(x) = \arg\max_k\ \log\pi_k + \log N(x; \mu_k, \Sigma_k) .

    Parameters
    ----------
    means : array-like of shape (n_clusters, n_features), default=None
        None stands for one cluster, where there is nothing to choose.
    covariances : array-like of shape (n_features, n_features) or (n_clusters, n_features, n_features), default=None
        None stands for the identity.
    weights : array-like of shape (n_clusters,), default=None
        None stands for equal weights.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        Values in the order of ``means``.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For parameters that do not fit together or the data, or non-finite values.

    Notes
    -----
    ``O(n K p^2)``. Nothing is learned from the data.
    """

    __module__ = "seedbed.clustering"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        "means": ["array-like", None],
        "covariances": ["array-like", None],
        "weights": ["array-like", None],
    }

    def __init__(self, means=None, covariances=None, weights=None):
        self.means = means
        self.covariances = covariances
        self.weights = weights

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Label the samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : Ignored

        Returns
        -------
        self
        """
        X = validate_data(self, X, dtype="float64")
        p = X.shape[1]
        means = np.zeros((1, p)) if self.means is None else np.asarray(self.means, dtype=float)
        if means.ndim != 2 or means.shape[1] != p or not np.isfinite(means).all():
            raise ValueError(f"means must be finite, of shape (n_clusters, {p}), got shape {means.shape}")
        covariances = np.eye(p) if self.covariances is None else self.covariances
        covariances = check_covariances(covariances, len(means), p)
        scores = gaussian_log_densities(X, means, covariances)
        if self.weights is not None:
            scores = scores + np.log(check_weights(self.weights, len(means)))
        self.labels_ = scores.argmax(axis=1)
        return self
