"""Kernels, their cosines and logarithms: every entry, at small and at large parameters."""

from __future__ import annotations

import mpmath as mp
import networkx as nx
import numpy as np
import pytest
from graph_worlds import error, path, planted
from seedbed.proximity import FAMILIES, GraphProximity, proximity

NODES = 24
B = path(NODES)
DEGREES = B.sum(axis=1)
KARATE = nx.karate_club_graph()


def exact(measure, t, digits=60):
    """The kernel by its definition, in many digits."""
    mp.mp.dps = digits
    A, D, unit = mp.matrix(B.tolist()), mp.diag(DEGREES.tolist()), mp.eye(NODES)
    root = mp.diag([1 / mp.sqrt(d) for d in DEGREES.tolist()])
    L, S, P, t = D - A, root * A * root, D**-1 * A, mp.mpf(t)
    H = {
        "communicability": lambda: mp.expm(t * A, method="taylor"),
        "heat": lambda: mp.expm(-t * L, method="taylor"),
        "normalised_heat": lambda: mp.expm(-t * (unit - S), method="taylor"),
        "heat_pagerank": lambda: mp.expm(-t * (unit - P), method="taylor"),
        "walk": lambda: (unit - t * A) ** -1,
        "forest": lambda: (unit + t * L) ** -1,
        "pagerank": lambda: (unit - t * P) ** -1,
        "modified_pagerank": lambda: (D - t * A) ** -1,
        "even_communicability": lambda: (mp.expm(t * A, method="taylor") + mp.expm(-t * A, method="taylor")) / 2,
        "even_pagerank": lambda: root * (unit - t * S * S) ** -1 * root,
    }[measure]()
    return np.array([[float(H[i, j]) for j in range(NODES)] for i in range(NODES)])


def relative(found, truth):
    """Largest relative error of an entry; what should be zero is."""
    assert (found[truth == 0] == 0).all()
    return (np.abs(found - truth)[truth != 0] / np.abs(truth[truth != 0])).max()


@pytest.mark.parametrize("measure", sorted({*FAMILIES} - {"double_factorial"}))
def test_every_entry_of_a_kernel_its_cosines_and_its_logarithm(measure):
    t = 0.3
    truth = exact(measure, t)
    even = np.add.outer(np.arange(NODES), np.arange(NODES)) % 2 == 0
    truth = np.where(even, truth, 0.0) if measure.startswith("even") else truth
    symmetric = np.sqrt(truth * truth.T)
    cosines = symmetric / np.sqrt(np.outer(truth.diagonal(), truth.diagonal()))
    assert relative(proximity(B, measure, t, "plain", kernel=True), truth) < 1e-12
    assert relative(proximity(B, measure, t, "cosine", kernel=True), cosines) < 1e-12
    assert relative(GraphProximity(measure, t, output="similarity").fit_transform(B), cosines) < 1e-12
    with np.errstate(divide="ignore"):
        logs = np.log(truth)
    found = proximity(B, measure, t, "log", kernel=True)
    np.testing.assert_allclose(found, logs, rtol=1e-12, atol=1e-12)


def test_a_kernel_that_has_entries_has_their_logarithm():
    truth = np.log(exact("communicability", 1.0))
    np.testing.assert_allclose(proximity(B, "communicability", 1.0, "log", kernel=True), truth, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["communicability", "heat", "normalised_heat"])
def test_logarithms_of_a_kernel_have_no_largest_parameter(measure):
    t = 500.0
    mp.mp.dps = 30
    degrees = np.array([d for _, d in KARATE.degree])
    A = nx.to_numpy_array(KARATE, weight=None)
    root = mp.diag([1 / mp.sqrt(d) for d in degrees.tolist()])
    M = {
        "communicability": mp.matrix(A.tolist()),
        "heat": mp.matrix((A - np.diag(degrees)).tolist()),
        "normalised_heat": root * mp.matrix(A.tolist()) * root - mp.eye(34),
    }[measure]
    values, vectors = mp.eigsy(M)
    first = np.array([abs(float(vectors[i, 33])) for i in range(34)])
    limit = float(values[33] * t) + np.log(np.outer(first, first))  # others are below e^-60 of it
    np.testing.assert_allclose(proximity(A, measure, t, "log", kernel=True), limit, rtol=1e-12, atol=1e-12)


def test_a_hub_and_a_tail_do_not_overflow():
    """The exponential of t times the largest degree does, before it is scaled."""
    graph = nx.star_graph(300)
    nx.add_path(graph, [0, *range(301, 341)])
    distances = proximity(graph, "heat", 3.0)
    assert np.isfinite(distances).all() and distances.max() > 30
    heat = proximity(graph, "heat", 3.0, "plain", kernel=True)
    np.testing.assert_allclose(heat.sum(axis=0), 1.0, rtol=1e-11)
    assert heat.min() > 0
    A = nx.to_numpy_array(graph)
    values, vectors = np.linalg.eigh(A)
    logs = proximity(A, "communicability", 45.0, "log", kernel=True)  # e^780
    assert np.isclose(logs[0, 1], 45 * values[-1] + np.log(abs(vectors[0, -1] * vectors[1, -1])), rtol=1e-13)
    assert np.isfinite(logs).all()


def test_what_double_precision_cannot_hold_is_zero_and_has_no_logarithm():
    far = path(200)
    for transform in ("plain", "cosine"):
        assert proximity(far, "communicability", 0.01, transform, kernel=True)[0, -1] == 0.0
    with pytest.raises(ValueError, match=r"at t=0.01 .*\(199 steps\).*measure='shortest_path'"):
        proximity(far, "communicability", 0.01, "log", kernel=True)
    with pytest.raises(ValueError, match="are infinite; take a smaller t, or distances"):
        proximity(KARATE, "communicability", np.inf, "log", kernel=True)
    with pytest.raises(ValueError, match="negative proximities"):
        proximity(KARATE, "resistance", transform="log", kernel=True)


# ---- cosines


@pytest.mark.parametrize(
    ("measure", "t"), [("communicability", 20.0), ("forest", np.inf), ("heat", 100.0), ("walk", "end")]
)
def test_similarities_are_cosines_at_large_parameters_too(measure, t):
    A = nx.to_numpy_array(KARATE, weight=None)
    t = (1 - 1e-12) / np.linalg.eigvalsh(A)[-1] if t == "end" else t
    for found in (
        GraphProximity(measure, t, output="similarity").fit_transform(A),
        proximity(A, measure, t, "cosine", kernel=True),
    ):
        assert np.abs(found - 1.0).max() < 1e-7 and (found.diagonal() == 1.0).all()


def test_cosines_equal_their_definition_where_it_has_the_digits():
    A, _ = planted([10, 10], 0.6, 0.1)
    for tau in (0.3, 3.0, 15.0):
        model = GraphProximity("communicability", tau, scale="relative", output="similarity")
        H = proximity(A, "communicability", model.fit(A).t_, "plain", kernel=True)
        assert error(model.fit_transform(A), H / np.sqrt(np.outer(H.diagonal(), H.diagonal()))) < 1e-12
