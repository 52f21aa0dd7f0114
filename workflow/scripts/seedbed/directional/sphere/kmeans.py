"""k-means on the unit sphere."""

from __future__ import annotations

import numbers
import warnings

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from .rows import unit_rows
from .seeding import spherical_kmeans_plusplus


def cosines(x, centers: np.ndarray) -> np.ndarray:
    """Inner products of unit rows with centres, as a dense (n, k) array."""
    return np.asarray(x @ centers.T)


class SphericalKMeans(TransformerMixin, ClusterMixin, BaseEstimator):
    r"""Clusters of directions: minimise :math:`\sum_i w_i (1 - \max_j c_j^\top x_i)` over unit vectors c_j.

    Parameters
    ----------
    n_clusters : int, default 8
    init : {"k-means++", "random"} or array-like of shape (n_clusters, p), default "k-means++"
    n_init : int, default 4
        Starts; the best result is kept. One if ``init`` is an array.
    max_iter : int, default 300
    tol : float, default 1e-8
        Stop if the mean loss falls by less than this.
    random_state : int, RandomState or None

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, p)
        Unit vectors.
    labels_ : ndarray of shape (n,)
    inertia_ : float
        The loss above.
    n_iter_ : int
    n_features_in_ : int

    Notes
    -----
    O(n p k) time for an iteration. An empty cluster takes over the row farthest from its centre.

    References
    ----------
    I. S. Dhillon and D. S. Modha (2001), Machine Learning 42, 143-175.
    """

    __module__ = "seedbed.directional"  # where pickles look for it, wherever this file moves

    def __init__(self, n_clusters=8, init="k-means++", n_init=4, max_iter=300, tol=1e-8, random_state=None):
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X, y=None, sample_weight=None):
        """Cluster the rows of X.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, p), p >= 2
            Rows are scaled to unit length.
        y : ignored
        sample_weight : array-like of shape (n,), optional

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter is out of range, there are fewer rows than clusters, or a row is zero.
        """
        for name in ("n_clusters", "n_init", "max_iter"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
                raise ValueError(f"{name} must be a positive integer, got {value!r}")
        if not isinstance(self.tol, numbers.Real) or not self.tol >= 0:
            raise ValueError(f"tol must be a non-negative number, got {self.tol!r}")
        X = unit_rows(validate_data(self, X, accept_sparse="csr", dtype=np.float64, ensure_min_features=2))
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        if X.shape[0] < self.n_clusters:
            raise ValueError(f"n_samples={X.shape[0]} should be >= n_clusters={self.n_clusters}")
        if not weights.sum() > 0:
            raise ValueError("the sample weights are all zero")
        rng = check_random_state(self.random_state)
        best = None
        for _ in range(1 if not isinstance(self.init, str) else self.n_init):
            run = self._iterate(X, weights, self._start(X, weights, rng))
            if best is None or run[0] < best[0]:
                best = run
        self.inertia_, self.cluster_centers_, self.labels_, self.n_iter_, converged = best
        if not converged:
            warnings.warn(
                f"no convergence in {self.max_iter} iterations; raise max_iter or tol", ConvergenceWarning, stacklevel=2
            )
        return self

    def _start(self, X, weights: np.ndarray, rng) -> np.ndarray:
        if not isinstance(self.init, str):
            centers = unit_rows(np.asarray(self.init, np.float64))
            if centers.shape != (self.n_clusters, X.shape[1]):
                wanted = (self.n_clusters, X.shape[1])
                raise ValueError(f"init must have shape {wanted}, got {centers.shape}")
            return centers
        if self.init == "k-means++":
            return spherical_kmeans_plusplus(X, self.n_clusters, weights, rng)
        if self.init == "random":
            rows = X[rng.choice(X.shape[0], self.n_clusters, replace=False)]
            return rows.toarray() if sparse.issparse(rows) else rows.copy()
        raise ValueError(f'init must be "k-means++", "random" or an array, got {self.init!r}')

    def _iterate(self, X, weights: np.ndarray, centers: np.ndarray):
        """Lloyd's iteration from these centres: (loss, centres, labels, iterations, converged)."""
        n = X.shape[0]
        rows = np.arange(n)
        total = weights.sum()
        products = cosines(X, centers)
        previous, converged, steps = np.inf, False, 0
        while steps < self.max_iter and not converged:
            steps += 1
            labels = products.argmax(axis=1)
            closeness = products[rows, labels]
            counts = np.bincount(labels, weights, minlength=self.n_clusters)
            for empty in np.flatnonzero(counts == 0):
                farthest = int(np.argmin(np.where(weights > 0, closeness, np.inf)))
                labels[farthest], closeness[farthest] = empty, 1.0
            indicator = sparse.csr_array((weights, (labels, rows)), shape=(self.n_clusters, n))
            sums = indicator @ X
            sums = sums.toarray() if sparse.issparse(sums) else np.asarray(sums)
            lengths = np.linalg.norm(sums, axis=1)
            moved = lengths > 0
            centers = np.where(moved[:, None], sums / np.where(moved, lengths, 1.0)[:, None], centers)
            products = cosines(X, centers)
            loss = float(weights @ (1.0 - products.max(axis=1)))
            if previous - loss <= self.tol * total:
                converged = True
                break
            previous = loss
        labels = products.argmax(axis=1).astype(np.int32)
        return loss, centers, labels, steps, converged

    def predict(self, X) -> np.ndarray:
        """Index of the closest centre for each row of X."""
        return self._products(X).argmax(axis=1).astype(np.int32)

    def transform(self, X) -> np.ndarray:
        r"""Cosine distances :math:`1 - c_j^\top x_i`, shape (n, n_clusters)."""
        return 1.0 - self._products(X)

    def score(self, X, y=None, sample_weight=None) -> float:
        """Minus the loss on X."""
        products = self._products(X)
        weights = np.ones(products.shape[0]) if sample_weight is None else np.asarray(sample_weight, float)
        return -float(weights @ (1.0 - products.max(axis=1)))

    def _products(self, X) -> np.ndarray:
        check_is_fitted(self, "cluster_centers_")
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)
        return cosines(unit_rows(X), self.cluster_centers_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
