"""Euclidean responses, and class labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from seedbed.reduction.space import FlatSpace, Space, real_array


class Euclidean(FlatSpace):
    r""":math:`d(y, y') = \|y - y'\|` on numbers (n,) or vectors (n, k)."""

    name = "euclidean"
    described = "numbers (n,) or vectors (n, k)"

    def prepare(self, y: Any) -> np.ndarray:
        """One row per response."""
        array = real_array(y, self.described, (1, 2))
        return array.reshape(len(array), -1)


class Discrete(Space):
    """d(y, y') = 1 if the labels differ, else 0: responses without any order."""

    name = "discrete"
    described = "labels (n,)"

    def prepare(self, y: Any) -> np.ndarray:
        """Labels of any type, numbered from zero."""
        array = np.asarray(y)
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        if array.ndim != 1:
            raise ValueError(f"y must hold {self.described}; got an array of shape {array.shape}")
        return np.unique(array.astype(str), return_inverse=True)[1]

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Zeros and ones."""
        return (a[:, None] != b[None, :]).astype(np.float64)

    def mean(self, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The label of most weight; the smallest of several."""
        totals = np.zeros((len(groups), groups.max() + 1))
        np.add.at(totals, (np.arange(len(groups))[:, None], groups), weights)
        return totals.argmax(axis=1)
