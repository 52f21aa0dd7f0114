"""Data, bandwidths and weights of any scale: right where squares are numbers, one message where they are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from seedbed.density import HighDimensionalKDE, local_dimension, loo_bandwidth

X = np.random.default_rng(0).normal(size=(150, 4))
Q = X[:5] + 0.1


@pytest.mark.parametrize("scale", [1e-140, 1e-30, 1e30, 1e140])
@pytest.mark.parametrize(
    "params", [{}, {"covariance": "ml"}, {"keep_covariance": True}, {"bandwidth": "nearest"}], ids=str
)
def test_densities_scale(scale, params):
    known = HighDimensionalKDE(**params).fit(X).score_samples(Q) - 4.0 * np.log(scale)
    np.testing.assert_allclose(HighDimensionalKDE(**params).fit(scale * X).score_samples(scale * Q), known, rtol=1e-8)


@pytest.mark.parametrize("h", [1e-149, 1e-100, 1e100, 1e149])
def test_bandwidths_of_any_size(h):
    """At a point of the data a narrow kernel has its own height; a wide one is flat."""
    model = HighDimensionalKDE(h).fit(X)
    height = -4.0 * np.log(h) - 2.0 * np.log(2.0 * np.pi)
    known = height - (np.log(150.0) if h < 1.0 else 0.0)
    np.testing.assert_allclose(model.score_samples(X), known, rtol=1e-12)
    assert model.diagnose(X).effective_points == pytest.approx(1.0 if h < 1.0 else 150.0)


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("h", [1e-200, 1e200, 5e-324])
def test_bandwidths_without_a_square(h, keep):
    with pytest.raises(ValueError, match="has no number as its square: rescale the columns"):
        HighDimensionalKDE(h, keep_covariance=keep).fit(X)


def test_kernels_without_a_square():
    params: dict[str, Any] = {"bandwidth": 1e-100, "covariance": 1e-200 * np.eye(4)}
    with pytest.raises(ValueError, match=r"variances, .* must be numbers from 1e-300 to 1e300"):
        HighDimensionalKDE(**params).fit(X)


@pytest.mark.parametrize("ask", [
    *(HighDimensionalKDE(covariance=kind).fit for kind in ("auto", "isotropic", "diagonal", "full", "ml")),
    HighDimensionalKDE(keep_covariance=True).fit, HighDimensionalKDE("nearest").fit, HighDimensionalKDE(0.5).fit,
    loo_bandwidth, local_dimension,
])  # fmt: skip
def test_data_without_squares(ask):
    for scale, message in ((1e-200, "varies by less than 1e-150"), (1e200, "beyond 1e[+]150")):
        with pytest.raises(ValueError, match=message):
            ask(scale * X)


def test_a_column_without_squares_is_constant():
    tiny = np.column_stack([X, 1e-200 * X[:, 0]])
    known = HighDimensionalKDE(0.5).fit(np.column_stack([X, np.zeros(150)])).score_samples(tiny)
    np.testing.assert_allclose(HighDimensionalKDE(0.5).fit(tiny).score_samples(tiny), known)
    HighDimensionalKDE().fit(tiny)
    with pytest.raises(ValueError, match="column 4 is constant"):
        HighDimensionalKDE(covariance="full").fit(tiny)


@pytest.mark.parametrize("weight", [1e308, 1e-308])
def test_the_scale_of_weights_means_nothing(weight):
    known = HighDimensionalKDE().fit(X)
    found = HighDimensionalKDE().fit(X, sample_weight=np.full(150, weight))
    np.testing.assert_allclose(found.score_samples(Q), known.score_samples(Q), rtol=1e-12)


def test_single_precision_is_as_wrong_as_its_page_says():
    """2e-7 of the largest squared distance from the mean in units of the kernel."""
    for d, h, apart in ((20, 0.9, 0.0), (20, 0.05, 0.0), (3, 0.3, 40.0), (300, 0.3, 0.0)):
        rows = np.random.default_rng(1).normal(size=(900, d))
        rows[::2] += apart
        exact = HighDimensionalKDE(h).fit(rows[:700]).score_samples(rows[700:])
        single = HighDimensionalKDE(h, dtype=np.float32).fit(rows[:700]).score_samples(rows[700:])
        largest = ((rows - rows[:700].mean(axis=0)) ** 2).sum(axis=1).max() / h**2
        assert np.abs(single - exact).max() <= 2e-7 * largest


FAR = np.array([[0.0, 0.0], [1e100, 0.0], [3e100, 1e100]])


@pytest.mark.parametrize("kernel", ["gaussian", "student", "laplace"])
@pytest.mark.parametrize("adaptive", [None, 1])
def test_rows_without_squares_in_units_of_the_kernel(kernel, adaptive):
    with pytest.raises(ValueError, match=r"rows lie more than 1e[+]152 widths of the kernel apart"):
        HighDimensionalKDE(1e-60, kernel, adaptive=adaptive).fit(FAR)
    model = HighDimensionalKDE(1e-5, kernel, adaptive=adaptive).fit(X)
    for ask in (model.score_samples, model.gradient, model.contributions, model.diagnose, model.mean_shift):
        with pytest.raises(ValueError, match=r"rows lie more than 1e[+]152 widths"):
            ask(np.full((1, 4), 1e150))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rows_that_lie_far_apart_have_densities(dtype):
    """Up to where squares end: every row of the data stands alone, and a query has the density of its nearest row."""
    model = HighDimensionalKDE(1e-50, dtype=dtype).fit(FAR)
    known = -np.log(3.0) - np.log(2.0 * np.pi) + 100.0 * np.log(10.0)
    np.testing.assert_allclose(model.score_samples(FAR), known, rtol=1e-12)
    near = HighDimensionalKDE(1.0, dtype=dtype).fit(np.tile(X[:, :2], (5, 1)) + np.arange(750.0)[:, None])
    np.testing.assert_allclose(near.score_samples([[1e50, 0.0], [0.0, -1e20]]), [-0.5e100, -0.5e40], rtol=1e-6)


@pytest.mark.parametrize("kernel", ["student", "laplace"])
def test_tails_reach_as_far(kernel):
    one = HighDimensionalKDE(1.0, kernel, df=3.0).fit(np.zeros((1, 2)))
    r = 1e150
    known = {
        "student": -2.5 * np.log(r * r / 3.0) - np.log(2.0 * np.pi),
        "laplace": -np.sqrt(3.0) * r,
    }
    np.testing.assert_allclose(one.score_samples([[r, 0.0]]), known[kernel], rtol=1e-12)


def test_values_of_conditional_have_squares():
    model = HighDimensionalKDE(0.5).fit(X)
    with pytest.raises(ValueError, match=r"conditional was given values beyond 1e[+]150"):
        model.conditional([0], [1e160])
    with pytest.raises(ValueError, match=r"rows lie more than 1e[+]152 widths"):
        HighDimensionalKDE(1e-5).fit(X).conditional([0], [1e150])
    given = model.conditional([0], [1e140])
    nearest = X[np.argmax(X[:, 0]), 1:]
    assert np.isfinite(given.score_samples([nearest])).all()
