"""Membership matrices of partitions, and the membership that knows nothing."""

from __future__ import annotations

import numpy as np


def partition_matrix(labels: np.ndarray) -> np.ndarray:
    """``sum_k 1_k 1_k' / n_k``: the membership matrix of a partition, feasible for the Peng-Wei program."""
    sizes = np.bincount(labels)
    return (labels[:, None] == labels[None, :]) / sizes[labels][:, None]


def hard_memberships(labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """``Z_k = 1_k 1_k' / n_k``: the blocks of a partition (shape (K, n, n)); an empty cluster has a zero block."""
    indicator = (labels == np.arange(n_clusters)[:, None]).astype(float)
    scaled = indicator / np.maximum(indicator.sum(axis=1, keepdims=True), 1.0)
    return scaled[:, :, None] * indicator[:, None, :]


def uniform_memberships(n: int, n_clusters: int) -> np.ndarray:
    """The membership that knows nothing: equal blocks ``a 11' + b I``, feasible and strictly inside for 1 < K < n.

    Returns an array of shape (K, n, n) with ``n (a + b) = 1`` and ``K (n a + b) = 1``.
    """
    off_diagonal = (1.0 / n_clusters - 1.0 / n) / (n - 1.0)
    block = np.full((n, n), off_diagonal)
    block[np.diag_indices(n)] = 1.0 / n
    return np.broadcast_to(block, (n_clusters, n, n))
