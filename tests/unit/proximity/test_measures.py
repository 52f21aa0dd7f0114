"""Every family equals its definition, what is the same is the same, and limits are reached."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
import scipy.linalg as sl
from graph_worlds import error, path, plain, planted, tree
from seedbed.proximity import FAMILIES, MEASURES, GraphProximity, proximity

A, Z = planted([20, 20], 0.4, 0.1)
d = A.sum(axis=1)
n = len(A)
I, D, L, P, S = np.eye(n), np.diag(d), np.diag(d) - A, A / d[:, None], A / np.sqrt(np.outer(d, d))
RHO = np.linalg.eigvalsh(A)[-1]
root = np.diag(d**-0.5)
J = I - 1 / n
M = S - np.sqrt(np.outer(d, d)) / d.sum()


def double_factorials(B):
    total, term, ks = I.copy(), I.copy(), [1.0, 1.0]
    for k in range(1, 120):
        term = term @ B
        if k > 1:
            ks.append(ks[k - 2] * k)
        total = total + term / ks[k]
    return total


DIRECT = {
    "walk": (0.8 / RHO, np.linalg.inv(I - 0.8 / RHO * A)),
    "communicability": (0.4, sl.expm(0.4 * A)),
    "even_communicability": (0.4, sl.coshm(0.4 * A)),
    "double_factorial": (0.2, double_factorials(0.2 * A)),
    "forest": (1.3, np.linalg.inv(I + 1.3 * L)),
    "heat": (0.4, sl.expm(-0.4 * L)),
    "normalised_heat": (2.0, sl.expm(-2 * (I - S))),
    "pagerank": (0.7, np.linalg.inv(I - 0.7 * P)),
    "modified_pagerank": (0.7, np.linalg.inv(D - 0.7 * A)),
    "heat_pagerank": (2.0, sl.expm(-2 * (I - P))),
    "even_pagerank": (0.7, root @ np.linalg.inv(I - 0.7 * S @ S) @ root),
    "commute_time": (1.0, np.linalg.pinv(L)),
    "resistance": (1.0, np.linalg.pinv(L)),
    "corrected_commute_time": (1.0, J @ root @ M @ np.linalg.inv(I - M) @ M @ root @ J),
}


@pytest.mark.parametrize("measure", DIRECT)
def test_a_family_equals_its_definition(measure):
    t, H = DIRECT[measure]
    assert error(proximity(A, measure, t, "plain", kernel=True), H) < 1e-12
    assert error(proximity(A, measure, t, "plain"), plain(H)) < 1e-12
    assert error(proximity(A, measure, t, "plain", euclidean=True) ** 2, 2 * plain(H)) < 1e-12
    # of a kernel that is not symmetric, the cosine is that of its symmetric form, to which the logarithm agrees
    cosines = np.sqrt(H * H.T) * np.sign(H) / np.sqrt(np.outer(np.diag(H), np.diag(H)))
    if measure in FAMILIES:
        assert error(proximity(A, measure, t), plain(np.log(H))) < 1e-12
        assert error(proximity(A, measure, t), -np.log(cosines)) < 1e-12
        assert error(proximity(A, measure, t, "log", kernel=True), np.log(H)) < 1e-12
    assert error(proximity(A, measure, t, "cosine"), 1 - cosines) < 1e-12


def test_every_measure_is_tested():
    sigmoids = {"sigmoid_commute_time", "sigmoid_corrected_commute_time"}
    walks = {"shortest_path", "randomised_shortest_path", "free_energy", "shortest_path_commute_time"}
    assert set(MEASURES) == {*DIRECT, *sigmoids, *walks}


@pytest.mark.parametrize("base", ["commute_time", "corrected_commute_time"])
def test_sigmoids_use_the_deviation_of_all_entries(base):
    H = DIRECT[base][1]
    assert error(proximity(A, f"sigmoid_{base}", 3.0, "plain", kernel=True), 1 / (1 + np.exp(-3 * H / H.std()))) < 1e-12


def test_networkx_agrees():
    graph = nx.from_numpy_array(A)
    found = nx.communicability_exp(graph)
    assert (
        error(
            proximity(A, "communicability", 1.0, "plain", kernel=True),
            np.array([[found[i][j] for j in range(n)] for i in range(n)]),
        )
        < 1e-10
    )
    found = nx.resistance_distance(graph)
    assert (
        error(
            2 * proximity(graph, "resistance", transform="plain"),
            np.array([[found[i][j] for j in range(n)] for i in range(n)]),
        )
        < 1e-10
    )


def test_shortest_paths_and_their_mixture_with_commute_times():
    paths = proximity(A, "shortest_path")
    found = dict(nx.all_pairs_shortest_path_length(nx.from_numpy_array(A)))
    assert error(paths, np.array([[found[i][j] for j in range(n)] for i in range(n)])) == 0
    walks = proximity(A, "commute_time", transform="plain")
    expected = 0.3 * paths / paths.mean() + 0.7 * walks / walks.mean()
    assert error(proximity(A, "shortest_path_commute_time", 0.3), expected) < 1e-12
    assert error(proximity(A / 4, "shortest_path"), 4 * paths) == 0


def test_walk_costs_equal_their_definition():
    W = P * np.exp(-0.6)
    fundamental = np.linalg.inv(I - W)
    s = fundamental @ W @ fundamental / fundamental
    assert error(proximity(A, "randomised_shortest_path", 0.6), (s - np.diag(s) + (s - np.diag(s)).T) / 2) < 1e-12


# ---- which measures are the same


def test_logarithms_of_all_forms_of_pagerank_are_one_and_free_energy_is_it_too():
    first = proximity(A, "pagerank", 0.7)
    assert error(proximity(A, "modified_pagerank", 0.7), first) < 1e-13
    assert error(plain(np.log(np.linalg.pinv(0.3 * A + L))), first) < 1e-9  # absorption at 1 - a
    beta = -np.log(0.7)
    assert error(proximity(A, "free_energy", beta) * beta, first) < 1e-12
    assert error(proximity(A, "heat_pagerank", 2.0), proximity(A, "normalised_heat", 2.0)) < 1e-13


def test_scaling_rows_and_columns_does_not_change_the_logarithm():
    rng = np.random.default_rng(0)
    H = np.linalg.inv(I + L) * rng.uniform(0.1, 9, n)[:, None] * rng.uniform(0.1, 9, n)
    assert error(plain(np.log(H)), proximity(A, "forest", 1.0)) < 1e-11


@pytest.mark.parametrize("measure", MEASURES)
def test_order_of_nodes_and_unit_of_weights_do_not_matter(measure):
    order = np.random.default_rng(1).permutation(n)
    model = GraphProximity(measure, transform="plain", scale="relative")
    first = model.fit_transform(A)
    assert error(model.fit_transform(A[order][:, order]), first[order][:, order]) < 1e-10
    if measure in FAMILIES and FAMILIES[measure].matrix in "AL":
        t = proximity_t(measure)
        assert error(proximity(5 * A, measure, t / 5, "log"), proximity(A, measure, t, "log")) < 1e-10


def proximity_t(measure):
    return DIRECT[measure][0]


# ---- limits


def test_limits_are_shortest_paths_and_resistances():
    paths, resistance = proximity(A, "shortest_path"), 2 * proximity(A, "resistance", transform="plain")
    for measure in ("forest", "walk", "communicability"):
        assert error(proximity(A, measure, 1e-60) / (60 * np.log(10)), paths) < 0.1, measure
    assert error(2e9 / n * proximity(A, "forest", 1e9), resistance) < 1e-7
    for measure in ("randomised_shortest_path", "free_energy"):
        assert error(proximity(A, measure, 1e-6), resistance * d.sum() / 2) < 1e-3, measure
    assert error(proximity(A, "randomised_shortest_path", 40.0), paths) < 1e-12


@pytest.mark.parametrize(("measure", "matrix"), [("communicability", A), ("heat", -L), ("normalised_heat", S - I)])
def test_exponentials_become_ratios_of_eigenvectors(measure, matrix):
    values, V = np.linalg.eigh(matrix)
    ratio = V[:, -2] / V[:, -1]
    limit = (ratio[:, None] - ratio) ** 2 / 2
    gap = values[-1] - values[-2]
    for tau, close in ((40.0, 1e-6), (400.0, 1e-10)):
        assert error(proximity(A, measure, tau / gap) * np.exp(tau), limit) < close
    assert error(proximity(A, measure, np.inf), limit) < 1e-12
    model = GraphProximity(measure, t=5000 / gap)
    assert error(model.fit_transform(A), limit) < 1e-11 and np.isclose(model.log_scale_, -5000)
    with pytest.raises(ValueError, match=r"all distances of .* are below 1e-300"):
        proximity(A, measure, 5000 / gap)


def test_walks_become_long_walks_at_the_end_of_their_range():
    values, V = np.linalg.eigh(A)
    R = V[:, :-1] / V[:, -1:]
    limit = plain((R / (1 - values[:-1] / RHO)) @ R.T)
    assert error(proximity(A, "walk", (1 - 1e-10) / RHO) / 1e-10, limit) < 1e-5
    model = GraphProximity("walk", t=(1 - 1e-10) / RHO)
    found = model.fit_transform(A)
    assert error(found * np.exp(model.log_scale_) / 1e-10, limit) < 1e-5


# ---- cutpoints


@pytest.mark.parametrize("measure", ["walk", "forest", "pagerank"])
@pytest.mark.parametrize("seed", [0, 1])
def test_logarithms_add_up_exactly_at_cutpoints(measure, seed):
    T = tree(10, seed)
    top = np.linalg.eigvalsh(T)[-1]
    found = proximity(T, measure, {"walk": 0.7 / top, "forest": 1.0, "pagerank": 0.6}[measure])
    paths = proximity(T, "shortest_path")
    for i, j, k in itertools.permutations(range(10), 3):
        gap = found[i, j] + found[j, k] - found[i, k]
        assert gap > -1e-12
        assert (gap < 1e-12) == (paths[i, j] + paths[j, k] == paths[i, k])


def test_logarithmic_communicability_is_no_metric():
    found = proximity(path(6), "communicability", 0.5)
    assert max(found[i, k] - found[i, j] - found[j, k] for i, j, k in itertools.permutations(range(6), 3)) > 0.1


# ---- what is wrong


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("katz",), "measure must be one of walk, communicability"),
        (("walk", 1.0), r"t of the measure 'walk' must lie in \(0, 0.1.*largest eigenvalue"),
        (("pagerank", 1.5), r"must lie in \(0, 1\]"),
        (("heat", 0.0), r"must lie in \(0, inf\], got 0"),
        (("heat", "best"), "t must be one of 'auto'"),
        (("heat", None), "t must be a number or 'auto'"),
        (("heat", 1.0, "sqrt"), "transform must be one of"),
        (("resistance", None, "plain"), "t must be a number or 'auto', got None"),
        (("shortest_path", [1.0]), "t must be a number or 'auto'"),
        (("shortest_path", "best"), "t must be one of 'auto'"),
        (("shortest_path", True), "t must be a number or 'auto', got True"),
        (("commute_time", 1.0, "log"), "negative proximities, of which there is no logarithm"),
        (("communicability", 500.0, "plain"), "too large for double precision"),
    ],
)
def test_what_cannot_be_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        proximity(A, *arguments)
