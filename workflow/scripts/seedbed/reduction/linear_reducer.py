"""What linear methods share: the leading eigenvectors of a candidate matrix in whitened coordinates."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from seedbed.reduction.reducer import Reducer
from seedbed.reduction.response import Response

_RANK = 1e-10  # of the largest singular value: what lies below is a constant or a linear combination


class LinearReducer(Reducer):
    """Base of the linear methods: ``transform(X) = (X - mean_) @ components_.T``.

    Attributes
    ----------
    components_ : ndarray of shape (n_components_, n_features)
        Directions, scaled to unit variance of the projections; where features are collinear, those of least norm.
    mean_ : ndarray of shape (n_features,)
    """

    def _reduce(self, X: np.ndarray, response: Response, n_components: int, random: np.random.RandomState) -> None:
        self.mean_ = X.mean(axis=0)
        whitened, back = whiten(X - self.mean_)
        values, vectors = np.linalg.eigh(self._candidate(whitened, response, n_components, random))
        leading = np.argsort(-values, kind="stable")[:n_components]
        self.eigenvalues_ = values[leading]
        self.components_ = fixed_signs(vectors[:, leading].T @ back)

    def _evaluate(self, X: np.ndarray) -> np.ndarray:
        return (X - self.mean_) @ self.components_.T

    def _most_components(self, X: np.ndarray, response: Response) -> int:
        return whiten(X - X.mean(axis=0))[0].shape[1]

    @abstractmethod
    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        """A symmetric matrix (r, r) whose leading eigenvectors are wanted, from Z (n, r) with Z'Z / n = I."""


def whiten(centred: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Z (n, r) with Z'Z / n = I, and the matrix (r, p) with Z = centred @ matrix.T; r is the rank."""
    left, singular, right = np.linalg.svd(centred, full_matrices=False)
    rank = int((singular > _RANK * singular[0]).sum())
    root = np.sqrt(len(centred))
    return root * left[:, :rank], root / singular[:rank, None] * right[:rank]


def fixed_signs(rows: np.ndarray) -> np.ndarray:
    """Every row with its entry of largest absolute value positive: a direction has no sign of its own."""
    largest = np.abs(rows).argmax(axis=1)
    signs = np.sign(rows[np.arange(len(rows)), largest])
    return rows * np.where(signs == 0, 1.0, signs)[:, None]
