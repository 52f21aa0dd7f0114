"""Graphs from files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from seedbed.proximity.graphs.graph import Graph
from seedbed.proximity.graphs.graph_input import as_graph, graph_of_edges

from .edge_list import read_edge_list
from .graph_file import GraphFile
from .named_formats import read_gml_file, read_graphml_file, read_matrix_market, read_npz_graph

_READERS: dict[str, Callable[[Path, str | None], GraphFile]] = {
    ".csv": lambda file, _: read_edge_list(file),
    ".tsv": lambda file, _: read_edge_list(file),
    ".txt": lambda file, _: read_edge_list(file),
    ".edges": lambda file, _: read_edge_list(file),
    ".gml": read_gml_file,
    ".graphml": read_graphml_file,
    ".mtx": lambda file, _: read_matrix_market(file),
    ".npz": read_npz_graph,
}
SUFFIXES = tuple(_READERS)


def read_graph(path, label_attribute: str | None = None) -> Graph:
    """The graph of a file; nothing in a file is executed.

    Parameters
    ----------
    path : str or Path
        Edges as text, two nodes and perhaps a weight per line (``.csv``, ``.tsv``, ``.txt``, ``.edges``); GML
        (``.gml``); GraphML (``.graphml``); MatrixMarket (``.mtx``); or NPZ (``.npz``: a sparse matrix of SciPy's, an
        array ``adjacency``, or an array ``edges``).
    label_attribute : str, optional
        The attribute of the nodes that holds their classes (GML, GraphML), or the array (NPZ; by default ``labels``).

    Returns
    -------
    Graph
        With the nodes' ``names``, and ``labels`` where the file has them. Every function and estimator of the library
        takes it.

    Raises
    ------
    ValueError
        If the file cannot be read as it was meant; the message names file and place.
    ModuleNotFoundError
        For GML and GraphML without networkx; the message says how it is installed.
    """
    file = Path(path)
    if file.suffix.lower() not in _READERS:
        raise ValueError(f"{path}: the name must end in one of {', '.join(SUFFIXES)}")
    if not file.is_file():
        raise ValueError(f"{path}: there is no such file")
    try:
        found = _READERS[file.suffix.lower()](file, label_attribute)
        graph = as_graph(found.matrix) if found.matrix is not None else _of_edges(found)
    except ModuleNotFoundError:
        raise
    except Exception as error:  # a broken file can fail in any way its reader knows
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        if "allow_pickle" in reason:
            reason = "it holds Python objects, which are not read"
        reason = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in reason)
        raise ValueError(f"{path}: cannot be read as {file.suffix[1:].upper()}: {reason}") from None
    return Graph(graph.adjacency, found.names, found.labels)


def _of_edges(found: GraphFile) -> Graph:
    assert found.ends is not None and found.weights is not None  # a file holds a matrix or edges
    return graph_of_edges(found.ends, found.weights, found.names)
