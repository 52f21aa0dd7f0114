"""A word about data that have fewer distinct rows than there are to be clusters."""

from __future__ import annotations

import numpy as np


def distinct_rows(X: np.ndarray, most: int) -> int:
    """How many distinct rows X has, counted up to ``most``; ``O(n p most)``, and mostly far less."""
    rest = X
    for found in range(most):
        rest = rest[(rest != rest[0]).any(axis=1)] if len(rest) else rest
        if not len(rest):
            return min(found + 1, most)
    return most


def few_rows_message(X: np.ndarray, n_clusters: int, name: str) -> str | None:
    """What to say where equal rows must be put into different clusters; None where they need not."""
    found = distinct_rows(X, n_clusters)
    if found >= n_clusters:
        return None
    return (
        f"{name}: X has only {found} distinct row{'s' if found > 1 else ''} for n_clusters={n_clusters}; which of "
        "the equal rows form a cluster of their own means nothing."
    )
