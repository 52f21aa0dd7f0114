"""Euclidean responses, and class labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from .space import FlatSpace, Space, real_array


class Euclidean(FlatSpace):
    r""":math:`d(y, y') = \|y - y'\|` on numbers (n,) or vectors (n, k)."""

    name = "euclidean"
    described = "numbers (n,) or vectors (n, k)"

    def prepare(self, y: Any) -> np.ndarray:
        """One row per response."""
        array = real_array(y, self.described, (1, 2))
        return array.reshape(len(array), -1)


def _is_missing(label: Any) -> bool:
    """None, and whatever is not equal to itself or cannot say so: NaN, NaT, pandas' NA."""
    try:
        return label is None or bool(label != label)
    except (TypeError, ValueError):
        return True


class Discrete(Space):
    """d(y, y') = 1 if the labels differ, else 0: responses without any order."""

    name = "discrete"
    described = "labels (n,)"

    def prepare(self, y: Any) -> np.ndarray:
        """Labels of any type, numbered from zero."""
        # a list of texts and NaN would become an array of texts, and NaN the label "nan"
        array = np.asarray(y, dtype=None if hasattr(y, "dtype") else object)
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        if array.ndim != 1:
            raise ValueError(f"y must hold {self.described}; got an array of shape {array.shape}")
        masked = np.ma.getmaskarray(y).reshape(-1) if np.ma.isMaskedArray(y) else np.zeros(len(array), bool)
        missing = np.flatnonzero(masked | [_is_missing(label) for label in array])
        if missing.size:
            raise ValueError(
                f"y must hold {self.described}; {missing.size} are missing, the first is y[{missing[0]}] "
                f"({array[missing[0]]!r}). Leave these rows out, or give them a label of their own"
            )
        return np.unique(array.astype(str), return_inverse=True)[1]

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Zeros and ones."""
        return (a[:, None] != b[None, :]).astype(np.float64)

    def mean(self, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The label of most weight; the smallest of several."""
        totals = np.zeros((len(groups), groups.max() + 1))
        np.add.at(totals, (np.arange(len(groups))[:, None], groups), weights)
        return totals.argmax(axis=1)
