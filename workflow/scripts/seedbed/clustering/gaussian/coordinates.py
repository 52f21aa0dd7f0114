"""Coordinates for Gaussian clustering: whitened by the pooled covariance, and few enough to estimate covariances."""

from __future__ import annotations

import numpy as np

from seedbed.clustering.kmeans_sdp.gram import pooled_axes


class GaussianCoordinates:
    """Whitened coordinates of a data matrix, with the way back.

    Constant and linearly dependent columns are left out. If more than ``max(1, n // (2 K))`` directions remain,
    so that an average cluster would have fewer than two points per dimension, only that many leading principal
    components of the data are kept; ``n_components`` overrides the number. Without this reduction everything
    built on these coordinates is invariant under invertible affine maps of the data; with it, only under
    isometries and a common scale, so columns in different units should be standardised beforehand.

    Parameters
    ----------
    X : ndarray of shape (n, p)
    n_clusters : int
    n_components : int or None

    Attributes
    ----------
    points : ndarray of shape (n, q)
        Mean 0 and covariance ``I`` (divisor ``n``); ``q`` is at least 1.
    log_volume : float
        Log of the volume that one unit cube of these coordinates has in the data's units.
    reduced : bool
        Whether directions in which the data vary were dropped.
    """

    def __init__(self, X: np.ndarray, n_clusters: int, n_components: int | None = None):
        self.mean, whitener, colourer = pooled_axes(X)
        limit = max(1, len(X) // (2 * n_clusters)) if n_components is None else n_components
        rank = whitener.shape[1]
        self.reduced = rank > limit
        if self.reduced:
            principal = np.linalg.svd(X - self.mean, full_matrices=False)[2][:limit]
            _, whitener, colourer = pooled_axes((X - self.mean) @ principal.T)
            whitener, colourer = principal.T @ whitener, colourer @ principal
        elif rank == 0:
            # All points are equal; one coordinate that is zero everywhere keeps the shapes.
            whitener, colourer = np.zeros((X.shape[1], 1)), np.ones((1, X.shape[1]))
        self._whitener, self._colourer = whitener, colourer
        self.points = (X - self.mean) @ whitener
        # Column norms go first: their product overflows the determinant for extreme units.
        peaks = np.abs(self._colourer).max(axis=1)
        norms = peaks * np.linalg.norm(self._colourer / peaks[:, None], axis=1)
        unit = self._colourer / norms[:, None]
        self.log_volume = float(np.log(norms).sum() + 0.5 * np.linalg.slogdet(unit @ unit.T)[1])

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Other points in these coordinates; shape (m, q)."""
        return (X - self.mean) @ self._whitener

    def log_likelihood(self, value: float) -> float:
        """A log-likelihood of ``points`` in the units of the data (of their span)."""
        return value - len(self.points) * self.log_volume

    def means(self, means: np.ndarray) -> np.ndarray:
        """Means of shape (K, q) as means of the data, shape (K, p)."""
        return self.mean + means @ self._colourer

    def covariances(self, covariances: np.ndarray) -> np.ndarray:
        """Covariances of shape (K, q, q) in the data's units, shape (K, p, p), of rank ``q``."""
        return self._colourer.T @ covariances @ self._colourer

    def whitened_sphere(self) -> np.ndarray:
        """The identity of the data's coordinates as a covariance in these, scaled to trace ``q``; shape (q, q)."""
        size = np.abs(self._whitener).max()
        if size == 0.0:  # all points are equal
            return np.eye(self._whitener.shape[1])
        sphere = (self._whitener / size).T @ (self._whitener / size)
        return sphere * (len(sphere) / np.trace(sphere))
