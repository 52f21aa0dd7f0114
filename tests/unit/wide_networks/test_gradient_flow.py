"""Training of wide networks in closed form: against explicit steps, its ends, and ensembles of linear networks."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from seedbed.wide_networks import NTKRegressor, WideNetworkRegressor, ntk_kernel

RNG = np.random.default_rng(1)
X = RNG.normal(size=(30, 3))
Y = np.column_stack([X[:, 0] + np.abs(X[:, 1]), np.sin(2.0 * X[:, 2])]) + 5.0
WEIGHTS = RNG.uniform(0.2, 3.0, 30)
NEW = RNG.normal(size=(12, 3))
GIVEN = {"depth": 2, "input_bias": 0.5}


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["even", "weighted"])
@pytest.mark.parametrize("intercept", [True, False])
def test_it_is_ten_thousand_small_steps(intercept, weights):
    w = np.ones(30) if weights is None else weights
    w = w / w.sum()
    K, k = (ntk_kernel(A, X, **GIVEN) for A in (X, NEW))
    time, steps = 20.0, 10**4
    start = w @ Y if intercept else np.zeros(2)
    fitted, new = np.tile(start, (30, 1)), np.tile(start, (12, 1))
    for _ in range(steps):
        slope = w[:, None] * (Y - fitted)
        fitted, new = fitted + time / steps * K @ slope, new + time / steps * k @ slope
    model = WideNetworkRegressor(time, fit_intercept=intercept, **GIVEN).fit(X, Y, weights)
    np.testing.assert_allclose(model.predict(X), fitted, atol=5e-3)
    np.testing.assert_allclose(model.predict(NEW), new, atol=5e-3)
    # Euler's error is of first order: twice the steps halve it
    half = np.tile(start, (30, 1))
    for _ in range(steps // 2):
        half = half + 2.0 * time / steps * K @ (w[:, None] * (Y - half))
    extrapolated = 2.0 * fitted - half
    np.testing.assert_allclose(model.predict(X), extrapolated, atol=2e-5)


def test_the_end_of_training_is_a_vanishing_ridge():
    end = WideNetworkRegressor(np.inf, fit_intercept=False, **GIVEN).fit(X, Y)
    ridge = NTKRegressor(alpha=1e-9, fit_intercept=False, **GIVEN).fit(X, Y)
    np.testing.assert_allclose(end.predict(NEW), ridge.predict(NEW), atol=1e-6)
    np.testing.assert_allclose(end.predict(X), Y, atol=1e-8)
    assert np.isnan(end.gcv_)


def test_the_start_is_the_mean():
    model = WideNetworkRegressor(0.0, **GIVEN).fit(X, Y, WEIGHTS)
    np.testing.assert_allclose(model.predict(NEW), np.tile(np.average(Y, axis=0, weights=WEIGHTS), (12, 1)))
    np.testing.assert_allclose(WideNetworkRegressor(0.0, fit_intercept=False, **GIVEN).fit(X, Y).predict(NEW), 0.0)


def test_a_time_in_between_is_an_exponential_of_the_kernel():
    K = ntk_kernel(X, **GIVEN)
    values, vectors = np.linalg.eigh(K)
    model = WideNetworkRegressor(3.0, fit_intercept=False, **GIVEN).fit(X, Y)
    left = vectors @ (np.exp(-values * 3.0 / 30.0)[:, None] * (vectors.T @ Y))
    np.testing.assert_allclose(Y - model.predict(X), left, rtol=1e-9, atol=1e-12)


def test_stages_are_models_that_stop_there():
    times = [0.0, 0.5, 30.0, np.inf]
    model = WideNetworkRegressor(**GIVEN).fit(X, Y)
    stages = model.staged_predict(NEW, times)
    assert stages.shape == (4, 12, 2)
    for time, stage in zip(times, stages, strict=True):
        np.testing.assert_allclose(stage, WideNetworkRegressor(time, **GIVEN).fit(X, Y).predict(NEW), atol=1e-9)
    single = WideNetworkRegressor(**GIVEN).fit(X, Y[:, 0])
    assert single.staged_predict(NEW, []).shape == (0, 12)
    np.testing.assert_allclose(single.staged_predict(NEW, single.training_time_)[0], single.predict(NEW), rtol=1e-10)


def test_generalised_cross_validation_is_that_of_the_linear_smoother():
    """Its matrix is read off the predictions for unit targets."""
    for intercept in (True, False):
        model = WideNetworkRegressor(4.0, fit_intercept=intercept, **GIVEN)
        smoother = model.fit(X, np.eye(30), WEIGHTS).predict(X)
        freedom = np.trace(np.eye(30) - smoother)
        squares = WEIGHTS @ np.square(Y - smoother @ Y)
        found = model.fit(X, Y, WEIGHTS)
        assert found.gcv_ == pytest.approx(30 * squares.sum() / freedom**2, rel=1e-9)
        assert found.path_.freedom[0] == pytest.approx(freedom, rel=1e-9)


def test_the_search_takes_the_best_of_its_table_and_no_rounding():
    noisy = Y[:, 0] + RNG.normal(size=30)
    model = WideNetworkRegressor().fit(X, noisy)
    table = pd.DataFrame(model.path_)
    assert len(table) == 8 * 60 and table.chosen.sum() == 1
    assert model.gcv_ == table.gcv.min() == table.gcv[table.chosen].iloc[0]
    assert 0.0 < model.training_time_ < np.inf and "the best of 480" in model.message_
    assert (table.freedom[table.gcv.notna()] > 3e-5).all()


def test_predictions_follow_units_and_order():
    model = WideNetworkRegressor(depth=1).fit(X, Y)
    order = RNG.permutation(30)
    other = WideNetworkRegressor(depth=1).fit(X[order], 5.0 * Y[order] - 100.0)
    np.testing.assert_allclose(other.predict(NEW), 5.0 * model.predict(NEW) - 100.0, rtol=1e-7)


def test_an_ensemble_spreads_as_networks_that_were_drawn_and_trained():
    """Functions of the random network are drawn at all rows, and each is trained by its linear equation."""
    model = WideNetworkRegressor(8.0, fit_intercept=False, **GIVEN).fit(X, Y[:, 0])
    both = np.vstack([X, NEW])
    nngp = ntk_kernel(both, which="nngp", **GIVEN)
    starts = np.linalg.cholesky(nngp + 1e-12 * np.eye(42)) @ RNG.normal(size=(42, 40000))
    K, k = (ntk_kernel(A, X, **GIVEN) for A in (X, NEW))
    values, vectors = np.linalg.eigh(K)
    shares = k @ (vectors * (-np.expm1(-values * 8.0 / 30.0) / values)) @ vectors.T
    trained = starts[30:] + shares @ (Y[:, :1] - starts[:30])
    mean, std = model.predict(NEW, return_std="ensemble")
    np.testing.assert_allclose(std, trained.std(axis=1), rtol=0.03)
    np.testing.assert_allclose(mean, trained.mean(axis=1), atol=5.0 * std.max() / 200.0)
    start = WideNetworkRegressor(0.0, **GIVEN).fit(X, Y[:, 0]).predict(NEW, return_std=True)[1]
    np.testing.assert_allclose(start, np.sqrt(np.diag(nngp)[30:]), rtol=1e-12)


def test_it_is_pickled_and_leaves_its_input_alone():
    frozen, targets = X.copy(), Y.copy()
    frozen.flags.writeable = targets.flags.writeable = False
    model = WideNetworkRegressor(2.0, **GIVEN).fit(frozen, targets)
    loaded = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(loaded.staged_predict(NEW, [1.0]), model.staged_predict(NEW, [1.0]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: WideNetworkRegressor(-1.0).fit(X, Y), "training_time"),
        (lambda: WideNetworkRegressor(np.inf, depth=[1, 2]).fit(X, Y), "interpolated by every candidate"),
        (lambda: WideNetworkRegressor(1.0, **GIVEN).fit(X, Y).staged_predict(NEW, [-1.0]), "zero or larger"),
        (lambda: WideNetworkRegressor(1.0, **GIVEN).fit(X, Y).predict(NEW, "posterior"), "True, False or 'ensemble'"),
    ],
)
def test_mistakes_are_told(call, message):
    with pytest.raises(ValueError, match=message):
        call()
