"""Chains of nearest neighbours, compiled, find what SciPy does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist, squareform
from seedbed.proximity import KernelKMeans, KernelWard
from seedbed.proximity.partitions import chain_loops, merges
from seedbed.proximity.partitions.ward import finite_distances, ward_tree


def euclidean(n):
    return squareform(pdist(np.random.default_rng(0).normal(size=(n, 3))))


def on_a_grid(n):
    return squareform(pdist(np.random.default_rng(1).integers(0, 5, (n, 2)).astype(float)))


def few_values(n):
    upper = np.triu(np.random.default_rng(2).integers(1, 4, (n, n)), 1)
    return (upper + upper.T).astype(float)


def all_alike(n):
    return 1.0 - np.eye(n)


@pytest.mark.parametrize("n", [2, 3, 17, 130])
@pytest.mark.parametrize("make", [euclidean, on_a_grid, few_values, all_alike])
def test_merges_are_scipys_with_many_ties_and_without(monkeypatch, make, n):
    monkeypatch.setattr(merges, "LONG", 0)
    theirs = linkage(squareform(make(n)), "ward")
    ours = merges.ward_merges(make(n))
    np.testing.assert_array_equal(ours[:, [0, 1, 3]], theirs[:, [0, 1, 3]])
    np.testing.assert_allclose(ours[:, 2], theirs[:, 2], rtol=1e-14)


@pytest.mark.parametrize("n", [1, 2, 140])
@pytest.mark.parametrize("ward_input", ["kernel", "distance"])
def test_trees_without_numba_are_the_same(monkeypatch, n, ward_input):
    apart = euclidean(n) ** 2 / 2 if n > 1 else np.zeros((1, 1))
    apart[: n // 2, n // 2 :] = apart[n // 2 :, : n // 2] = np.inf
    found = ward_tree(apart, ward_input)
    monkeypatch.setattr(merges, "_loops", lambda: None)
    np.testing.assert_allclose(found, ward_tree(apart, ward_input), rtol=1e-14)
    assert found.shape == (n - 1, 4)


def test_the_previous_link_of_a_chain_is_preferred_and_else_the_first_place():
    row, gone = np.array([2.0, 1.0, 3.0, 1.0]), np.array([0.0, np.inf, 0.0, 0.0])
    assert chain_loops.nearest(row, gone, -1) == 3 == chain_loops.nearest(row, gone, 2)
    row[0] = 1.0
    assert chain_loops.nearest(row, gone, -1) == 0 and chain_loops.nearest(row, gone, 3) == 3


@pytest.mark.parametrize("bad", [np.nan, 1e307])
def test_numbers_that_are_not_finite_are_refused_as_by_scipy(bad):
    apart = np.full((140, 140), bad)
    apart[0, 1:] = apart[1:, 0] = np.inf
    with pytest.raises(ValueError, match="finite"), np.errstate(all="ignore"):
        ward_tree(apart)


@pytest.mark.parametrize("size", [1e-130, 1e149])
def test_very_small_and_very_large_distances_have_the_same_merges(size):
    theirs = linkage(squareform(euclidean(140)), "ward")
    found = merges.ward_merges(euclidean(140) * size)
    np.testing.assert_array_equal(found[:, [0, 1, 3]], theirs[:, [0, 1, 3]])
    np.testing.assert_allclose(found[:, 2] / size, theirs[:, 2], rtol=1e-13)


@pytest.mark.parametrize("metric", ["distance", "squared_distance", "kernel"])
@pytest.mark.parametrize("exponent", [-1000, -560, -250, -249, 240, 500, 531, 1000])
@pytest.mark.filterwarnings("error")
def test_units_of_a_matrix_change_no_digit(metric, exponent):
    """Powers of two: what is found is the same to the last digit, in other units."""
    points = np.random.default_rng(0).normal(size=(30, 2))
    matrix = {"distance": squareform(pdist(points)), "squared_distance": squareform(pdist(points)) ** 2}
    matrix = matrix.get(metric, points @ points.T)
    exponent, root = (exponent, exponent) if metric == "distance" else (2 * (exponent // 2), exponent // 2)
    for ward_input, height in (("kernel", root), ("distance", 2 * root)):
        one, other = (KernelWard(3, metric=metric, ward_input=ward_input) for _ in range(2))
        one.fit(matrix)
        if height > 1000:
            with pytest.raises(ValueError, match="exceed what a double can hold; divide the matrix"):
                other.fit(np.ldexp(matrix, exponent))
            continue
        other.fit(np.ldexp(matrix, exponent))
        np.testing.assert_array_equal(other.children_, one.children_)
        np.testing.assert_array_equal(other.labels_, one.labels_)
        np.testing.assert_array_equal(other.distances_, np.ldexp(one.distances_, height))
    means = [KernelKMeans(3, metric=metric, random_state=0) for _ in range(2)]
    means[0].fit(matrix)
    if 2 * root > 1000:
        with pytest.raises(ValueError, match="exceed what a double can hold; divide the matrix"):
            means[1].fit(np.ldexp(matrix, exponent))
    else:
        means[1].fit(np.ldexp(matrix, exponent))
        np.testing.assert_array_equal(means[1].labels_, means[0].labels_)
        assert means[1].inertia_ == np.ldexp(means[0].inertia_, 2 * root)


@pytest.mark.parametrize("size", [1e-300, 1e-141, 1e200, 1e300])
def test_heights_of_a_tree_have_the_unit_of_its_distances(size):
    apart = euclidean(40)
    theirs = linkage(squareform(apart), "ward")
    for ward_input, distances in (("kernel", apart**2 / 2 * size), ("distance", apart * size)):
        found = ward_tree(distances, ward_input)
        np.testing.assert_array_equal(found[:, [0, 1, 3]], theirs[:, [0, 1, 3]])
        np.testing.assert_allclose(
            found[:, 2] / (size**0.5 if ward_input == "kernel" else size), theirs[:, 2], rtol=1e-13
        )


def test_what_is_finite_stays_so():
    assert finite_distances(np.full((2, 2), 1e308))[0, 1] == 1e308


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
def test_loops_that_look_for_no_nan_see_no_square_that_overflows(monkeypatch, bad):
    monkeypatch.setattr(merges, "_loops", lambda: pytest.fail("not for these numbers"))
    apart = euclidean(140)
    apart[3, 5] = apart[5, 3] = bad
    if np.isfinite(bad):
        assert merges.ward_merges(apart).shape == (139, 4)
    else:
        with pytest.raises(ValueError, match="finite"):
            merges.ward_merges(apart)
