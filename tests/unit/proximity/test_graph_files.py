"""Graphs in files: read as they were meant, else one message with file, place and cure."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy import io, sparse
from seedbed.proximity import ProximityClustering, read_graph
from seedbed.proximity.files.read_graph import SUFFIXES
from seedbed.user_data.graphs import bad_graph_file

KARATE = nx.karate_club_graph()
A = nx.to_numpy_array(KARATE, weight=None)
CLUB = np.array([KARATE.nodes[v]["club"] for v in KARATE])


def written(path):
    """The karate club in the format of the path's suffix."""
    plain = nx.Graph(KARATE.edges)
    nx.set_node_attributes(plain, dict(KARATE.nodes(data="club")), "gt")
    edges = np.argwhere(np.triu(A))
    match path.suffix:
        case ".gml":
            nx.write_gml(plain, path)
        case ".graphml":
            nx.write_graphml(plain, path)
        case ".mtx":
            io.mmwrite(path, sparse.coo_matrix(A), symmetry="symmetric")
        case ".npz":
            sparse.save_npz(path, sparse.csr_array(A))
        case suffix:
            separator = {".csv": ",", ".tsv": "\t"}.get(suffix, " ")
            lines = [f"{separator.join(map(str, edge))}\n" for edge in edges]
            path.write_text(("source,target\n" if suffix == ".csv" else "# of Zachary's\n") + "".join(lines))
    return str(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_gives_the_same_graph(tmp_path, suffix):
    graph = read_graph(written(tmp_path / f"karate{suffix}"))
    names = [int(name) for name in graph.names] if graph.names else list(range(34))
    order = np.argsort(names)
    np.testing.assert_array_equal(graph.toarray()[order][:, order], A)
    if suffix in (".gml", ".graphml"):
        assert (graph.labels[order] == CLUB).all()
    assert ProximityClustering(2, n_values=3).fit(graph).labels_.shape == (34,)


@pytest.mark.parametrize(
    ("text", "names", "weight"),
    [
        ("a b\nb c\n", ["a", "b", "c"], 1.0),
        ("a;b;2.5\nb;c;1\n", ["a", "b", "c"], 2.5),
        ("from,to,weight\n10,20,3\n20,7,1\n", [7, 10, 20], None),
        ("% two\n\n5\t9\n# three\n9\t11\n", [5, 9, 11], 1.0),
        ('"a, b",c\nc,d\n', ["a, b", "c", "d"], 1.0),
        ("\ufeffa b\r\nb a\r\nb c\r\nc b\r\n", ["a", "b", "c"], 1.0),
        ("a b\na b\nb c\n", ["a", "b", "c"], 2.0),
        ("person friend\n1 2\n2 3\n", [1, 2, 3], 1.0),
    ],
)
def test_texts_as_people_write_them(tmp_path, text, names, weight):
    (tmp_path / "edges.txt").write_text(text, encoding="utf-8", newline="")
    graph = read_graph(str(tmp_path / "edges.txt"))
    assert list(graph.names) == names
    assert weight is None or graph.toarray()[0, 1] == weight


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("e.csv", "a,b\nb,c,d\n", "line 2 has 3 fields; the first has 2"),
        ("e.csv", "a,b,c,d\n", "line 1 has 4 fields ('a', 'b', 'c', 'd'); an edge is two nodes"),
        ("e.csv", "a,b,1\nb,c,x\n", "line 2: the weight 'x' is no number"),
        ("e.csv", "a,b,-1\nb,c,1\n", "line 1: the weight -1 is negative or not finite"),
        ("e.csv", "a,\nb,c\n", "line 1 lacks a node"),
        ("e.csv", "", "it holds no edge"),
        ("e.csv", "source,target\n", "it holds no edge, only a line of names"),
        ("e.csv", '"a,b\n', "is a quote not closed?"),
        ("e.csv", b"\xff\xfea\x00", "it is not UTF-8"),
        ("e.gml", "nonsense", "cannot be read as GML"),
        ("e.graphml", '<!DOCTYPE x [<!ENTITY a "b">]><graphml/>', "declares entities or a document type"),
        ("e.graphml", "<a", "cannot be read as GRAPHML"),
        ("e.mtx", "nonsense", "cannot be read as MTX"),
        ("e.npz", b"nonsense", "cannot be read as NPZ"),
        ("e.doc", "a,b", "the name must end in one of .csv"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_file(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError) as caught:
        read_graph(str(path))
    assert str(path) in str(caught.value) and message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"Y": np.ones(3)}, "an array 'adjacency' or an array 'edges' is needed (found: Y)"),
        ({"adjacency": np.ones((2, 3))}, "numbers, n x n, are needed"),
        ({"edges": np.ones((2, 5))}, "rows of two nodes, and perhaps a weight, are needed"),
        ({"edges": np.array([[0.5, 1]])}, "whole numbers from 0"),
        ({"adjacency": np.ones((2, 2)), "labels": np.ones(3)}, "'labels' has the shape (3,); the graph has 2 nodes"),
        ({"adjacency": np.array([[None, 1], [1, None]], object)}, "Python objects"),
    ],
)
def test_arrays_that_are_no_graph(tmp_path, arrays, message):
    np.savez(tmp_path / "graph.npz", **arrays)
    with pytest.raises(ValueError) as caught:
        read_graph(str(tmp_path / "graph.npz"))
    assert message in str(caught.value)


@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csr_matrix])
def test_sparse_matrices_as_scipy_writes_them(tmp_path, form, kind):
    sparse.save_npz(tmp_path / "graph.npz", kind(A).asformat(form))
    np.testing.assert_array_equal(read_graph(tmp_path / "graph.npz").toarray(), A)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (sparse.coo_array(np.ones((2, 3))), "the matrix is 2 x 3; a graph's is square"),
        (sparse.coo_array(1j * np.ones((2, 2))), "holds complex128; real numbers are needed"),
        (sparse.bsr_array(A), "save A.tocsr()"),
        (sparse.dia_array(A), "a sparse matrix (scipy.sparse.save_npz)"),
    ],
)
def test_sparse_matrices_that_are_no_graph(tmp_path, matrix, message):
    sparse.save_npz(tmp_path / "graph.npz", matrix)
    with pytest.raises(ValueError) as caught:
        read_graph(tmp_path / "graph.npz")
    assert message in str(caught.value)


def test_coordinates_outside_the_matrix_are_refused(tmp_path):
    np.savez(tmp_path / "g.npz", data=np.ones(1), row=np.array([5]), col=np.array([0]), shape=np.array([2, 2]))
    with pytest.raises(ValueError, match="cannot be read as NPZ"):
        read_graph(tmp_path / "g.npz")


def test_labels_by_name_and_edges_in_npz(tmp_path):
    np.savez(tmp_path / "g.npz", edges=np.array([[0, 1], [1, 2]]), kind=np.array(["a", "b", "a", "c"]))
    graph = read_graph(str(tmp_path / "g.npz"), label_attribute="kind")
    assert graph.n_nodes == 4 and graph.labels.tolist() == ["a", "b", "a", "c"]
    with pytest.raises(ValueError, match="there is no array 'sort'"):
        read_graph(str(tmp_path / "g.npz"), label_attribute="sort")
    with pytest.raises(ValueError, match=r"the nodes have no attribute 'sort' \(there: gt\)"):
        read_graph(written(tmp_path / "k.graphml"), "sort")


def test_what_a_workflow_says_of_a_file_before_it_is_read(tmp_path):
    known = written(tmp_path / "k.graphml")
    assert bad_graph_file(known, SUFFIXES) == [] == bad_graph_file(written(tmp_path / "k.npz"), SUFFIXES)
    [message] = bad_graph_file(str(tmp_path / "karate.graphml"), SUFFIXES)
    assert "there is no such file; did you mean 'k.graphml'?" in message
    (tmp_path / "e.csv").write_bytes(b"PK\x03\x04")
    assert "a workbook, an NPZ file or another ZIP archive" in bad_graph_file(str(tmp_path / "e.csv"), SUFFIXES)[0]
    (tmp_path / "e.npz").write_bytes(b"nonsense")
    assert "cannot be read as NPZ" in bad_graph_file(str(tmp_path / "e.npz"), SUFFIXES)[0]


def test_semicolons_are_before_decimal_commas(tmp_path):
    (tmp_path / "edges.csv").write_text("1;2;0,5\n2;3;1,5\n")
    with pytest.raises(ValueError, match="'0,5' is no number"):
        read_graph(str(tmp_path / "edges.csv"))


def test_names_of_nodes_are_no_classes(tmp_path):
    nodes = "".join(
        f'node [ id {i} label "{name}" value "{kind}" ]\n'
        for i, (name, kind) in enumerate([("Smith", "a"), ("Smith", "b"), ("B", "a"), ("C", "b")])
    )
    (tmp_path / "graph.gml").write_text(f"graph [\n{nodes}edge [ source 0 target 1 ]\nedge [ source 2 target 3 ]\n]\n")
    assert list(read_graph(str(tmp_path / "graph.gml")).labels) == ["a", "b", "a", "b"]
