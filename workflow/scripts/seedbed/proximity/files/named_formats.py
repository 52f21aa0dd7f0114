"""Graphs in formats that have a name: GML, GraphML, MatrixMarket and NPZ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from seedbed.extras import extra
from seedbed.proximity.graphs.graph_input import matrix_of_networkx

from .graph_file import GraphFile

_LABELS = ("gt", "label", "class", "club", "value", "community", "group")  # attributes that hold classes, by custom
_MATRICES = ("adjacency", "A", "X", "matrix")


def read_gml_file(file: Path, label_attribute: str | None) -> GraphFile:
    """A graph in GML; nodes by their ids."""
    with extra("proximity"):
        import networkx

    return _of_networkx(networkx.read_gml(file, label="id"), label_attribute, "label")


def read_graphml_file(file: Path, label_attribute: str | None) -> GraphFile:
    """A graph in GraphML; entities, which could unfold to anything, are refused."""
    with extra("proximity"):
        import networkx

    text = file.read_bytes()
    if b"<!ENTITY" in text or b"<!DOCTYPE" in text:
        raise ValueError("it declares entities or a document type, which are not read; remove the declaration")
    return _of_networkx(networkx.parse_graphml(text.decode("utf-8-sig")), label_attribute, None)


def _of_networkx(graph: Any, label_attribute: str | None, name_attribute: str | None) -> GraphFile:
    nodes = list(graph.nodes)
    if not nodes:
        raise ValueError("it holds no node")
    names = [graph.nodes[node].get(name_attribute, node) if name_attribute else node for node in nodes]
    return GraphFile(
        matrix_of_networkx(graph), names=names, labels=_node_labels(graph, nodes, label_attribute, name_attribute)
    )


def _node_labels(graph: Any, nodes: list, asked: str | None, name_attribute: str | None) -> np.ndarray | None:
    known = set().union(*(graph.nodes[node] for node in nodes))
    if asked is not None and asked not in known:
        listed = ", ".join(sorted(map(str, known))) or "none"
        raise ValueError(f"the nodes have no attribute '{asked}' (there: {listed})")
    attributes = [asked] if asked else [name for name in _LABELS if name in known and name != name_attribute]
    for name in attributes:
        values = [str(graph.nodes[node].get(name, "")) for node in nodes]
        if asked or (1 < len(set(values)) < len(values) and "" not in values):
            if "" in values:
                raise ValueError(f"node {nodes[values.index('')]} has no '{name}'")
            return np.array(values)
    return None


def read_matrix_market(file: Path) -> GraphFile:
    """A matrix in MatrixMarket's coordinates or as an array."""
    from scipy.io import mminfo, mmread

    rows, columns, *_ = mminfo(file)
    if rows != columns:
        raise ValueError(f"the matrix is {rows} x {columns}; a graph's is square")
    found = mmread(file)
    return GraphFile(sparse.csr_array(found.real if np.iscomplexobj(found) else found))


def read_npz_graph(file: Path, label_array: str | None) -> GraphFile:
    """A sparse matrix of SciPy's, an array ``adjacency``, or an array ``edges``; and perhaps ``labels``."""
    with np.load(file, allow_pickle=False) as archive:
        there = archive.files
        name = label_array or next((each for each in ("labels", "y") if each in there), None)
        if name is not None and name not in there:
            raise ValueError(f"there is no array '{name}' (there: {', '.join(there[:12]) or 'none'})")
        labels = None if name is None else array_of(archive, name)
        if "indptr" in there:
            found = GraphFile(_sparse(archive), labels=labels)
        elif {"row", "col", "data", "shape"} <= {*there}:
            found = GraphFile(_of_coordinates(archive), labels=labels)
        elif matrix := next((each for each in _MATRICES if each in there), None):
            dense = array_of(archive, matrix)
            if dense.ndim != 2 or dense.shape[0] != dense.shape[1] or dense.dtype.kind not in "fiub":
                raise ValueError(
                    f"'{matrix}' has the shape {dense.shape} and the type {dense.dtype}; numbers, n x n, are needed"
                )
            found = GraphFile(sparse.csr_array(dense.astype(float)), labels=labels)
        elif "edges" in there:
            found = _edges(array_of(archive, "edges"), labels)
        else:
            raise ValueError(
                f"a sparse matrix (scipy.sparse.save_npz), an array 'adjacency' or an array 'edges' is needed (found: "
                f"{', '.join(there[:12]) or 'none'})"
            )
    if labels is not None and labels.shape != (found.n_nodes,):
        raise ValueError(f"'{name}' has the shape {labels.shape}; the graph has {found.n_nodes} nodes")
    return found


def array_of(archive: Any, name: str) -> np.ndarray:
    """One array; NumPy hands out the bytes of a member that is none."""
    array = archive[name]
    if not isinstance(array, np.ndarray):
        raise ValueError(f"'{name}' is no array")
    return array


def _sparse(archive: Any) -> sparse.csr_array:
    """What ``scipy.sparse.save_npz`` writes of a matrix by rows or by columns."""
    data, shape, indices, indptr = _parts_of(archive, "indices", "indptr")
    matrix = sparse.csr_array((data, indices, indptr), shape)
    matrix.check_format(full_check=True)
    return matrix  # by columns it is the transpose, which is the same undirected graph


def _of_coordinates(archive: Any) -> sparse.csr_array:
    """What ``scipy.sparse.save_npz`` writes of a matrix by coordinates; equal ones add up."""
    data, shape, rows, columns = _parts_of(archive, "row", "col")
    return sparse.coo_array((data, (rows, columns)), shape).tocsr()


def _parts_of(archive: Any, *places: str) -> tuple[np.ndarray, tuple[int, int], np.ndarray, np.ndarray]:
    """Numbers, shape and places of a sparse matrix."""
    parts = {name: array_of(archive, name) for name in ("data", "shape", *places) if name in archive.files}
    if len(parts) < 4 or parts["shape"].shape != (2,) or parts["data"].ndim != 1:
        raise ValueError("its sparse matrix is not one by rows, columns or coordinates: save A.tocsr()")
    rows, columns = map(int, parts["shape"])
    if rows != columns:
        raise ValueError(f"the matrix is {rows} x {columns}; a graph's is square")
    first, second = (parts[name] for name in places)
    if parts["data"].dtype.kind not in "fiub" or not {first.dtype.kind, second.dtype.kind} <= {*"iu"}:
        raise ValueError(f"its sparse matrix holds {parts['data'].dtype}; real numbers are needed")
    return parts["data"].astype(float), (rows, columns), first, second


def _edges(edges: np.ndarray, labels: np.ndarray | None) -> GraphFile:
    if edges.ndim != 2 or edges.shape[1] not in (2, 3) or edges.dtype.kind not in "fiu":
        raise ValueError(f"'edges' has the shape {edges.shape}; rows of two nodes, and perhaps a weight, are needed")
    ends = edges[:, :2].astype(np.int64)
    if not len(ends) or (ends != edges[:, :2]).any() or ends.min() < 0 or ends.max() > 10**8:
        raise ValueError("'edges' must name nodes by whole numbers from 0, and at least one edge")
    weights = edges[:, 2].astype(float) if edges.shape[1] == 3 else np.ones(len(ends))
    n = max(int(ends.max()) + 1, 0 if labels is None else len(labels))
    return GraphFile(None, ends, weights, list(range(n)), labels)
