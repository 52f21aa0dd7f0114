"""Small graphs whose answers are known."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import connected_components


def planted(sizes, p_in, p_out, seed=0, theta=None):
    """A connected planted graph with permuted nodes, and the classes."""
    rng = np.random.default_rng(seed)
    while True:
        z = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
        p = np.where(z[:, None] == z, p_in, p_out)
        if theta is not None:
            weights = theta(rng, len(z))
            p = np.minimum(p * weights[:, None] * weights, 1.0)
        A = np.triu(rng.random(p.shape) < p, 1)
        A = (A | A.T).astype(float)
        if connected_components(A)[0] == 1:
            return A, z


def path(n):
    A = np.diag(np.ones(n - 1), 1)
    return A + A.T


def tree(n, seed):
    """A random tree."""
    rng, A = np.random.default_rng(seed), np.zeros((n, n))
    for i in range(1, n):
        j = rng.integers(i)
        A[i, j] = A[j, i] = 1.0
    return A


def two_cliques(size, bridge=True):
    """Two cliques, joined by one edge."""
    A = np.kron(np.eye(2), np.ones((size, size))) - np.eye(2 * size)
    if bridge:
        A[size - 1, size] = A[size, size - 1] = 1.0
    return A


def plain(H):
    half = np.diag(H) / 2
    return half[:, None] + half - (H + H.T) / 2


def error(found, true):
    """Largest error over the largest entry."""
    return np.abs(found - true).max() / np.abs(true).max()
