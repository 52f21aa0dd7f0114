"""Refinement of a partition: nodes move, one by one, to where a criterion is higher."""

from __future__ import annotations

import numpy as np

from seedbed.proximity.graphs.graph import Graph
from seedbed.proximity.graphs.graph_input import as_graph

from .criteria import BlockCounter
from .ward import numbered

KINDS = {"block_likelihood": 0, "degree_corrected": 1, "poisson": 2, "modularity": 3}


def refine_partition(graph, labels, criterion: str = "block_likelihood", max_sweeps: int = 20) -> np.ndarray:
    """Move single nodes as long as that raises the criterion.

    Parameters
    ----------
    graph : Graph, networkx graph, sparse matrix or array-like
        See :func:`seedbed.proximity.proximity`.
    labels : array-like of shape (n,)
        The partition to start from; the number of classes stays.
    criterion : {"block_likelihood", "degree_corrected", "poisson", "modularity"}
    max_sweeps : int
        Rounds over all nodes.

    Returns
    -------
    ndarray of shape (n,)
        Labels from 0, in the order of the first members. The criterion is never lower than at the start.

    Raises
    ------
    ValueError
        For an unknown criterion, or labels that do not fit the graph.

    Notes
    -----
    ``O(degree + K^2)`` per node and round, by kept sums between classes.
    """
    if criterion not in KINDS:
        raise ValueError(f"criterion must be one of {', '.join(KINDS)}; got {criterion!r}")
    graph, labels = as_graph(graph), np.asarray(labels)
    if labels.shape != (graph.n_nodes,):
        raise ValueError(f"labels have the shape {labels.shape}; the graph has {graph.n_nodes} nodes")
    together = np.zeros(graph.n_nodes, np.int64)
    return refined(graph, np.unique(labels, return_inverse=True)[1], criterion, together, max_sweeps)


def refined(graph: Graph, labels: np.ndarray, criterion: str, parts: np.ndarray, max_sweeps: int = 20) -> np.ndarray:
    """The same for labels that are known to be 0 .. K-1; a node moves only to where nodes of its part are.

    Parameters
    ----------
    graph, labels, criterion, max_sweeps : as above
    parts : ndarray of shape (n,)
        Numbers from 0 of sets of nodes that are not to be mixed.
    """
    from .refinement_loops import move_nodes

    blocks = BlockCounter(graph)(labels)
    edges = criterion == "block_likelihood"
    matrix = graph.unweighted if edges else graph.adjacency
    sums = np.ascontiguousarray(blocks.counts if edges else blocks.sums).copy()
    labels = np.ascontiguousarray(labels, np.int64).copy()
    ends, neighbours = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)
    members = np.zeros((int(parts.max()) + 1, len(blocks.sizes)), np.int64)
    np.add.at(members, (parts, labels), 1)
    kind, sizes = KINDS[criterion], blocks.sizes.copy()
    move_nodes(ends, neighbours, matrix.data, labels, parts, members, sums, sizes, kind, max_sweeps)
    return numbered(labels)
