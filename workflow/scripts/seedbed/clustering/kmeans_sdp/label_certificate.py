"""A dual certificate of the Peng-Wei program from a partition, by complementary slackness."""

from __future__ import annotations

import numpy as np

from seedbed.clustering.convex.leading_eigenpairs import eigenvalue_sum
from seedbed.clustering.partitions.memberships import partition_matrix

from .bounds import kmeans_sdp_upper_bound


def label_multiplier(gram: np.ndarray, labels: np.ndarray, level: float) -> np.ndarray:
    r"""Multiplier of ``Z >= 0`` that a partition would have if it were optimal.

    With :math:`q_a = 1_a^\top A 1_a`, :math:`s_a = q_a/n_a - t` and, for ``i`` in cluster ``a``,
    :math:`y_i = \frac{2}{n_a}(A1_a)_i - \frac{t}{n_a} - \frac{q_a}{n_a^2}`, stationarity asks that
    ``N`` has block sums :math:`r^{(a)}_i = \tfrac12(y_i n_a + s_a) - (A1_a)_i` outside ``a``; the block
    ``(b, a)`` is the outer product of their positive parts over their sum.

    Parameters
    ----------
    gram : ndarray of shape (n, n)
    labels : ndarray of shape (n,)
        All of 0 .. K-1 occur.
    level : float
        The free number ``t``.

    Returns
    -------
    ndarray of shape (n, n)
        Symmetric and nonnegative.
    """
    rows = np.arange(len(labels))
    indicator = (labels[:, None] == np.arange(labels.max() + 1)).astype(float)
    sizes = indicator.sum(axis=0)
    sums = gram @ indicator
    within = (indicator * sums).sum(axis=0)
    row_dual = 2 / sizes[labels] * sums[rows, labels] - level / sizes[labels] - (within / sizes**2)[labels]
    slack = np.maximum(0.5 * (row_dual[:, None] * sizes + within / sizes - level) - sums, 0.0)
    slack[rows, labels] = 0.0
    totals = indicator.T @ slack
    divisor = np.maximum(totals, totals.T)
    divisor[divisor == 0.0] = 1.0
    spread = slack[:, labels]
    return spread * spread.T / divisor[np.ix_(labels, labels)]


def certify_labels(gram: np.ndarray, labels: np.ndarray, evaluations: int = 12) -> tuple[float, np.ndarray]:
    """Best upper bound over the free level of :func:`label_multiplier`, by golden-section search.

    Parameters
    ----------
    gram : ndarray of shape (n, n)
    labels : ndarray of shape (n,)
    evaluations : int
        Number of bounds computed, ``O(n^3)`` each.

    Returns
    -------
    upper : float
        Valid whether or not the partition is optimal; tight where the program is tight and the partition right.
    multiplier : ndarray of shape (n, n)
    """
    n_clusters = int(labels.max()) + 1
    means = partition_matrix(labels)
    residual = gram - means @ gram
    residual -= residual @ means
    # The largest within-cluster eigenvalue is the smallest level that can certify.
    spread = max(eigenvalue_sum(residual, 1), np.finfo(float).tiny)

    def bound(log_level: float) -> tuple[float, np.ndarray]:
        multiplier = label_multiplier(gram, labels, spread * np.exp(log_level))
        return kmeans_sdp_upper_bound(gram, multiplier, n_clusters), multiplier

    ratio = (np.sqrt(5.0) - 1.0) / 2.0
    low, high = np.log(0.5), np.log(8.0)
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = bound(left), bound(right)
    for _ in range(evaluations - 2):
        if at_left[0] < at_right[0]:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = bound(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = bound(right)
    return min(at_left, at_right, key=lambda pair: pair[0])
