"""The adjusted Rand index in NumPy alone: figures are drawn where scikit-learn need not be."""

from __future__ import annotations

import numpy as np


def adjusted_rand_index(first: np.ndarray, second: np.ndarray) -> float:
    """Agreement of the pairs that two partitions join, adjusted for chance (Hubert and Arabie 1985).

    Parameters
    ----------
    first, second : ndarray of shape (n,)
        Labels.

    Returns
    -------
    float
        1 for equal partitions, about 0 for random ones.
    """
    a, b = (np.unique(labels, return_inverse=True)[1] for labels in (first, second))
    counts = np.bincount(a * (b.max() + 1) + b, minlength=(a.max() + 1) * (b.max() + 1)).astype(float)

    def pairs(sizes: np.ndarray) -> float:
        return float((sizes * (sizes - 1.0) / 2.0).sum())

    joint, one, other = pairs(counts), pairs(np.bincount(a).astype(float)), pairs(np.bincount(b).astype(float))
    total = pairs(np.array([float(len(a))]))
    expected = one * other / total if total else 0.0
    most = (one + other) / 2.0
    return 1.0 if most == expected else (joint - expected) / (most - expected)
