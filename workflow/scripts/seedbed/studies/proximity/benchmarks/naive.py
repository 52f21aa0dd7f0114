"""The recipe that published code follows: one function of the matrix per parameter, the logarithm of its entries, and
the greedy form of Ward's method. Written anew, as one would write it first."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.linalg import coshm, expm

from seedbed.proximity.measures.transforms import log_distance, plain_distance


def kernels(A: np.ndarray) -> dict[str, Callable[[float], np.ndarray]]:
    """Each family's kernel by its definition."""
    d, identity = A.sum(axis=1), np.eye(len(A))
    L, P, S = np.diag(d) - A, A / d[:, None], A / np.sqrt(np.outer(d, d))
    return {
        "walk": lambda t: np.linalg.pinv(identity - t * A),
        "communicability": lambda t: expm(t * A),
        "even_communicability": lambda t: coshm(t * A),
        "double_factorial": lambda t: double_factorials(t * A),
        "forest": lambda t: np.linalg.pinv(identity + t * L),
        "heat": lambda t: expm(-t * L),
        "normalised_heat": lambda t: expm(-t * (identity - S)),
        "pagerank": lambda t: np.linalg.inv(identity - t * P),
        "modified_pagerank": lambda t: np.linalg.inv(np.diag(d) - t * A),
        "heat_pagerank": lambda t: expm(-t * (identity - P)),
        "even_pagerank": lambda t: np.linalg.inv(identity - t * S @ S),
    }


def double_factorials(B: np.ndarray, terms: int = 150) -> np.ndarray:
    """``sum_k B^k / k!!``, term by term."""
    total = np.eye(len(B)) + B
    previous, term = np.eye(len(B)), B
    square = B @ B
    for k in range(2, terms):
        previous, term = term, previous @ square / k
        total += term
        if term.max() < 1e-16 * total.max():
            break
    return total


def distances(kernel: np.ndarray, transform: str) -> np.ndarray:
    """Of a kernel, with what is not finite set to zero, as published code does."""
    with np.errstate(all="ignore"):
        found = log_distance(np.maximum(kernel, 0.0)) if transform == "log" else plain_distance(kernel)
    return np.where(np.isfinite(found), found, 0.0)


@cache
def greedy_ward() -> Callable[[np.ndarray, int], np.ndarray]:
    """``labels(D, n_clusters)``: the cheapest merge of all pairs of clusters, by its definition, again and again.

    ``n_a n_b / (n_a + n_b) (m_a - m_b)' H (m_a - m_b)`` of every pair, from sums of D between clusters; ``O(n^3)``.
    """
    from numba import njit

    @njit
    def ward(D, n_clusters):
        n = len(D)
        sums, sizes, labels = D.copy(), np.ones(n), np.arange(n)
        for _ in range(n - n_clusters):
            best, a, b = np.inf, 0, 1
            for i in range(n):
                if sizes[i] > 0:
                    own = sums[i, i] / sizes[i] ** 2
                    for j in range(i):
                        if sizes[j] > 0:
                            apart = 2.0 * sums[i, j] / (sizes[i] * sizes[j]) - own - sums[j, j] / sizes[j] ** 2
                            cost = sizes[i] * sizes[j] / (sizes[i] + sizes[j]) * apart
                            if cost < best:
                                best, a, b = cost, j, i
            for c in range(n):
                sums[a, c] += sums[b, c]
            for c in range(n):
                sums[c, a] += sums[c, b]
            sizes[a] += sizes[b]
            sizes[b] = 0.0
            for i in range(n):
                if labels[i] == b:
                    labels[i] = a
        return labels

    ward(np.zeros((2, 2)), 1)
    return ward
