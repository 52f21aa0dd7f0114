"""What linear methods share: the leading eigenvectors of a candidate matrix in whitened coordinates."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from seedbed.reduction.numerics.columns import Columns
from seedbed.reduction.reducer import Reducer
from seedbed.reduction.spaces.response import Response


class LinearReducer(Reducer):
    """Base of the linear methods: ``transform(X) = (X - mean_) @ components_.T``.

    Attributes
    ----------
    components_ : ndarray of shape (n_components_, n_features)
        Directions, scaled to unit variance of the projections; where features are collinear, those of least norm in
        standard units, so that they do not depend on the units of X. Zero for constant features.
    mean_ : ndarray of shape (n_features,)
    """

    def _reduce(self, X: np.ndarray, response: Response, n_components: int, random: np.random.RandomState) -> None:
        columns = Columns.of(X, self._resolution)
        whitened, back = columns.whiten(X)
        values, vectors = np.linalg.eigh(self._candidate(whitened, response, n_components, random))
        leading = np.argsort(-values, kind="stable")[:n_components]
        self.eigenvalues_ = values[leading]
        self.mean_ = columns.mean
        self.components_ = fixed_signs(vectors[:, leading].T @ back) / columns.scale

    def _evaluate(self, X: np.ndarray) -> np.ndarray:
        return (X - self.mean_) @ self.components_.T

    def _most_components(self, X: np.ndarray, response: Response) -> int:
        return Columns.of(X, self._resolution).whiten(X)[0].shape[1]

    @abstractmethod
    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        """A symmetric matrix (r, r) whose leading eigenvectors are wanted, from Z (n, r) with Z'Z / n = I."""


def fixed_signs(rows: np.ndarray) -> np.ndarray:
    """Every row with its entry of largest absolute value positive: a direction has no sign of its own."""
    largest = np.abs(rows).argmax(axis=1)
    signs = np.sign(rows[np.arange(len(rows)), largest])
    return rows * np.where(signs == 0, 1.0, signs)[:, None]
