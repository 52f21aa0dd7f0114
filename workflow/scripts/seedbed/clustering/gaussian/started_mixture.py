"""EM for a Gaussian mixture from the moments of a given partition."""

from __future__ import annotations

import warnings
from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.clustering.kmeans_sdp.gram import common_unit
from seedbed.clustering.partitions.estimator import PartitionEstimator

from .covariance_step import partition_covariances
from .starts import start_labels


class StartedGaussianMixture(PartitionEstimator):
    """scikit-learn's EM for Gaussian mixtures, started from the moments of a partition.

    With ``start="ward"`` this is how mclust begins, with ``start="sdp"`` it is the Peng-Wei program followed by EM.

    Parameters
    ----------
    n_clusters : int, default=8
    start : {"sdp", "whitened_sdp", "ward", "kmeans", "random", "random_points"} or array-like, default="sdp"
    covariance_type : {"full", "tied", "diag", "spherical"}, default="full"
    reg_covar : float, default=1e-6
        Added to the diagonals of the covariances, in the units of the data: data far smaller than its root become one
        cluster, which is warned of.
    max_iter : int, default=200
    tol : float, default=1e-3
        Growth of the mean log-likelihood at which EM stops.
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        The most probable component of each sample.
    means_, covariances_, weights_
        As in :class:`sklearn.mixture.GaussianMixture`.
    start_labels_ : ndarray of shape (n_samples,)
    n_iter_ : int
    converged_ : bool
    lower_bound_ : float
        Mean log-likelihood per sample.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For more clusters than samples, non-finite data, or covariances that are singular although
        ``reg_covar`` was added.

    Notes
    -----
    ``O(n K p^2)`` per iteration, beside the start.
    """

    __module__ = "seedbed.clustering"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **PartitionEstimator._parameter_constraints,
        "start": [StrOptions({"kmeans", "ward", "sdp", "whitened_sdp", "random", "random_points"}), "array-like"],
        "covariance_type": [StrOptions({"full", "tied", "diag", "spherical"})],
        "reg_covar": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
    }

    def __init__(
        self,
        n_clusters=8,
        *,
        start="sdp",
        covariance_type="full",
        reg_covar=1e-6,
        max_iter=200,
        tol=1e-3,
        random_state=None,
    ):
        self.n_clusters = n_clusters
        self.start = start
        self.covariance_type = covariance_type
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Compute the start and run EM.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : Ignored

        Returns
        -------
        self
        """
        X, rng = self._begin(X, least=2)
        self._warn_of_ridge(X)
        labels = start_labels(X, self.n_clusters, self.start, rng)
        self.start_labels_ = labels
        counts = np.bincount(labels, minlength=self.n_clusters)
        mixture = GaussianMixture(
            self.n_clusters,
            covariance_type=self.covariance_type,
            reg_covar=self.reg_covar,
            max_iter=self.max_iter,
            tol=self.tol,
            weights_init=counts / len(X),
            means_init=np.stack([X[labels == k].mean(axis=0) for k in range(self.n_clusters)]),
            precisions_init=self._precisions(X, labels, counts),
            # The means are given, so this start is computed but not used; it is the cheapest.
            init_params="random",
            random_state=rng,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            try:
                mixture.fit(X)
            except ValueError as error:
                raise ValueError(
                    f"EM met a singular covariance ({error}); increase reg_covar, or scale the data"
                ) from error
        self.labels_ = mixture.predict(X)
        self.means_, self.covariances_, self.weights_ = mixture.means_, mixture.covariances_, mixture.weights_
        self.n_iter_, self.converged_ = mixture.n_iter_, bool(mixture.converged_)
        self.lower_bound_ = mixture.lower_bound_
        if not self.converged_:
            self._warn(
                f"EM had not converged after max_iter={self.max_iter} iterations; increase max_iter or reg_covar."
            )
        return self

    def _warn_of_ridge(self, X: np.ndarray) -> None:
        unit = common_unit(X)
        spread = float((X / unit).std(axis=0).max()) * unit
        if 0.0 < spread < np.sqrt(10.0 * self.reg_covar):
            self._warn(
                f"reg_covar={self.reg_covar:g} is more than a tenth of the variance of every column (deviations "
                f"up to {spread:.1e}) and blurs all clusters; decrease it, or scale the data.",
                1,
            )

    def _precisions(self, X: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Inverse covariances of the start, in the shape that GaussianMixture wants for this type."""
        covariances = partition_covariances(X, labels, self.n_clusters)
        p = X.shape[1]
        if self.covariance_type == "full":
            full = covariances + self.reg_covar * np.eye(p)
        elif self.covariance_type == "tied":
            full = np.tensordot(counts / len(X), covariances, axes=1) + self.reg_covar * np.eye(p)
        else:
            variances = np.diagonal(covariances, axis1=1, axis2=2) + self.reg_covar
            if self.covariance_type == "spherical":
                variances = variances.mean(axis=1)
            if not (variances > 0).all():
                raise ValueError("a start cluster has zero variance; increase reg_covar")
            return 1.0 / variances
        try:
            factors = np.linalg.cholesky(full)
        except np.linalg.LinAlgError:
            raise ValueError("the covariance of a start cluster is singular; increase reg_covar") from None
        inverse = np.linalg.inv(factors)
        precisions = np.swapaxes(inverse, -1, -2) @ inverse
        return 0.5 * (precisions + np.swapaxes(precisions, -1, -2))
