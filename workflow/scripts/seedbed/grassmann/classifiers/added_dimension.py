r"""When and how features are lifted into one more dimension.

The length of a projection does not change with the sign of :math:`x`, and there is no bias: a class and its mirror
image cannot be told apart. In :math:`\mathbb R^{p+1}` the point :math:`(x / r, 1)` has no mirror image among the data,
and subspaces there cut affine subspaces out of the features' space.
"""

from __future__ import annotations

import numpy as np

__all__ = ["lift", "lift_is_needed", "typical_norm", "unit_rows"]

SMALLEST_SHARE = 0.02


def lift_is_needed(X: np.ndarray, y: np.ndarray) -> bool:
    r"""The rule behind ``lift="auto"``: features of both signs, and classes that are not centred at zero.

    The second is judged by the share of the features' energy that lies in the class means,
    :math:`\sum_c n_c \|\bar x_c\|^2 / \sum_i \|x_i\|^2`, which is about C/N for classes centred at zero. They count
    as not centred where it exceeds twice that, and 2 %. A single feature is lifted in any case: on a line there is
    but one subspace.

    Parameters
    ----------
    X : ndarray of shape (N, p)
    y : ndarray of shape (N,)
        Classes from 0, none empty.

    Returns
    -------
    bool
    """
    if X.shape[1] == 1:
        return True
    if X.min() >= 0:
        return False
    X = X / np.abs(X).max()
    counts = np.bincount(y)
    sums = np.zeros((len(counts), X.shape[1]))
    np.add.at(sums, y, X)
    share = ((sums**2).sum(1) / counts).sum() / (X**2).sum()
    return bool(share > max(2.0 * len(counts) / len(X), SMALLEST_SHARE))


def typical_norm(X: np.ndarray) -> float:
    """r, the root of the mean squared norm of the rows; 1 where all are zero."""
    peak = float(np.abs(X).max()) or 1.0
    return peak * float(np.sqrt(((X / peak) ** 2).sum(1).mean())) or 1.0


def lift(X: np.ndarray, r: float) -> np.ndarray:
    """:math:`(x / r, 1)` for every row, shape (N, p + 1)."""
    return np.column_stack([X / r, np.ones(len(X))])


def unit_rows(X: np.ndarray) -> np.ndarray:
    """Rows of length one, whatever their size; a zero row stays zero."""
    peaks = np.abs(X).max(axis=1, keepdims=True)
    X = X / np.where(peaks > 0, peaks, 1.0)  # squares of these neither overflow nor vanish
    return X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1.0)
