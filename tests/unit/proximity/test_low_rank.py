"""A few eigenvectors in place of dense matrices: the same each time, components apart, and no wish passed over."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from seedbed.proximity import ProximityClustering
from seedbed.proximity.clustering import proximity_clustering
from seedbed.proximity.clustering.low_rank import enough_clusters

GRAPH = nx.planted_partition_graph(4, 60, 0.2, 0.1, seed=3)  # so hard that starts matter
PARTS = nx.disjoint_union_all([nx.gnp_random_graph(n, 0.3, seed=n) for n in (40, 60, 50)])


def low_rank(n_clusters=4, **asked):
    return ProximityClustering(n_clusters, solver="low_rank", **asked)


def test_without_a_seed_the_same_comes_each_time():
    first = low_rank(refine=False).fit(GRAPH)
    for _ in range(3):
        again = low_rank(refine=False).fit(GRAPH)
        assert (again.path_labels_ == first.path_labels_).all() and (again.labels_ == first.labels_).all()
    seeded = [low_rank(refine=False, random_state=seed).fit(GRAPH).path_labels_ for seed in (1, 1, 2)]
    assert (seeded[0] == seeded[1]).all() and not (seeded[0] == seeded[2]).all()


def test_few_distinct_eigenvalues_are_no_lottery():
    """Where Lanczos's iteration breaks down it starts again from a drawn vector."""
    graph = nx.disjoint_union_all([nx.complete_graph(8)] * 5)
    found = [low_rank(5).fit(graph).labels_.tolist() for _ in range(3)]
    assert found == [np.repeat(range(5), 8).tolist()] * 3


ALIKE = {  # many rows of the eigenvectors are the same
    "no edge": nx.empty_graph(9),
    "paths": nx.disjoint_union_all([nx.path_graph(3)] * 5),
    "pairs": nx.disjoint_union_all([nx.complete_graph(2)] * 9),
    "star": nx.star_graph(20),
    "two sides": nx.complete_bipartite_graph(6, 8),
    "one edge": nx.disjoint_union(nx.path_graph(2), nx.empty_graph(12)),
}


@pytest.mark.parametrize("measure", ["normalised_heat", "communicability", "even_communicability"])
@pytest.mark.parametrize("name", ALIKE)
@pytest.mark.filterwarnings("ignore:.*no path connects:UserWarning")
def test_as_many_clusters_as_asked_for(name, measure):
    for n_clusters in range(1, len(ALIKE[name]) - 2):
        for seed in (None, 0, 1):
            model = low_rank(n_clusters, measure=measure, transform="cosine", refine=False, random_state=seed)
            assert set(model.fit(ALIKE[name]).labels_) == set(range(n_clusters))


def test_enough_clusters_take_the_farthest_rows_first():
    rows = np.array([0.0, 0.0, 1.0, 1.0, 5.0, 5.0, 5.5])[:, None]
    alone = rows.mean(axis=0, keepdims=True), np.zeros(7, int)
    assert enough_clusters(rows, *alone, 1)[1].tolist() == [0] * 7
    assert len(set(enough_clusters(rows, *alone, 2)[1].tolist())) == 2
    centres, found = enough_clusters(rows, *alone, 4)
    assert found[0] == found[1] != found[2] == found[3] != found[4] == found[5] != found[6]
    np.testing.assert_allclose(centres[found], rows)


@pytest.mark.parametrize("refine", [False, True])
@pytest.mark.parametrize("n_clusters", [3, 4, 6])
def test_components_are_not_mixed(n_clusters, refine):
    parts = np.repeat([0, 1, 2], [40, 60, 50])
    model = low_rank(n_clusters, refine=refine).fit(PARTS)
    assert model.n_clusters_ == n_clusters
    assert all(len(set(parts[model.labels_ == label])) == 1 for label in range(n_clusters))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"t": 1.0}, "it cannot do t=1.0: use solver='dense'"),
        ({"assign": "kernel_kmeans"}, "it cannot do assign='kernel_kmeans'"),
        ({"measure": "communicability", "transform": "log"}, "it cannot do transform='log'"),
        ({"measure": ["communicability"], "transform": "plain"}, "it cannot do transform='plain'"),
        ({"ward_input": "distance", "disconnected": "teleport"}, "ward_input='distance', disconnected='teleport'"),
        ({"n_clusters": "auto"}, "number of clusters must be given"),
        ({"measure": "forest"}, "the low-rank solver knows normalised_heat"),
    ],
)
def test_what_it_cannot_do_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        low_rank(**{"n_clusters": 4, **asked}).fit(GRAPH)


def test_what_it_can_do_is_not_refused(monkeypatch):
    assert low_rank(measure="communicability", transform="cosine").fit(GRAPH).transform_ == "cosine"
    assert low_rank(transform="log").fit(GRAPH).transform_ == "cosine"  # of a portfolio the transform is not asked for
    monkeypatch.setattr(proximity_clustering, "_DENSE", 100)
    by_size = ProximityClustering(4, measure="normalised_heat").fit(GRAPH)
    assert by_size.transform_ == "cosine" and "(cosine)" in by_size.message_
    with pytest.raises(ValueError, match=r"it cannot do t=2\.0"):
        ProximityClustering(4, measure="normalised_heat", t=2.0).fit(GRAPH)
