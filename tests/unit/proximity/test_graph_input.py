"""What users hold that is a graph, and what is none."""

from __future__ import annotations

import pickle

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from graph_worlds import planted
from scipy import sparse
from seedbed.proximity import ProximityClustering, proximity
from seedbed.proximity.graphs.graph_input import as_graph

A, _ = planted([10, 10], 0.5, 0.1)
EDGES = np.argwhere(np.triu(A))


@pytest.mark.parametrize(
    "graph",
    [
        A.astype(np.float32),
        A.astype(bool),
        A.tolist(),
        pd.DataFrame(A),
        sparse.csr_matrix(A),
        sparse.coo_array(A),
        sparse.csc_array(A),
        A + np.eye(20),
        EDGES,
        EDGES.tolist(),
        EDGES[::-1, ::-1],
        np.argwhere(A),
        np.column_stack([EDGES, np.ones(len(EDGES))]),
        pd.DataFrame(EDGES, columns=["source", "target"]),
        nx.from_numpy_array(A),
        nx.MultiGraph(nx.from_numpy_array(A)),
        as_graph(A),
        np.asfortranarray(A),
    ],
    ids=lambda graph: type(graph).__name__,
)
def test_the_same_graph_in_many_forms(graph):
    np.testing.assert_array_equal(as_graph(graph).toarray(), A)


def test_read_only_input_is_not_written_to():
    frozen = A.copy()
    frozen.flags.writeable = False
    proximity(frozen)
    ProximityClustering(2, n_values=3).fit(frozen)
    np.testing.assert_array_equal(frozen, A)


def test_names_weights_and_several_edges():
    graph = as_graph(np.array([["ann", "bob"], ["bob", "eve"], ["ann", "bob"]]))
    assert graph.names == ["ann", "bob", "eve"] and graph.toarray()[0].tolist() == [0, 2, 0]
    assert as_graph([[0, 1, 2.5], [1, 2, 1], [2, 3, 1], [0, 1, 1]]).toarray()[0, 1] == 3.5
    multi = nx.MultiGraph([(0, 1), (0, 1), (1, 2), (2, 2)])
    assert as_graph(multi).toarray().tolist() == [[0, 2, 0], [2, 0, 1], [0, 1, 0]]
    assert pickle.loads(pickle.dumps(graph)).names == graph.names


def test_few_edges_are_told_from_small_matrices():
    assert as_graph([[0, 1], [1, 2]]).n_nodes == 3  # two edges: a matrix of two nodes would have a loop
    assert as_graph([[0, 3], [3, 0]]).toarray().tolist() == [[0, 3], [3, 0]]
    assert as_graph([[0, 1, 2], [1, 2, 1], [2, 3, 1]]).n_nodes == 4
    assert as_graph([[0, 1, 2], [1, 0, 1], [2, 1, 0]]).n_nodes == 3
    assert as_graph([["a", "b"], ["b", "c"]]).n_nodes == 3


def test_small_square_frames_are_read_as_arrays_are():
    edges = as_graph(pd.DataFrame({"a": [0, 1], "b": [1, 2]}))
    np.testing.assert_array_equal(edges.toarray(), as_graph([[0, 1], [1, 2]]).toarray())
    assert as_graph(pd.DataFrame({"a": [0, 3], "b": [3, 0]})).toarray().tolist() == [[0, 3], [3, 0]]
    assert as_graph(pd.DataFrame([[0, 1, 2], [1, 0, 1], [2, 1, 0]], list("xyz"), list("xyz"))).names == ["x", "y", "z"]
    looped = as_graph(pd.DataFrame([[0, 1], [1, 2]], ["x", "y"], ["x", "y"]))  # columns like rows: a matrix
    assert looped.names == ["x", "y"] and looped.toarray().tolist() == [[0, 1], [1, 0]]


def test_frames_may_name_nodes_by_text():
    two = as_graph(pd.DataFrame({"from": ["ann", "bob"], "to": ["bob", "eve"]}))
    assert two.names == ["ann", "bob", "eve"] and two.toarray()[1].tolist() == [1, 0, 1]
    three = pd.DataFrame({"from": ["ann", "bob", "eve"], "to": ["bob", "eve", "kim"], "weight": [1, 2.5, 1]})
    assert as_graph(three).names == ["ann", "bob", "eve", "kim"] and as_graph(three).toarray()[1, 2] == 2.5
    with pytest.raises(ValueError, match="could not convert string to float: 'a': weights are numbers; a square"):
        as_graph(pd.DataFrame([["a"] * 4] * 4))


def test_directed_graphs_are_made_symmetric_with_a_warning():
    for graph in ([[0, 1, 0], [0, 0, 2], [0, 1, 0]], nx.DiGraph([(0, 1), (1, 2)])):
        with pytest.warns(UserWarning, match="the graph is directed"):
            found = as_graph(graph).toarray()
        assert (found == found.T).all() and found[0, 1] == 1
    with pytest.warns(UserWarning, match="directed"):
        np.testing.assert_array_equal(as_graph(np.triu(A)).toarray(), A)


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (np.ones(4), "Expected 2D array.*Reshape your data"),
        (np.ones((4, 5)), r"shape \(4, 5\) is no graph: a square adjacency matrix"),
        ([[0, -1], [-1, 0]], "a negative weight: the weight of nodes 0 and 1"),
        ([[0, np.nan], [np.nan, 0]], "contains NaN: the weight of nodes 0 and 1"),
        ([[0, np.inf], [np.inf, 0]], "contains infinity"),
        ([[0, 1], [1, 2], [2, 2.5]], r"edge 2 is \[2.0, 2.5\]; nodes are whole numbers"),
        ([[0, 1], [1, 2], [2, -3]], "nodes are whole numbers from 0"),
        ([[0, 1, np.nan], [1, 2, 1], [2, 3, 1], [3, 4, 1]], "edge 0 has a weight that is NaN"),
        (np.empty((0, 2)), r"0 sample\(s\)"),
        (np.ones((2, 2)) * 1j, "Complex data not supported"),
        (sparse.csr_matrix(np.ones((2, 3))), r"sparse matrix of shape \(2, 3\) is no graph"),
        (nx.Graph(), r"0 sample\(s\)"),
    ],
)
def test_what_is_no_graph_is_said(graph, message):
    with pytest.raises(ValueError, match=message):
        as_graph(graph)


def test_one_node_and_no_edges():
    assert proximity([[0.0]]).tolist() == [[0.0]]
    assert np.isinf(proximity(np.zeros((3, 3)))[0, 1])
    assert ProximityClustering(1, n_values=2).fit([[0.0]]).labels_.tolist() == [0]
    assert ProximityClustering(3, n_values=2).fit(np.zeros((3, 3))).labels_.tolist() == [0, 1, 2]


def test_a_sparse_matrix_of_the_users_is_left_as_it_is():
    rows, columns, weights = np.array([0, 1, 1, 2, 0]), np.array([1, 0, 2, 1, 2]), np.array([1.0, 1.0, 2.0, 2.0, 0.0])
    theirs = sparse.csr_array((weights, (rows, columns)), shape=(3, 3))
    theirs.indices[2:4], theirs.data[2:4] = theirs.indices[[3, 2]], theirs.data[[3, 2]]  # not sorted; one stored zero
    before = [theirs.indptr.copy(), theirs.indices.copy(), theirs.data.copy()]
    found = as_graph(theirs).adjacency
    for kept, now in zip(before, (theirs.indptr, theirs.indices, theirs.data), strict=True):
        np.testing.assert_array_equal(kept, now)
    assert found.has_sorted_indices and found.nnz == found.count_nonzero() == 4
