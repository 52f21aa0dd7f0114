"""The Fréchet cumulative covariance: three evaluations, one number; its kernel; the test of independence."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.reduction import Response, ball_kernel, fccov_independence_test, frechet_cumulative_covariance
from seedbed.reduction.fccov.balls import ball_counts, choose_anchors, normalise
from seedbed.reduction.fccov.covariance import kernel_products
from seedbed.reduction.numerics.centring import centre, u_centre


def draw(kind, n=41, seed=0):
    rng = np.random.default_rng(seed)
    y = {
        "vectors": rng.normal(size=(n, 2)),
        "ties": rng.integers(0, 3, (n, 2)).astype(float),
        "labels": rng.integers(0, 4, n).astype(float),
        "heavy tails": rng.standard_cauchy(n),
        "all equal": np.zeros(n),
    }[kind]
    return Response.of(y), rng.normal(size=(n, 3)) + np.reshape(y, (n, -1))[:, :1]


KINDS = ["vectors", "ties", "labels", "heavy tails", "all equal"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("unbiased", [False, True])
@pytest.mark.parametrize("n", [4, 41])
def test_naive_sorted_and_kernel_evaluations_agree(kind, unbiased, n):
    response, f = draw(kind, n)
    naive, by_sort, by_kernel = (
        frechet_cumulative_covariance(f, response.distances, method=name, unbiased=unbiased)
        for name in ("naive", "sort", "kernel")
    )
    np.testing.assert_allclose(by_sort, naive, rtol=0, atol=1e-14)
    np.testing.assert_allclose(by_kernel, naive, rtol=0, atol=1e-14)
    one = frechet_cumulative_covariance(f[:, 0], response.distances, unbiased=unbiased)
    assert one == pytest.approx(naive[0, 0], abs=1e-14)


def test_unbiased_is_the_quadratic_form_of_the_u_centred_kernel():
    response, f = draw("ties")
    n, f = len(response), f - f.mean(axis=0)
    kernel = u_centre(ball_kernel(response))
    np.testing.assert_allclose(kernel.sum(axis=0), 0, atol=1e-12)
    expected = f.T @ kernel @ f / (n * (n - 3))
    found = frechet_cumulative_covariance(f, response.distances, unbiased=True)
    np.testing.assert_allclose(found, expected, atol=1e-14)


def test_classes_have_a_closed_form():
    # notes 6.1: with the 0/1 metric and strict balls, sum_c p_c^3 (1 - p_c) (m_c - m)^2
    rng = np.random.default_rng(1)
    labels, f = rng.integers(0, 3, 60), rng.normal(size=60)
    share = np.array([(labels == c).mean() for c in range(3)])
    means = np.array([f[labels == c].mean() for c in range(3)])
    expected = (share**3 * (1 - share) * (means - f.mean()) ** 2).sum()
    distances = Response.of(labels, "discrete").distances
    assert frechet_cumulative_covariance(f, distances) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("kind", ["vectors", "heavy tails"])
def test_the_trace_tends_to_a_sixth_whatever_the_law(kind):
    kernel = ball_kernel(draw(kind, 400)[0])
    assert np.trace(centre(kernel)) / 400 == pytest.approx(1 / 6, abs=1e-4)
    assert np.trace(normalise(kernel)) / 400 == pytest.approx(1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_kernel_is_positive_semidefinite_and_bounded(kind):
    kernel = ball_kernel(draw(kind)[0])
    assert np.linalg.eigvalsh(kernel)[0] > -1e-12
    assert kernel.min() >= 0 and kernel.max() <= 1
    np.testing.assert_array_equal(kernel, kernel.T)
    assert np.isfinite(normalise(kernel)).all()


def test_only_the_order_of_distances_counts():
    response, f = draw("vectors")
    plain = frechet_cumulative_covariance(f, response.distances)
    for change in (np.sqrt, np.square, lambda d: d / (1 + d)):
        np.testing.assert_array_equal(frechet_cumulative_covariance(f, change(response.distances)), plain)


def test_quantiles_of_a_location_family_give_the_kernel_of_the_locations():
    # quarters are exact in binary, and so are all distances
    locations = np.round(np.random.default_rng(3).normal(size=30) * 8) / 4
    rows = locations[:, None] + np.zeros(16)
    np.testing.assert_array_equal(ball_kernel(Response.of(rows, "wasserstein")), ball_kernel(Response.of(locations)))


def test_unbiased_means_zero_under_independence():
    rng = np.random.default_rng(4)
    response = Response.of(rng.normal(size=(30, 2)))
    draws = {True: [], False: []}
    for _ in range(400):
        f = rng.permutation(30).astype(float)
        for unbiased, values in draws.items():
            values.append(frechet_cumulative_covariance(f / f.std(), response.distances, unbiased=unbiased))
    error = np.std(draws[True]) / 20
    assert abs(np.mean(draws[True])) < 3 * error < 1e-3 < np.mean(draws[False])


@pytest.mark.parametrize("n", [7, 8, 9, 10])
def test_kernel_of_any_size_and_of_some_anchors(n):
    response = draw("vectors", n)[0]
    distances, anchors = response.distances, np.array([0, 3, 5])
    farther = (distances[:, None, anchors] > distances[None, :, anchors]).mean(axis=0)  # [i, j]
    expected = np.minimum(farther[:, None], farther[None]).mean(axis=2)
    np.testing.assert_allclose(ball_kernel(response, anchors), expected, atol=1e-15)
    np.testing.assert_allclose(ball_counts(response, anchors), farther, rtol=1e-6)
    f = np.random.default_rng(0).normal(size=(n, 2))
    np.testing.assert_allclose(kernel_products(response, f, anchors), expected @ f, atol=1e-14)


def test_sampled_anchors_come_close():
    response = draw("vectors", 400)[0]
    exact = centre(ball_kernel(response))
    sampled = centre(ball_kernel(response, np.arange(200)))
    assert np.linalg.norm(sampled - exact) < 0.2 * np.linalg.norm(exact)
    assert choose_anchors(5000, 0) is None and len(choose_anchors(5001, 0)) == 1000


def test_independence_test():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(200, 2))
    angle = np.minimum(X[:, 0] ** 2, 3.0) + 0.1 * rng.normal(size=200)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    found = fccov_independence_test(X, circle, metric="geodesic", random_state=0)
    assert found.p_value == 1 / 500 and found.statistic > found.null_statistics.max()
    again = fccov_independence_test(X, circle, metric="geodesic", random_state=0)
    np.testing.assert_array_equal(again.null_statistics, found.null_statistics)
    # E(X | Y) is constant here: the linear version must not see it
    assert fccov_independence_test(X, circle, metric="geodesic", features="linear", random_state=0).p_value > 0.05


def test_independence_test_keeps_its_level():
    rng = np.random.default_rng(7)
    p_values = []
    for seed in range(200):
        X, y = rng.normal(size=(25, 2)), rng.normal(size=25)
        p_values.append(fccov_independence_test(X, y, n_permutations=99, random_state=seed).p_value)
    rejected = np.mean(np.array(p_values) <= 0.1)
    assert abs(rejected - 0.1) < 3 * np.sqrt(0.09 / 200)


@pytest.mark.parametrize(
    ("f", "distances", "options", "message"),
    [
        (np.ones(3), np.zeros((3, 3)), {}, "four responses"),
        (np.ones(4), np.zeros((5, 5)), {}, "one row per response"),
        (np.full(5, np.nan), np.zeros((5, 5)), {}, "finite"),
        (np.ones(5), np.zeros((5, 4)), {}, "square"),
        (np.ones(5), np.zeros((5, 5)), {"method": "fast"}, "'sort', 'kernel' or 'naive'"),
    ],
)
def test_mistakes_are_named(f, distances, options, message):
    with pytest.raises(ValueError, match=message):
        frechet_cumulative_covariance(f, distances, **options)
