"""Distances against known identities and against pyriemann and POT."""

from __future__ import annotations

import numpy as np
import ot
import pandas as pd
import pytest
from pyriemann.geometry.distance import pairwise_distance
from scipy.stats import ortho_group
from seedbed.reduction import Response, quantile_vectors
from seedbed.reduction.spaces.named import SPACES, find_space

RNG = np.random.default_rng(5)


def spd(n=12, d=3):
    roots = RNG.normal(size=(n, d, d + 2))
    return roots @ roots.transpose(0, 2, 1) / d


def unit(n=15, d=3):
    points = RNG.normal(size=(n, d))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


OBJECTS = {
    "euclidean": RNG.normal(size=(12, 3)),
    "discrete": np.array(["a", "b", "a", "c"] * 3),
    "wasserstein": RNG.normal(size=(12, 30)),
    "frobenius": spd(),
    "log_euclidean": spd(),
    "log_cholesky": spd(),
    "affine_invariant": spd(),
    "geodesic": unit(),
    "aitchison": RNG.dirichlet(np.ones(4), size=12),
    "fisher_rao": RNG.dirichlet(np.ones(4), size=12),
}


def own(a, b):
    return float(np.abs(a - b).sum())


@pytest.mark.parametrize("metric", OBJECTS)
def test_axioms_of_a_metric(metric):
    distances = Response.of(OBJECTS[metric], metric).distances
    assert (distances == distances.T).all() and (np.diagonal(distances) == 0).all()
    through = distances[:, :, None] + distances[None, :, :]
    assert (distances <= through.min(axis=1) + 1e-12).all(), "triangle inequality"


@pytest.mark.parametrize("metric", OBJECTS)
def test_rows_subsamples_and_given_matrices_agree(metric):
    response = Response.of(OBJECTS[metric], metric)
    rows = np.array([3, 0, 7])
    from_three = response.distances_from(rows)
    np.testing.assert_allclose(from_three, response.distances[rows], atol=1e-12)
    np.testing.assert_allclose(response.take(rows).distances, response.distances[np.ix_(rows, rows)])
    given = Response.of(response.distances, "precomputed")
    np.testing.assert_array_equal(given.take(rows).distances, response.take(rows).distances)


@pytest.mark.parametrize(
    ("metric", "peer"),
    [
        ("frobenius", "euclid"),
        ("log_euclidean", "logeuclid"),
        ("log_cholesky", "logchol"),
        ("affine_invariant", "riemann"),
    ],
)
@pytest.mark.parametrize("d", [2, 4])
def test_matrix_distances_are_those_of_pyriemann(metric, peer, d):
    matrices = spd(10, d)
    np.testing.assert_allclose(
        Response.of(matrices, metric).distances, pairwise_distance(matrices, metric=peer), atol=1e-7
    )


def test_affine_invariance():
    matrices, change = spd(6), RNG.normal(size=(3, 3))
    first = Response.of(matrices, "affine_invariant").distances
    np.testing.assert_allclose(Response.of(change @ matrices @ change.T, "affine_invariant").distances, first)
    np.testing.assert_allclose(Response.of(np.linalg.inv(matrices), "affine_invariant").distances, first)


def test_wasserstein_distances_are_those_of_pot():
    samples = RNG.normal(size=(5, 20)) * np.arange(1, 6)[:, None]
    distances = Response.of(samples, "wasserstein").distances
    for i in range(5):
        for k in range(5):
            assert distances[i, k] ** 2 == pytest.approx(ot.emd2_1d(samples[i], samples[k]), abs=1e-12)


def test_samples_of_different_sizes_are_exact():
    samples = [RNG.normal(size=m) for m in (7, 12, 20, 7)]
    for given in (samples, np.array(samples, dtype=object)):
        distances = Response.of(given, "wasserstein").distances
        for i in range(4):
            for k in range(4):
                assert distances[i, k] ** 2 == pytest.approx(ot.emd2_1d(samples[i], samples[k]), abs=1e-10)
    with pytest.raises(ValueError, match="quantile_vectors"):
        Response.of([RNG.normal(size=m) for m in range(100, 500)], "wasserstein")
    assert quantile_vectors(samples, 9).shape == (4, 9)
    # at as many levels as there are points, the quantiles are the order statistics
    np.testing.assert_allclose(quantile_vectors([samples[0]], 7)[0], np.sort(samples[0]))


def test_a_location_family_is_as_far_apart_as_its_locations():
    locations = RNG.normal(size=20)
    rows = locations[:, None] + np.sort(RNG.normal(size=50))
    np.testing.assert_allclose(Response.of(rows, "wasserstein").distances, Response.of(locations).distances, atol=1e-12)


def test_arcs_keep_their_digits():
    angles = np.array([0.0, 1e-9, 1.0, np.pi - 1e-9])
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    np.testing.assert_allclose(Response.of(circle, "geodesic").distances[0], angles, rtol=1e-7)
    turn = ortho_group.rvs(3, random_state=0)
    points = unit()
    np.testing.assert_allclose(
        Response.of(points @ turn, "geodesic").distances, Response.of(points, "geodesic").distances, atol=1e-12
    )


def test_compositions():
    parts = np.array([[1.0, 0, 0], [0, 1, 0], [0.25, 0.25, 0.5]])
    distances = Response.of(parts, "fisher_rao").distances
    np.testing.assert_allclose(distances[0], [0, np.pi, 2 * np.arccos(0.5)])
    shares = RNG.dirichlet(np.ones(3), size=5)
    np.testing.assert_allclose(
        Response.of(shares * [2.0, 5.0, 1.0], "aitchison").distances,
        Response.of(shares, "aitchison").distances,
        err_msg="perturbation",
    )


def test_own_functions_and_objects():
    texts = ["aa", "abc", "b", "b"]
    response = Response.of(texts, lambda a, b: abs(len(a) - len(b)))
    np.testing.assert_array_equal(response.distances[0], [0, 1, 1, 1])
    with pytest.raises(ValueError, match=r"returned -1\.0 for objects 0 and 1"):
        _ = Response.of(texts, lambda a, b: -1.0).distances


@pytest.mark.parametrize("metric", OBJECTS)
def test_frechet_means_minimise(metric):
    space = find_space(metric)
    objects = space.prepare(OBJECTS[metric])[None, :6]
    weights = RNG.dirichlet(np.ones(6))[None]

    def spread(candidates):
        return (space.distances(candidates, objects[0]) ** 2 @ weights[0]).min()

    mean = space.mean(objects, weights)
    assert spread(mean) <= spread(objects[0]) + 1e-12
    if metric != "discrete":
        for partner in objects[0]:  # and it is better than where it moves towards any of the objects
            moved = space.mean(np.stack([mean[0], partner])[None], np.array([[0.99, 0.01]]))
            assert spread(mean) <= spread(moved) + 1e-9


def test_restricted_means_for_given_distances():
    points = RNG.normal(size=(7, 2))
    distances = Response.of(points).distances
    space = find_space("precomputed")
    chosen = space.mean(space.prepare(distances)[None], np.full((1, 7), 1 / 7))
    assert chosen[0] == (distances**2).sum(axis=1).argmin()
    assert find_space(own).mean(points[None], np.full((1, 7), 1 / 7)).shape == (1, 2)


@pytest.mark.parametrize(
    ("metric", "objects", "message"),
    [
        ("eucliden", [1.0, 2.0], "did you mean 'euclidean'"),
        ("euclidean", [[1.0, np.nan]], "NaN"),
        ("euclidean", ["a", "b"], "real numbers"),
        ("geodesic", [[1.0, 0.0], [1.0, 1.0]], r"y\[1\] has length 1.41"),
        ("log_cholesky", [np.eye(2), -np.eye(2)], r"y\[1\] has the eigenvalue -1"),
        ("frobenius", [np.eye(2), [[1.0, 0.5], [0.0, 1.0]]], r"y\[1\] is not symmetric"),
        ("affine_invariant", [[1.0, 2.0]], r"shape \(1, 2\)"),
        ("aitchison", [[1.0, 0.0]], "fisher_rao"),
        ("fisher_rao", [[1.0, -1.0]], r"y\[0\]"),
        ("wasserstein", [[1.0], []], "empty sample"),
        ("precomputed", [[0.0, 1.0]], r"\(1, 2\)"),
        ("precomputed", [[0.0, 1.0], [2.0, 0.0]], "not symmetric"),
        ("precomputed", [[1.0, 1.0], [1.0, 1.0]], "diagonal"),
        ("precomputed", [[0.0, -1.0], [-1.0, 0.0]], "not negative"),
        ("discrete", [[1, 2], [3, 4]], "labels"),
    ],
)
def test_what_is_wrong_with_the_objects_is_said(metric, objects, message):
    with pytest.raises(ValueError, match=message):
        Response.of(objects, metric)


def test_log_cholesky_does_not_depend_on_units():
    L = np.array([[2.0, 0.0], [-0.5, 1.5]])
    y = np.stack([scale @ L @ L.T @ scale for scale in (np.eye(2), np.diag([1e9, 1e-9]))])
    assert Response.of(y, "log_cholesky").distances[0, 1] == pytest.approx(np.hypot(np.sqrt(2) * np.log(1e9), 0.5))


def test_every_space_is_tested():
    assert set(OBJECTS) | {"precomputed"} == set(SPACES)


def single(metric):
    """Objects as single precision, five printed digits, or a loop over rows leave them."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(30, 40)).astype(np.float32)
    directions = (vectors := rng.normal(size=(30, 3))) / np.linalg.norm(vectors, axis=1, keepdims=True)
    if metric == "precomputed":
        squares = [(points**2).sum(axis=1) + point @ point - 2 * (points @ point) for point in points]
        return np.sqrt(np.maximum(np.stack(squares), 0))  # the diagonal is not zero either
    if metric == "geodesic":
        return directions.round(5)
    mixing = rng.normal(size=(30, 3, 3)).astype(np.float32)
    return np.array([A @ (A.T @ A + np.eye(3, dtype=np.float32)) @ A.T for A in mixing])


@pytest.mark.parametrize("metric", ["precomputed", "geodesic", "frobenius", "affine_invariant", "log_cholesky"])
def test_rounding_of_single_precision_is_taken_for_what_it_is(metric):
    objects = single(metric)
    distances = Response.of(objects, metric).distances
    np.testing.assert_array_equal(distances, distances.T)
    np.testing.assert_array_equal(np.diagonal(distances), 0)
    if metric == "precomputed":
        np.testing.assert_array_equal(Response.of(pd.DataFrame(objects), metric).distances, distances)
    else:
        half = objects.astype(np.float16)
        if metric == "geodesic":
            np.testing.assert_allclose(Response.of(half, metric).distances, distances, atol=2e-3)


@pytest.mark.parametrize(
    ("metric", "objects", "message"),
    [
        (
            "precomputed",
            np.array([[0, 1, 2], [1, 0, 1], [2.01, 1, 0]]),
            r"entries \(0, 2\) and \(2, 0\) differ by 5\.0e-03",
        ),
        ("precomputed", np.array([[0, 1.0], [1, 0.01]]), r"y\[1, 1\] is 0\.01"),
        ("frobenius", np.array([np.eye(2), [[1, 0.1], [0.1001, 1]]]), r"y\[1\] is not symmetric.*differ by 1\.0e-04"),
        ("geodesic", [[1.0, 0.0], [0.0, 1.01]], r"length 1\.01, off by 1\.0e-02"),
    ],
)
def test_what_rounding_does_not_explain_is_measured(metric, objects, message):
    with pytest.raises(ValueError, match=message):
        Response.of(objects, metric)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda a, b: max(a - b, 0.0), "not symmetric"),
        (lambda a, b: abs(a - b) * (1.5 if a == 11 else 1.0), "not symmetric: .* object 10 .* object 11|11 to object"),
        (lambda a, b: abs(a - b) + 1.0, "from object 0 to itself"),
        (lambda a, b: np.array([abs(a - b)]), r"returned a ndarray of shape \(1,\)"),
        (lambda a, b: [abs(a - b)], r"returned a list of shape \(1,\)"),
        (lambda a, b: str(abs(a - b)), "returned a str"),
        (lambda a, b: None, "returned a NoneType"),
        (lambda a, b: complex(a, b), "returned a complex"),
        (lambda a, b: np.nan, "returned nan"),
        (lambda a, b: np.inf, "returned inf"),
    ],
)
def test_functions_that_are_no_distances_are_refused(function, message):
    with pytest.raises(ValueError, match=message):
        Response.of(np.arange(20.0), function)


@pytest.mark.parametrize(
    "labels",
    [
        np.array([1.0, np.nan, 2.0]), ["a", None, "b"], ["a", np.nan, "b"], np.array(["a", None, "b"], object),
        np.array(["2024-01-01", "NaT", "2024-01-02"], "datetime64[D]"), pd.Series(["a", pd.NA, "b"]),
        pd.Series([1, None, 2], dtype="Int64"), pd.Series(["a", None, "b"], dtype="category"),
        np.ma.masked_equal([1, 9, 2], 9), [[1], [None], [2]],
    ],
)  # fmt: skip
def test_missing_labels_are_refused(labels):
    with pytest.raises(ValueError, match=r"1 are missing, the first is y\[1\]"):
        Response.of(labels, "discrete")


def test_labels_of_any_other_kind_are_classes():
    for labels in (
        ["nan", "None", "b"],
        [True, False, True],
        np.array(["x", "y", "x"]),
        pd.Series([1, 2, 1], dtype="Int64"),
    ):
        assert Response.of(labels, "discrete").distances[0, 1] == 1.0


def test_masked_numbers_are_refused():
    with pytest.raises(ValueError, match="1 of its entries are masked"):
        Response.of(np.ma.masked_equal([1.0, -999.0, 2.0], -999.0))
