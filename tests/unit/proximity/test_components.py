"""Nodes that no path connects: infinitely far apart, and in one class only when there are fewer classes than parts."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from graph_worlds import error
from seedbed.proximity import FAMILIES, MEASURES, GraphProximity, ProximityClustering, proximity
from seedbed.proximity.clustering.candidates import search
from seedbed.proximity.graphs.graph_input import as_graph
from seedbed.proximity.measures.measures import Measures
from seedbed.proximity.measures.transforms import log_distance

KARATE = nx.karate_club_graph()
LONELY = KARATE.copy()
LONELY.add_nodes_from([100, 101])
PARTS = np.repeat([0, 1, 2], [34, 1, 1])
PATHS = nx.disjoint_union(nx.path_graph(6), nx.path_graph(5))


def whole(labels, parts):
    """Whether no class holds nodes of two parts."""
    return all(len(set(parts[labels == label])) == 1 for label in set(labels))


# ---- distances and kernels


@pytest.mark.parametrize("measure", FAMILIES)
@pytest.mark.parametrize("transform", ["plain", "cosine", "log"])
def test_distances_are_infinite_between_components_and_not_changed_within(measure, transform):
    found = proximity(LONELY, measure, 0.02, transform)
    assert np.isinf(found[PARTS[:, None] != PARTS]).all() and (found.diagonal() == 0.0).all()
    assert error(found[:34, :34], proximity(KARATE, measure, 0.02, transform)) < 1e-13


@pytest.mark.parametrize("measure", ["communicability", "heat", "pagerank", "even_communicability"])
@pytest.mark.parametrize("transform", ["cosine", "log"])
def test_limits_of_several_components_are_those_of_each(measure, transform):
    end = 1.0 if measure == "pagerank" else np.inf
    model = GraphProximity(measure, end, transform)
    found = model.fit_transform(LONELY)
    assert error(found[:34, :34], model.fit_transform(KARATE)) < 1e-13 and found[34, 34] == 0.0
    assert np.isinf(found[34, 35])


@pytest.mark.parametrize(
    ("measure", "alone"),
    [("heat_pagerank", np.exp(-1.0)), ("normalised_heat", np.exp(-1.0)), ("pagerank", 1.0), ("heat", 1.0)],
)
def test_kernels_of_a_node_without_edges(measure, alone):
    A = np.zeros((5, 5))
    A[:3, :3] = 1 - np.eye(3)
    H = proximity(A, measure, 1.0 if measure != "pagerank" else 0.5, "plain", kernel=True)
    assert np.isclose(H[3, 3], alone, rtol=1e-15) and (H[3, [0, 1, 2, 4]] == 0).all()
    similar = GraphProximity(measure, output="similarity").fit_transform(A)
    assert similar[3, 3] == 1.0 and (similar[3, [0, 1, 2, 4]] == 0).all()


# ---- clusters


@pytest.mark.parametrize("refine", [False, True])
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"measure": "communicability"},
        {"measure": "forest", "transform": "cosine"},
        {"measure": "all", "n_values": 4},
    ],
    ids=str,
)
def test_components_are_not_mixed_and_lonely_nodes_are_clusters(asked, refine):
    model = ProximityClustering(3, refine=refine, **asked).fit(LONELY)
    assert model.labels_.tolist() == [0] * 34 + [1, 2]
    assert all(whole(labels, PARTS) for row in model.path_labels_ for labels in row)
    two = nx.disjoint_union(nx.gnp_random_graph(15, 0.3, seed=1), nx.gnp_random_graph(12, 0.4, seed=2))
    parts = np.empty(27, int)
    for number, nodes in enumerate(nx.connected_components(two)):
        parts[list(nodes)] = number
    for more in (0, 1, 3):
        assert whole(ProximityClustering(parts.max() + 1 + more, refine=refine, **asked).fit(two).labels_, parts)


@pytest.mark.parametrize("assign", ["kernel_kmeans", "spectral"])
def test_other_ways_of_dividing_do_not_mix_components_either(assign):
    for measure in ("communicability", "even_communicability"):
        model = ProximityClustering(3, measure=measure, assign=assign, random_state=0, n_values=5).fit(LONELY)
        assert whole(model.labels_, PARTS)


def test_fewer_classes_than_components_merge_whole_ones():
    with pytest.warns(UserWarning, match="3 connected components"):
        model = ProximityClustering(2, measure="communicability").fit(LONELY)
    assert model.labels_.tolist() == [0] * 34 + [1, 1]


def test_even_walks_divide_components_before_their_sides():
    for refine in (False, True):
        model = ProximityClustering(2, measure="even_communicability", refine=refine).fit(PATHS)
        assert model.labels_.tolist() == [0] * 6 + [1] * 5
    sides = ProximityClustering(4, measure="even_communicability", refine=False).fit(PATHS)
    assert sides.labels_.tolist() == [0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2]
    assert np.isinf(proximity(PATHS, "even_communicability", 1.0)[0, 1])  # no even walk connects them


def test_cosines_that_come_from_logarithms_are_cosines():
    """The portfolio computes both from one; where all distances are tiny, they are given in a unit of their own."""
    rows, seen = [("communicability", "log"), ("communicability", "cosine")], []

    def divide(distances):
        seen.append(distances)
        return list, None

    measures = Measures(as_graph(KARATE))
    found = list(search(measures, rows, "auto", 4, divide))
    for candidate, distances in zip(found[4:], seen[4:], strict=True):
        expected = measures.distances("communicability", candidate.t, "cosine")
        assert error(distances, expected.matrix) < 1e-9
    assert expected.log_scale < 0.0


@pytest.mark.parametrize("transform", ["plain", "cosine", "log"])
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.filterwarnings("error")
def test_without_edges_all_nodes_are_infinitely_far_apart_and_nothing_warns(measure, transform):
    np.testing.assert_array_equal(
        proximity(np.zeros((3, 3)), measure, 0.5, transform), np.where(np.eye(3), 0.0, np.inf)
    )


@pytest.mark.filterwarnings("error")
def test_a_zero_diagonal_is_infinitely_far_from_all():
    kernel = np.array([[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 0.0]])
    truth = np.array([[0.0, np.log(2.0), np.inf], [np.log(2.0), 0.0, np.inf], [np.inf, np.inf, 0.0]])
    np.testing.assert_allclose(log_distance(kernel), truth, rtol=1e-15)
