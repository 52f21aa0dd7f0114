"""One replicate of the study: a graph whose nodes stand in random order, since their order would tell the classes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

TRIES = 200


def permuted(
    rng: np.random.Generator, adjacency: np.ndarray, labels: np.ndarray | None, n_clusters: int, **more: np.ndarray
) -> dict[str, np.ndarray]:
    """The arrays of a replicate, its nodes in random order.

    Parameters
    ----------
    rng : Generator
    adjacency : ndarray of shape (n, n)
    labels : ndarray of shape (n,) or None
    n_clusters : int
    **more : ndarray
        Further arrays; those with one entry per node are permuted, too.

    Returns
    -------
    dict of ndarray
        ``X`` (n, n), the adjacency matrix; ``labels`` (n,) from zero, where known; ``n_clusters`` (); and ``more``.
    """
    n = len(adjacency)
    order = rng.permutation(n)
    X = np.ascontiguousarray(adjacency[order][:, order])
    whole = bool((np.rint(X) == X).all() and X.max(initial=0) < 256)
    data = {"X": X.astype(np.uint8) if whole else X, "n_clusters": np.asarray(n_clusters)}
    if labels is not None:
        data["labels"] = np.unique(labels, return_inverse=True)[1][order]
    kept = {name: array[order] if np.shape(array)[:1] == (n,) else np.asarray(array) for name, array in more.items()}
    return {**data, **kept}


def until_connected(draw: Callable[[], np.ndarray]) -> np.ndarray:
    """Draw graphs until one is connected.

    Raises
    ------
    ValueError
        If none of many is.
    """
    for _ in range(TRIES):
        graph = draw()
        if is_connected(graph):
            return graph
    raise ValueError(f"none of {TRIES} graphs was connected; take larger probabilities of edges, or drop fewer")


def is_connected(graph: np.ndarray) -> bool:
    """Whether paths join all nodes."""
    return connected_components(sparse.csr_array(graph), directed=False)[0] == 1


def without_edges(rng: np.random.Generator, graph: np.ndarray, share: float) -> np.ndarray:
    """The graph without a random share of its edges."""
    rows, columns = np.nonzero(np.triu(graph, 1))
    dropped = rng.choice(len(rows), round(share * len(rows)), replace=False)
    left = graph.copy()
    left[rows[dropped], columns[dropped]] = left[columns[dropped], rows[dropped]] = 0
    return left


def bad_share(name: str, share: float) -> list[str]:
    """A message if a share of edges is none."""
    return [] if 0.0 <= share < 0.9 else [f"{name} is {share}; it must lie in [0, 0.9)"]
