"""How partitions of the same points agree, from exact counts: scikit-learn checks types for forty times as long."""

from __future__ import annotations

import numpy as np


def contingency(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How many points are in a class of one partition and in a cluster of another, both in the order of their labels.

    Raises
    ------
    ValueError
        If they are not partitions of the same points.
    """
    _check(first, second)
    classes, rows = np.unique(first, return_inverse=True)
    clusters, columns = np.unique(second, return_inverse=True)
    shape = len(classes), len(clusters)
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape)


def _check(first: np.ndarray, second: np.ndarray) -> None:
    if second.shape != first.shape:
        raise ValueError(f"partitions of {first.shape} and of {second.shape} points cannot be compared")


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

    Raises
    ------
    ValueError
        If they are not partitions of the same points.

    Notes
    -----
    O(m n log n), and memory O(m n) however many classes and clusters there are: no table is made.
    """
    for one in others:
        _check(first, one)
    classes, rows = np.unique(first, return_inverse=True)
    clusters, columns = np.unique(others, return_inverse=True)
    groups = np.arange(len(others))[:, None] * len(clusters) + columns.reshape(others.shape)
    second = _squares(groups, len(clusters), len(others))
    joint = _squares(groups * len(classes) + rows, len(clusters) * len(classes), len(others))
    own = int((np.bincount(rows) ** 2).sum())
    return np.array([_index(first.size, both, own, one) for both, one in zip(joint, second, strict=True)], float)


def _squares(cells: np.ndarray, per_partition: int, m: int) -> list[int]:
    """Of each partition the sum of the squared sizes of its cells, which are numbered through."""
    found, sizes = np.unique(cells, return_counts=True)
    sums = np.zeros(m, dtype=np.int64)
    np.add.at(sums, found // per_partition, sizes**2)
    return sums.tolist()


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
