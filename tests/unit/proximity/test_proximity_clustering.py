"""Clusters of graphs: chosen without truth, the same for any order of nodes, components last."""

from __future__ import annotations

import numpy as np
import pytest
from graph_worlds import error, path, planted, two_cliques
from scipy import sparse
from seedbed.proximity import MEASURES, GraphProximity, ProximityClustering, proximity
from sklearn.metrics import adjusted_rand_score

PLANTED, CLASSES = planted([30, 30], 0.35, 0.06, seed=1)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("transform", ["plain", "log"])
def test_two_cliques_are_found_by_every_measure(measure, transform):
    if transform == "log" and measure in ("commute_time", "resistance", "corrected_commute_time"):
        pytest.skip("has negative proximities")
    model = ProximityClustering(2, measure=measure, transform=transform, n_values=5, refine=False).fit(two_cliques(8))
    assert model.labels_.tolist() == [0] * 8 + [1] * 8
    assert model.measure_ == measure and (np.isnan(model.t_) or model.t_ > 0)


@pytest.mark.parametrize("assign", ["ward", "kernel_kmeans", "spectral"])
def test_every_way_of_dividing_finds_planted_classes(assign):
    model = ProximityClustering(2, assign=assign, random_state=0, n_values=5, refine=False).fit(PLANTED)
    assert adjusted_rand_score(CLASSES, model.labels_) > 0.9
    assert hasattr(model, "children_") == (assign == "ward")


def test_nodes_may_stand_in_any_order():
    order = np.random.default_rng(0).permutation(60)
    first = ProximityClustering(2, n_values=5).fit(PLANTED)
    second = ProximityClustering(2, n_values=5).fit(PLANTED[order][:, order])
    assert adjusted_rand_score(first.labels_[order], second.labels_) == 1.0
    assert np.isclose(first.t_, second.t_) and first.measure_ == second.measure_


def test_number_of_classes_is_found():
    for sizes in ([30, 30], [25, 25, 25]):
        A, z = planted(sizes, 0.4, 0.05, seed=2)
        model = ProximityClustering("auto", n_values=5).fit(A)
        assert model.n_clusters_ == len(sizes) and adjusted_rand_score(z, model.labels_) > 0.95
    assert ProximityClustering("auto", n_values=3).fit(np.ones((12, 12))).n_clusters_ == 1


def test_disassortative_graphs_need_even_walks():
    A, z = planted([40, 40], 0.05, 0.3, seed=4)
    auto = ProximityClustering(2, n_values=7, refine=False).fit(A)
    assert adjusted_rand_score(z, auto.labels_) > 0.9
    log = ProximityClustering(2, measure="communicability", n_values=7, refine=False).fit(A)
    assert adjusted_rand_score(z, log.labels_) < 0.1


def test_a_bipartite_graph_is_divided_into_its_sides():
    rng = np.random.default_rng(0)
    half = (rng.random((15, 12)) < 0.5).astype(float)
    A = np.block([[np.zeros((15, 15)), half], [half.T, np.zeros((12, 12))]])
    model = ProximityClustering(2, measure="even_communicability", n_values=5, refine=False).fit(A)
    assert adjusted_rand_score(np.repeat([0, 1], [15, 12]), model.labels_) == 1.0


def test_nodes_with_degrees_of_their_own_get_the_model_with_degrees():
    A, z = planted([60, 60], 0.3, 0.06, seed=0, theta=lambda rng, n: rng.pareto(3, n) + 0.4)
    corrected = ProximityClustering(2, n_values=7).fit(A)
    assert corrected.criterion_ == "degree_corrected" and corrected.degrees_gain_ > 1.5
    assert adjusted_rand_score(z, corrected.labels_) > 0.8
    model = ProximityClustering(2, n_values=7).fit(PLANTED)
    assert model.criterion_ == "block_likelihood" and model.degrees_gain_ < 1.5


@pytest.mark.parametrize("transform", ["plain", "cosine", "log"])
def test_components_are_never_mixed_before_they_are_all_whole(transform):
    blocks = [two_cliques(5), path(7), np.ones((4, 4)), np.zeros((1, 1))]
    A = sparse.block_diag(blocks).toarray()
    parts = np.repeat([0, 1, 2, 3], [10, 7, 4, 1])
    for measure in ("communicability", "forest"):
        model = ProximityClustering(4, measure=measure, transform=transform, n_values=3, refine=False).fit(A)
        assert adjusted_rand_score(parts, model.labels_) == 1.0
        more = ProximityClustering(5, measure=measure, transform=transform, n_values=3, refine=False).fit(A)
        assert all(len(set(parts[more.labels_ == c])) == 1 for c in range(5))
        with pytest.warns(UserWarning, match="4 connected components, so that some clusters hold nodes"):
            fewer = ProximityClustering(2, measure=measure, transform=transform, n_values=3, refine=False).fit(A)
        assert len(set(fewer.labels_[:10])) == 1
    assert ProximityClustering(2, disconnected="teleport", n_values=3).fit(A[:17, :17]).n_clusters_ == 2


def test_what_is_reported_fits_together():
    model = ProximityClustering(2, n_values=5, refine=False).fit(PLANTED)
    assert model.criterion_values_.shape == model.candidate_ts_.shape == (9, 5) and len(model.candidates_) == 9
    row, column = np.unravel_index(model.criterion_values_.argmax(), (9, 5))
    assert model.candidates_[row] == (model.measure_, model.transform_) and model.candidate_ts_[row, column] == model.t_
    assert (model.path_labels_[row, column] == model.labels_).all() and model.path_labels_.shape == (9, 5, 60)
    distances = proximity(PLANTED, model.measure_, model.t_, model.transform_)
    assert error(model.distance_matrix_, distances) < 1e-12
    assert model.children_.shape == (59, 2) and model.distances_.shape == (59,)
    assert "the best of 45 partitions by the likelihood of a block model" in model.message_


def test_a_parameter_of_ones_own():
    model = ProximityClustering(2, measure="pagerank", t=0.7, refine=False).fit(PLANTED)
    assert model.t_ == 0.7 and model.criterion_values_.shape == (1, 1)
    model = ProximityClustering(2, measure="pagerank", t=[0.3, 0.7], refine=False).fit(PLANTED)
    assert model.t_ in (0.3, 0.7)
    with pytest.raises(ValueError, match="t can be given for one measure only"):
        ProximityClustering(2, t=0.7).fit(PLANTED)
    for unknown in ("katz", ["auto"], ["walk", "katz"]):
        with pytest.raises(ValueError, match="measure must be one of walk"):
            ProximityClustering(2, measure=unknown).fit(PLANTED)
    with pytest.raises(ValueError, match="measure must name at least one measure"):
        ProximityClustering(2, measure=[]).fit(PLANTED)
    for measure in ("forest", "resistance"):
        with pytest.raises(ValueError, match="t must be a number, a list of numbers or 'auto', got an empty list"):
            ProximityClustering(2, measure=measure, transform="plain", t=[]).fit(PLANTED)
        with pytest.raises(ValueError, match="t must be a number or 'auto', got"):
            ProximityClustering(2, measure=measure, transform="plain", t=["high"]).fit(PLANTED)
    assert ProximityClustering(2, measure="resistance", transform="plain", t=[1.0, 2.0]).fit(PLANTED).n_clusters_ == 2
    with pytest.raises(ValueError, match="should be >= n_clusters=61"):
        ProximityClustering(61).fit(PLANTED)


def test_low_rank_finds_many_classes_of_a_large_sparse_graph():
    rng = np.random.default_rng(0)
    z = rng.integers(4, size=2000)
    rows, columns = rng.integers(2000, size=(2, 60_000))
    kept = (z[rows] == z[columns]) | (rng.random(60_000) < 0.1)
    A = sparse.coo_array((np.ones(kept.sum()), (rows[kept], columns[kept])), (2000, 2000)).tocsr()
    model = ProximityClustering(4, solver="low_rank", random_state=0).fit(A + A.T)
    assert adjusted_rand_score(z, model.labels_) > 0.97 and not hasattr(model, "distance_matrix_")
    again = ProximityClustering(4, solver="low_rank", random_state=0).fit(A + A.T)
    assert (model.labels_ == again.labels_).all()


def test_path_reuses_the_spectra_and_gives_the_same():
    model = GraphProximity("heat", transform="cosine")
    for t, found in zip((0.1, 2.0), model.path(PLANTED, [0.1, 2.0]), strict=True):
        assert error(found, proximity(PLANTED, "heat", t, "cosine")) < 1e-13 and model.t_ == t
    relative = GraphProximity("walk", t=0.5, scale="relative").fit(PLANTED)
    assert np.isclose(relative.t_ * np.linalg.eigvalsh(PLANTED)[-1], 0.5)
    similar = GraphProximity("heat", t=2.0, output="similarity").fit_transform(PLANTED)
    assert error(similar, 1 - proximity(PLANTED, "heat", 2.0, "cosine")) < 1e-13
    kernel = GraphProximity("shortest_path", output="kernel", transform="plain").fit_transform(PLANTED)
    assert np.abs(kernel.sum(axis=0)).max() < 1e-10
