"""Digits: every entry against mpmath, at small and at large parameters."""

from __future__ import annotations

import mpmath as mp
import networkx as nx
import numpy as np
import pytest
from graph_worlds import error, path, plain, planted, two_cliques
from scipy.special import erf
from seedbed.proximity import GraphProximity, ProximityClustering, proximity
from seedbed.proximity.measures import logarithms

NODES = 24
B = path(NODES)
DEGREES = B.sum(axis=1)
LAPLACIAN, NORMALISED = np.diag(DEGREES) - B, B / np.sqrt(np.outer(DEGREES, DEGREES))


def exact(make, matrix, digits=60):
    mp.mp.dps = digits
    H = make(mp.matrix(matrix.tolist()))
    n = len(matrix)
    cosines = [[H[i, j] / mp.sqrt(H[i, i] * H[j, j]) for j in range(n)] for i in range(n)]
    return np.array([[float(-mp.log(c)) for c in row] for row in cosines])


def exp(X):
    return mp.expm(X, method="taylor")


CASES = {
    "communicability": (lambda X: exp(0.05 * X), B),
    "heat": (lambda X: exp(-0.05 * X), LAPLACIAN),
    "normalised_heat": (lambda X: exp(0.05 * X), NORMALISED),
    "walk": (lambda X: (mp.eye(NODES) - 0.05 * X) ** -1, B),
    "forest": (lambda X: (mp.eye(NODES) + 0.05 * X) ** -1, LAPLACIAN),
    "pagerank": (lambda X: (mp.eye(NODES) - 0.05 * X) ** -1, NORMALISED),
}


@pytest.mark.parametrize("shortest", [0, 1000])  # rows from which the logarithms are compiled
@pytest.mark.parametrize("measure", CASES)
def test_pairs_far_apart_at_a_small_parameter(monkeypatch, measure, shortest):
    monkeypatch.setattr(logarithms, "LONG", shortest)
    make, matrix = CASES[measure]
    truth = exact(make, matrix)
    found = proximity(B, measure, 0.05)
    off = ~np.eye(NODES, dtype=bool)
    assert (np.abs(found - truth)[off] / truth[off]).max() < 1e-12


def test_even_walks_far_apart():
    A = two_cliques(3)
    A = np.block([[A, np.zeros((6, 7))], [np.zeros((7, 6)), path(7)]])
    A[5, 6] = A[6, 5] = 1.0
    truth = exact(lambda X: (exp(0.05 * X) + exp(-0.05 * X)) / 2, A, 120)
    found = proximity(A, "even_communicability", 0.05)
    off = ~np.eye(len(A), dtype=bool)
    assert (np.abs(found - truth)[off] / truth[off]).max() < 1e-12


@pytest.mark.parametrize("tau", [1.0, 40.0, 400.0])
def test_large_parameters_against_mpmath(tau):
    A, _ = planted([5, 5], 0.8, 0.2, seed=2)
    values = np.linalg.eigvalsh(A)
    t = tau / (values[-1] - values[-2])
    mp.mp.dps = 250 + int(tau)
    H = mp.expm(mp.matrix(A.tolist()) * mp.mpf(t), method="taylor")
    n = len(A)
    truth = np.array([[float(-mp.log(H[i, j] / mp.sqrt(H[i, i] * H[j, j]))) for j in range(n)] for i in range(n)])
    mp.mp.dps = 60
    # the rounding of eigenvalues, 1e-15 of the largest, stands in the exponent
    assert error(proximity(A, "communicability", t), truth) < 1e-12 * (1 + t * values[-1])


NEGATIVE = {  # double factorials have negative eigenvalues, here the second largest in size
    "complete": (nx.complete_graph(5), 2.0),
    "nearly their limit": (nx.complete_graph(8), 5.0),
    "star": (nx.star_graph(6), 8 / 6**0.5),
    "two sides": (nx.complete_bipartite_graph(3, 3), 2.5),
    "path": (nx.path_graph(6), 6.0),
    "no two sides": (nx.cycle_graph(9), 5.0),
    "positive": (nx.barbell_graph(4, 1), 1.5),
}


def exact_double_factorial(graph, t):
    """``1 - cos`` by eigenpairs of many digits."""
    mp.mp.dps = 400
    values, V = mp.eigsy(mp.matrix(nx.to_numpy_array(graph).tolist()))
    x = [mp.mpf(t) * value for value in values]
    H = V * mp.diag([mp.exp(z * z / 2) * (1 + mp.sqrt(mp.pi / 2) * mp.erf(z / mp.sqrt(2))) for z in x]) * V.T
    return [[1 - H[i, j] / mp.sqrt(H[i, i] * H[j, j]) for j in range(len(V))] for i in range(len(V))]


@pytest.mark.parametrize("case", NEGATIVE)
def test_double_factorials_with_large_negative_eigenvalues(case):
    graph, t = NEGATIVE[case]
    cosine = exact_double_factorial(graph, t)
    logs = [[-mp.log(1 - one) for one in row] for row in cosine]
    for transform, truth in (("cosine", cosine), ("log", logs)):
        found = GraphProximity("double_factorial", t=t, transform=transform)
        distances = found.fit_transform(nx.to_numpy_array(graph))
        unit = mp.exp(found.log_scale_)
        assert error(distances, np.array([[float(one / unit) for one in row] for row in truth])) < 1e-11
    assert set(ProximityClustering(2, measure="double_factorial").fit(graph).labels_) == {0, 1}


@pytest.mark.slow
def test_long_paths_have_double_factorials_whose_sum_overflows():
    n = 1600  # the ends have a small share of the first eigenvector, known in all digits
    found = proximity(path(n), "double_factorial", 200.0)
    places = np.arange(1, n + 1)
    angles = np.pi * places / (n + 1)
    x = 400.0 * np.cos(angles)
    factors = 1.0 + (np.pi / 2.0) ** 0.5 * erf(x / 2.0**0.5)
    shares = np.exp((x - x[0]) * (x + x[0]) / 2.0) * factors / factors[0]
    rows = np.sin(np.outer([1, 2, 800, n], angles)) / np.sin(np.array([1, 2, 800, n]) * angles[0])[:, None]
    kernel = (rows * shares) @ rows.T
    assert error(found[np.ix_([0, 1, 799, n - 1], [0, 1, 799, n - 1])], plain(np.log(kernel))) < 1e-8


@pytest.mark.parametrize("measure", ["communicability", "double_factorial", "heat"])
def test_cosines_near_the_limit_where_some_nodes_are_not(measure):
    """In units of the second eigenvalue a cosine is not the logarithm, and never above one."""
    mp.mp.dps = 60
    A = nx.to_numpy_array(nx.lollipop_graph(10, 12))
    models = [GraphProximity(measure, t=25.0, scale="relative", transform=each) for each in ("cosine", "log")]
    cosine, logs = (model.fit_transform(A) for model in models)
    scale = models[0].log_scale_
    assert scale == models[1].log_scale_ < -18.0
    truth = [[float((1 - mp.exp(-mp.mpf(one) * mp.exp(scale))) / mp.exp(scale)) for one in row] for row in logs]
    np.testing.assert_allclose(cosine, truth, rtol=1e-13)


def test_the_naive_logarithm_fails_where_the_stable_one_does_not():
    from scipy.linalg import expm

    A, _ = planted([20, 20], 0.4, 0.1)
    values, V = np.linalg.eigh(A)
    t = 60.0 / (values[-1] - values[-2])
    naive = plain(np.log(expm(t * A)))
    ratio = V[:, -2] / V[:, -1]
    truth = (ratio[:, None] - ratio) ** 2 / 2 * np.exp(-60.0)
    assert np.isfinite(naive).all() and error(naive, truth) > 1.0
    assert error(proximity(A, "communicability", t), truth) < 1e-6
    assert error(proximity(A, "communicability", t, "cosine"), truth) < 1e-6


def test_more_than_double_precision_is_refused_with_the_cure():
    with pytest.raises(ValueError, match=r"at t=0.01 .*\(199 steps\).*measure='shortest_path'"):
        proximity(path(200), "communicability", 0.01)
    with pytest.raises(ValueError, match="take a smaller t, or measure='shortest_path'"):
        proximity(path(30), "free_energy", 100.0)


def test_estimates_of_accuracy_hold():
    A, _ = planted([8, 8], 0.5, 0.1)
    for tau in (0.05, 1.0):
        model = GraphProximity("communicability", t=tau, scale="relative")
        found = model.fit_transform(A)
        truth = exact(lambda X, t=model.t_: exp(t * X), A)
        assert np.abs(found - truth).max() < 100 * model.accuracy_ < 1e-8


# ---- several components


@pytest.mark.parametrize("measure", ["communicability", "forest", "pagerank", "heat", "even_communicability"])
def test_components_are_infinitely_far_apart_and_do_not_change_each_other(measure):
    one, other = two_cliques(4), path(5)
    A = np.block([[one, np.zeros((8, 5))], [np.zeros((5, 8)), other]])
    A = np.block([[A, np.zeros((13, 1))], [np.zeros((1, 14))]])  # and a node without edges
    order = np.random.default_rng(0).permutation(14)
    inverse = np.argsort(order)
    found = proximity(A[order][:, order], measure, 0.3)[inverse][:, inverse]
    assert np.isinf(found[:8, 8:]).all() and np.isinf(found[13, :13]).all() and found[13, 13] == 0
    assert error(found[:8, :8], proximity(one, measure, 0.3)) < 1e-12
    alone = proximity(other, measure, 0.3)
    finite = np.isfinite(alone)
    assert error(found[8:13, 8:13][finite], alone[finite]) < 1e-12
    assert finite.all() or measure.startswith("even")  # the two sides of a path are apart for even walks


@pytest.mark.parametrize("measure", ["even_communicability", "even_pagerank"])
def test_even_walks_on_a_bipartite_graph_are_those_of_each_side(measure):
    from scipy.linalg import coshm

    rng = np.random.default_rng(0)
    half = (rng.random((5, 7)) < 0.6).astype(float)
    half[:, 0] = half[0] = 1.0
    A = np.block([[np.zeros((5, 5)), half], [half.T, np.zeros((7, 7))]])
    S = A / np.sqrt(np.outer(A.sum(axis=1), A.sum(axis=1)))
    H = coshm(0.4 * A) if measure == "even_communicability" else np.linalg.inv(np.eye(12) - 0.4 * S @ S)
    found = proximity(A, measure, 0.4)
    for side in (slice(0, 5), slice(5, 12)):
        assert error(found[side, side], plain(np.log(H[side, side]))) < 1e-12
    assert np.isinf(found[:5, 5:]).all()


def test_teleport_connects():
    A = two_cliques(4, bridge=False)
    assert np.isfinite(GraphProximity(disconnected="teleport").fit_transform(A)).all()
    assert GraphProximity().fit(A).n_components_ == 2
