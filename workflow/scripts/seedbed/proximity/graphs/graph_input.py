"""Whatever a user holds that is a graph, as a :class:`~seedbed.proximity.graphs.graph.Graph`."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy import sparse

from .graph import Graph

_SHAPE = "a square adjacency matrix (n, n), or edges, rows of two nodes (m, 2) or with a weight (m, 3), is needed"


def as_graph(graph: Any) -> Graph:
    """Check a graph and bring it to one form.

    Parameters
    ----------
    graph : Graph, networkx graph, sparse matrix or array-like
        An adjacency matrix of shape (n, n): dense (an array, lists, a data frame) or sparse; or edges, one per row, as
        whole numbers from 0 or as names, of shape (m, 2), or (m, 3) with a weight. A square array or data frame is a
        matrix, unless it has two or three rows and can only be edges. Of networkx graphs the edge attribute ``weight``
        is read, 1 where an edge has none.

    Returns
    -------
    Graph

    Raises
    ------
    ValueError
        For other shapes, weights that are negative or not finite, or nodes that are no whole numbers.

    Warns
    -----
    UserWarning
        Where the graph is directed: an edge is then as heavy as the heavier of its two directions.

    Notes
    -----
    Loops are dropped. Edges that are named several times add up, except in a list that names every edge in both
    directions alike, where each counts once.
    """
    if isinstance(graph, Graph):
        return graph
    if hasattr(graph, "adj") and hasattr(graph, "is_directed") and hasattr(graph, "nodes"):
        return _from_matrix(matrix_of_networkx(graph), list(graph.nodes))
    if sparse.issparse(graph):
        return _from_matrix(_square(sparse.csr_array(graph)))
    array = np.asarray(graph)
    if hasattr(graph, "iloc") and _is_matrix_of(graph, array):
        return _from_matrix(sparse.csr_array(_numbers(array)), list(graph.index))
    if array.dtype.kind == "c":
        raise ValueError("Complex data not supported: weights are real numbers")
    if array.ndim == 2 and 0 in array.shape:
        lacking = "feature(s)" if len(array) else "sample(s)"
        raise ValueError(
            f"Found array with 0 {lacking} (shape={array.shape}) while a minimum of 1 is required: {_SHAPE}"
        )
    if array.ndim != 2:
        cure = " Reshape your data: a single row of numbers is no graph." if array.ndim < 2 else ""
        raise ValueError(f"Expected 2D array, got an array of shape {array.shape}: {_SHAPE}.{cure}")
    if array.shape[0] == array.shape[1] and not _can_only_be_edges(array):
        return _from_matrix(sparse.csr_array(_numbers(array)))
    if array.shape[1] in (2, 3):
        return _from_edges(array)
    raise ValueError(f"an array of shape {array.shape} is no graph: {_SHAPE}")


def _is_matrix_of(frame: Any, array: np.ndarray) -> bool:
    """Whether a data frame is a matrix, whose index names the nodes: columns that are called the same say so."""
    if frame.shape[0] != frame.shape[1]:
        return False
    named = list(frame.index) == list(frame.columns) != list(range(len(frame)))
    return named or not _can_only_be_edges(array)


def _can_only_be_edges(array: np.ndarray) -> bool:
    """Whether two edges, or three with weights, would be no sensible matrix: not symmetric, or with a loop."""
    n = len(array)
    if n not in (2, 3) or array.dtype.kind not in "iufOU":
        return False
    symmetric = bool((array == array.T).all())
    if symmetric and (n == 3 or not array.diagonal().any()):
        return False
    try:
        numbers = array.astype(float)
    except ValueError:
        return True
    nodes = numbers[:, :2]
    whole = bool((nodes >= 0).all() and (nodes == np.floor(nodes)).all())
    return whole and bool((nodes[:, 0] != nodes[:, 1]).all()) and (n == 2 or bool((numbers[:, 2] > 0).all()))


def _square(matrix: sparse.csr_array) -> sparse.csr_array:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"a sparse matrix of shape {matrix.shape} is no graph: {_SHAPE}")
    if matrix.dtype.kind == "c":
        raise ValueError("Complex data not supported: weights are real numbers")
    return matrix.astype(np.float64)


def _numbers(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind == "c" or (array.dtype.kind == "O" and any(isinstance(x, complex) for x in array.flat)):
        raise ValueError("Complex data not supported: weights are real numbers")
    try:
        return array.astype(np.float64)
    except ValueError as error:
        raise ValueError(f"{error}: weights are numbers; {_SHAPE}") from None


def matrix_of_networkx(graph: Any) -> sparse.csr_array:
    """The weights of a networkx graph, nodes in its order; edges that are listed several times add up.

    Raises
    ------
    ValueError
        For a weight that is no number.
    """
    place = {name: i for i, name in enumerate(graph.nodes)}
    edges = [(place[a], place[b], data.get("weight", 1)) for a, b, data in graph.edges(data=True)]
    try:
        table = np.array(edges, float).reshape(-1, 3)
    except (TypeError, ValueError):
        raise ValueError("an edge has a weight that is no number") from None
    ends = table[:, :2].astype(np.int64)
    matrix = sparse.coo_array((table[:, 2], (ends[:, 0], ends[:, 1])), (len(place), len(place))).tocsr()
    if not graph.is_directed():
        matrix = matrix + sparse.triu(matrix, 1).T + sparse.tril(matrix, -1).T
    return sparse.csr_array(matrix)


def _from_edges(array: np.ndarray) -> Graph:
    ends, names = _ends(array[:, :2])
    weights = np.ones(len(ends)) if array.shape[1] == 2 else _numbers(array[:, 2])
    return graph_of_edges(ends, weights, names)


def graph_of_edges(ends: np.ndarray, weights: np.ndarray, names: list | None = None) -> Graph:
    """The graph of edges between numbered nodes, (m, 2), of which several may be the same edge."""
    if not np.isfinite(weights).all():
        raise ValueError(f"edge {int(np.flatnonzero(~np.isfinite(weights))[0])} has a weight that is NaN or infinite")
    n = len(names) if names else int(ends.max()) + 1 if len(ends) else 0
    there = sparse.coo_array((weights, (ends[:, 0], ends[:, 1])), (n, n)).tocsr()
    once = (there != there.T).nnz == 0 and _listed_once(ends)
    return _from_matrix(there if once else sparse.csr_array(there + there.T), names)


def _listed_once(ends: np.ndarray) -> bool:
    """Whether no direction of an edge is listed twice."""
    return len(np.unique(ends, axis=0)) == len(ends)


def _ends(pairs: np.ndarray) -> tuple[np.ndarray, list | None]:
    """Nodes as numbers from 0, and their names where they are texts."""
    if pairs.dtype.kind in "OUS":
        try:
            numbers = pairs.astype(np.float64)
        except (TypeError, ValueError):
            names, places = np.unique(pairs.astype(str), return_inverse=True)
            return places.reshape(pairs.shape), names.tolist()
        pairs = numbers
    pairs = _numbers(pairs)
    bad = ~np.isfinite(pairs) | (pairs < 0) | (pairs != np.floor(pairs)) | (pairs > 2**31)
    if bad.any():
        row = int(np.flatnonzero(bad.any(axis=1))[0])
        said = "" if np.isfinite(pairs).all() else "Input X contains NaN or infinity: "
        raise ValueError(f"{said}edge {row} is {pairs[row].tolist()}; nodes are whole numbers from 0, or names as text")
    return pairs.astype(np.int64), None


def _from_matrix(matrix: sparse.csr_array, names: list | None = None) -> Graph:
    _check_weights(matrix)
    loops = matrix.diagonal()
    if loops.any():
        matrix = sparse.csr_array(matrix - sparse.dia_array((loops[None], [0]), shape=matrix.shape))
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    turned = sparse.csr_array(matrix.T)
    if not _alike(matrix, turned):
        if abs(matrix - turned).max() > 1e-10 * matrix.max():
            warnings.warn(
                "the graph is directed (its matrix is not symmetric); an edge is taken as heavy as the heavier of its "
                "two directions",
                UserWarning,
                stacklevel=4,
            )
        matrix = sparse.csr_array(matrix.maximum(turned))
    matrix.sort_indices()
    return Graph(matrix, names)


def _alike(matrix: sparse.csr_array, other: sparse.csr_array) -> bool:
    """Whether two matrices whose indices are sorted are the same, without making their difference."""
    return all(np.array_equal(getattr(matrix, name), getattr(other, name)) for name in ("indptr", "indices", "data"))


def _check_weights(matrix: sparse.csr_array) -> None:
    n = matrix.shape[0]
    if n == 0:
        raise ValueError("Found array with 0 sample(s): a graph of at least one node is needed")
    for wrong, what in (
        (np.isnan(matrix.data), "NaN"),
        (np.isinf(matrix.data), "infinity"),
        (matrix.data < 0, "a negative weight"),
    ):
        if wrong.any():
            place = int(np.flatnonzero(wrong)[0])
            row = int(np.searchsorted(matrix.indptr, place, side="right")) - 1
            cure = (
                "; a measure of proximity needs weights of at least 0 (Negative values in data)"
                if what[0] == "a"
                else ""
            )
            raise ValueError(
                f"Input X contains {what}: the weight of nodes {row} and {int(matrix.indices[place])}{cure}"
            )


def teleported(graph: Graph, share: float = 0.01) -> Graph:
    """The graph with a little weight on every pair, so that it is connected.

    Every pair gets ``eps / n``, where ``eps`` is the ``share`` of the mean degree; the matrix is dense then.
    """
    n = graph.n_nodes
    eps = share * (graph.degrees.mean() or 1.0)
    dense = graph.toarray() + eps / n
    np.fill_diagonal(dense, 0.0)
    return Graph(sparse.csr_array(dense), graph.names, graph.labels)
