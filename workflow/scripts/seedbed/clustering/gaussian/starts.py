"""Partitions to start from."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.exceptions import ConvergenceWarning

from seedbed.clustering.kmeans_sdp.estimator import KMeansSDP
from seedbed.clustering.kmeans_sdp.gram import common_unit
from seedbed.clustering.partitions.rounding import kmeans_labels, nonempty_labels


def check_labels(labels, n_samples: int, n_clusters: int) -> np.ndarray:
    """Given labels as integers 0 .. K-1, in the order of their values.

    Raises
    ------
    ValueError
        Unless there is one label per sample and there are exactly ``n_clusters`` distinct ones.
    """
    labels = np.asarray(labels)
    if labels.shape != (n_samples,):
        raise ValueError(f"start labels must have shape {(n_samples,)}, got {labels.shape}")
    distinct, codes = np.unique(labels, return_inverse=True)
    if len(distinct) != n_clusters:
        raise ValueError(f"start labels have {len(distinct)} distinct values, n_clusters={n_clusters}")
    return codes.astype(np.int64)


def random_labels(n_samples: int, n_clusters: int, rng: np.random.RandomState) -> np.ndarray:
    """Uniformly random labels, every cluster occurring."""
    return nonempty_labels(rng.randint(n_clusters, size=n_samples), n_clusters)


def random_point_labels(X: np.ndarray, n_clusters: int, rng: np.random.RandomState) -> np.ndarray:
    """The Voronoi partition of distinct random points of the data, every cluster occurring."""
    centres = X[rng.choice(len(X), n_clusters, replace=False)]
    distances = ((X[:, None, :] - centres) ** 2).sum(axis=2)
    return nonempty_labels(distances.argmin(axis=1), n_clusters)


def sdp_labels(
    X: np.ndarray, n_clusters: int, rng: np.random.RandomState, *, whiten: bool = False, solver: str = "admm"
) -> np.ndarray:
    """Labels of :class:`KMeansSDP`, at an accuracy at which its labels have settled."""
    model = KMeansSDP(n_clusters, whiten=whiten, solver=solver, tol=1e-3, max_iter=1000, random_state=rng)
    with warnings.catch_warnings():
        # A start need not be optimal; what is built on it reports its own convergence.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(X).labels_


def start_labels(X: np.ndarray, n_clusters: int, start, rng: np.random.RandomState) -> np.ndarray:
    """Labels named by ``start``.

    Parameters
    ----------
    X : ndarray of shape (n, p)
    n_clusters : int
    start : {"kmeans", "ward", "sdp", "whitened_sdp", "random", "random_points"} or array-like of shape (n,)
        "random": uniformly random labels; "random_points": the Voronoi partition of random points of the data.
    rng : RandomState

    Returns
    -------
    ndarray of shape (n,)
        Every label in 0 .. K-1 occurs.
    """
    if not isinstance(start, str):
        return check_labels(start, len(X), n_clusters)
    if n_clusters == 1:
        return np.zeros(len(X), dtype=np.int64)
    if start in ("kmeans", "ward"):
        X = X / common_unit(X)
    if start == "kmeans":
        return kmeans_labels(X, n_clusters, rng)
    if start == "ward":
        return AgglomerativeClustering(n_clusters).fit_predict(X)
    if start == "random":
        return random_labels(len(X), n_clusters, rng)
    if start == "random_points":
        return random_point_labels(X, n_clusters, rng)
    return sdp_labels(X, n_clusters, rng, whiten=start == "whitened_sdp")
