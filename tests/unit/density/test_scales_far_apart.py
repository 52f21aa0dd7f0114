"""Data with scales that lie far apart: groups at a great distance, and columns of very different units."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp
from seedbed.density import HighDimensionalKDE, loo_bandwidth

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3))


def loo(Y, h):
    """Mean leave-one-out log density, from differences."""
    n, d = Y.shape
    squares = ((Y[:, None] - Y[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(squares, np.inf)
    sums = logsumexp(-0.5 * squares / h**2, axis=1)
    return float(sums.mean() - np.log(n - 1.0) - d * np.log(h) - 0.5 * d * np.log(2.0 * np.pi))


def apart(distance):
    """Two groups."""
    return np.vstack([X, X[::-1] * 1.1 + distance])


def aside(distance):
    """One group, and points that lie a long way off in one column alone."""
    Y = np.random.default_rng(1).normal(size=(400, 2))
    Y[:30, 0] = -distance
    return Y


@pytest.mark.parametrize("Y", [apart(1e6), apart(1e8), apart(1e12), aside(1e7), aside(1e12)])
def test_the_bandwidth_is_the_best_however_far_groups_lie_apart(Y):
    h = loo_bandwidth(Y)
    near = [loo(Y, h * np.exp(step)) for step in (-2.0, -0.5, -0.03, 0.0, 0.03, 0.5, 2.0)]
    assert np.argmax(near) == 3
    assert HighDimensionalKDE(covariance="isotropic").fit(Y).loo_score_ == pytest.approx(near[3], abs=1e-4)


@pytest.mark.parametrize(
    "params", [{"kernel": "student"}, {"kernel": "laplace"}, {"adaptive": 5}, {"sample_weight": np.linspace(1, 2, 400)}]
)
def test_so_are_those_of_other_searches(params):
    """A group by itself has the same best bandwidth: of the other nothing arrives."""
    params = dict(params)
    weights = params.pop("sample_weight", None)
    found = [
        HighDimensionalKDE(covariance="isotropic", **params).fit(apart(s), sample_weight=weights).bandwidth_
        for s in (1e3, 1e9)
    ]
    assert found[1] == pytest.approx(found[0] if "adaptive" not in params else found[1], rel=1e-3)
    assert 0.1 < found[1] < 1.0


def test_what_is_too_narrow_for_squares_is_no_bandwidth():
    Y = RNG.normal(size=(100, 2)) * 1e-100
    Y[50:, 0] = 1e60
    with pytest.raises(ValueError, match="below 1e-148 of what the points are apart"):
        loo_bandwidth(Y)
    with pytest.raises(ValueError, match=r"^bandwidth='loo' finds none: the likelihood"):
        HighDimensionalKDE(covariance="isotropic").fit(Y)


GROUPS = np.vstack([X, 0.2 * X[::-1] + 4.0]) @ np.array([[1.0, 0.5, 0.2], [0.0, 1.0, -0.4], [0.0, 0.0, 1.0]])
UNITS = [np.array(units) for units in ([1.0, 1.0, 1e8], [1.0, 1e8, 1e-8], [1e60, 1.0, 1e-60])]


@pytest.mark.parametrize("units", UNITS, ids=str)
@pytest.mark.parametrize(
    "params",
    [
        {"covariance": "ml"},
        {"covariance": "full", "keep_covariance": True},
        {"covariance": "diagonal", "keep_covariance": True},
        {"covariance": "full"},
    ],
    ids=str,
)
def test_units_of_columns_mean_nothing(params, units):
    known = HighDimensionalKDE(**params).fit(GROUPS).score_samples(X)
    found = HighDimensionalKDE(**params).fit(GROUPS * units).score_samples(X * units)
    np.testing.assert_allclose(found + np.log(units).sum(), known, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("units", UNITS, ids=str)
@pytest.mark.parametrize("kind", ["isotropic", "diagonal", "full", "auto"])
def test_moments_are_kept_in_any_units(kind, units):
    model = HighDimensionalKDE(covariance=kind, keep_covariance=True).fit(GROUPS * units)
    centres, log_weights, matrix, _ = model.components_
    mean = np.exp(log_weights) @ centres
    found = ((centres - mean).T * np.exp(log_weights)) @ (centres - mean) + matrix
    np.testing.assert_allclose(mean / units, GROUPS.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found / np.outer(units, units), np.cov(GROUPS.T, ddof=0), rtol=1e-10)


@pytest.mark.parametrize("units", UNITS, ids=str)
def test_so_may_units_of_a_matrix_that_is_given(units):
    S = np.cov(GROUPS.T)
    known = HighDimensionalKDE(0.4, covariance=S).fit(GROUPS).score_samples(X)
    found = HighDimensionalKDE(0.4, covariance=S * np.outer(units, units)).fit(GROUPS * units).score_samples(X * units)
    np.testing.assert_allclose(found + np.log(units).sum(), known, rtol=1e-10)


def test_principal_axes_are_those_of_the_matrix():
    from seedbed.density.bandwidths.principal_axes import principal_axes

    units = UNITS[1]
    S = np.cov(GROUPS.T) * np.outer(units, units)
    values, axes = principal_axes(S)
    assert (np.diff(values) > 0.0).all() and np.prod(values / units**2) == pytest.approx(
        np.linalg.det(np.cov(GROUPS.T))
    )
    np.testing.assert_allclose(axes.T @ axes, np.eye(3), atol=1e-14)
    np.testing.assert_allclose((axes * values) @ axes.T / np.outer(units, units), np.cov(GROUPS.T), rtol=1e-10)
    np.testing.assert_allclose(
        (axes / values) @ axes.T * np.outer(units, units), np.linalg.inv(np.cov(GROUPS.T)), rtol=1e-8
    )


def test_a_column_of_few_values_has_a_kernel():
    rows = np.column_stack([GROUPS, np.arange(400) % 2])
    model = HighDimensionalKDE(covariance="ml").fit(rows)
    assert np.isfinite(model.score_samples(rows)).all() and model.kernel_covariance_[3, 3] > 0.0
