"""Spectral clustering in forms that know of degrees: k-means of eigenvectors, normalised in one way or another."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning


class _Spectral:
    """k-means of rows that are made of the eigenvectors whose eigenvalues are largest in size."""

    def __init__(self, n_clusters=2, random_state=None):
        self.n_clusters = n_clusters
        self.random_state = random_state

    def fit(self, X):
        """Find the clusters of an adjacency matrix."""
        X = np.asarray(X, float)
        values, vectors = np.linalg.eigh(self._matrix(X))
        first = vectors[:, np.argsort(-np.abs(values), kind="stable")[: self.n_clusters]]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different rows than clusters
            model = KMeans(self.n_clusters, n_init=10, random_state=self.random_state)
            self.labels_ = model.fit_predict(self._rows(first)).astype(np.int64)
        return self

    def _matrix(self, X: np.ndarray) -> np.ndarray:
        return X

    def _rows(self, vectors: np.ndarray) -> np.ndarray:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(lengths, 1e-12)


class AdjacencySpectral(_Spectral):
    """Rows of the eigenvectors of the adjacency matrix, scaled to length one."""


class Score(_Spectral):
    """SCORE: ratios of the eigenvectors to the first, cut off at log n."""

    def _rows(self, vectors: np.ndarray) -> np.ndarray:
        first = np.where(np.abs(vectors[:, :1]) > 1e-12, vectors[:, :1], 1e-12)
        bound = np.log(len(vectors))
        return np.clip(vectors[:, 1:] / first, -bound, bound) if vectors.shape[1] > 1 else np.zeros((len(vectors), 1))


class RegularisedSpectral(_Spectral):
    """Eigenvectors of the normalised matrix, with the mean degree added to every degree."""

    def _matrix(self, X: np.ndarray) -> np.ndarray:
        degrees = X.sum(axis=1)
        roots = 1.0 / np.sqrt(degrees + max(degrees.mean(), 1e-12))
        return X * roots[:, None] * roots
