"""Functions of X in the space of a Gaussian kernel, in the eigenbasis of the centred Gram matrix."""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh
from scipy.spatial.distance import cdist, pdist, squareform

_RANK = 1e-9  # of the largest eigenvalue


class GaussianFeatures:
    r"""Orthonormal functions on a sample, from the kernel :math:`\exp(-c \|x - x'\|^2 / (2 \sigma^2))`.

    Sigma is the mean distance of the sample and c the *complexity*, as in Li's book and the package nsdr. With the
    centred Gram matrix :math:`U S U^\top`, feature k is the function with values :math:`\sqrt n\, u_k`: mean zero and
    unit variance on the sample, and the rougher the larger k.

    Attributes
    ----------
    on_sample : ndarray of shape (n, r)
        Values on the sample.
    strength : ndarray of shape (r,)
        Eigenvalues over the largest; a ridge e damps feature k by s_k / (s_k + e).
    """

    def __init__(self, X: np.ndarray, complexity: float):
        self.X = X
        squared = pdist(X, "sqeuclidean")
        width = np.sqrt(squared).mean()
        self.gamma = complexity / (2.0 * width**2) if width > 0.0 else 0.0
        gram = np.exp(-self.gamma * squareform(squared))
        self._column_means = gram.mean(axis=0)
        gram -= self._column_means
        gram -= gram.mean(axis=1, keepdims=True)
        values, vectors = eigh((gram + gram.T) / 2.0, overwrite_a=True, check_finite=False, driver="evd")
        kept = values > _RANK * max(values[-1], np.finfo(float).eps * len(X))
        self._values, self._vectors = values[kept][::-1], vectors[:, kept][:, ::-1]
        if not kept.any():  # all rows are equal: one function, which is zero
            self._values, self._vectors = np.ones(1), np.zeros((len(X), 1))
        self.strength = self._values / self._values[0]
        self.on_sample = np.sqrt(len(X)) * self._vectors

    def coefficients(self, combination: np.ndarray) -> np.ndarray:
        """Weights (n, k) of the kernel functions at the sample points, for combinations (q, k) of the first q."""
        q = len(combination)
        weights = self._vectors[:, :q] @ (combination * (np.sqrt(len(self.X)) / self._values[:q])[:, None])
        return weights - weights.mean(axis=0)

    def evaluate(self, X: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """Values (m, k) of such combinations at other points."""
        kernel = np.exp(-self.gamma * cdist(X, self.X, "sqeuclidean"))
        return (kernel - self._column_means) @ coefficients
