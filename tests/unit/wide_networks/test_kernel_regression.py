"""Ridge regression and classification with kernels of wide networks: against refits, densities and equations."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from scipy.stats import multivariate_normal
from seedbed.wide_networks import NNGPRegressor, NTKClassifier, NTKRegressor, ntk_kernel
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.kernel_ridge import KernelRidge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
Y = np.column_stack([X[:, 0] + np.abs(X[:, 1]), np.sin(2.0 * X[:, 2])]) + 0.1 * RNG.normal(size=(40, 2)) + 3.0
WEIGHTS = RNG.uniform(0.2, 3.0, 40)
NEW = RNG.normal(size=(15, 3))
GIVEN = {"depth": 2, "input_bias": 0.5, "alpha": 0.3}


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["even", "weighted"])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("solver", ["eigh", "cholesky"])
@pytest.mark.parametrize("model", [NTKRegressor, NNGPRegressor])
def test_residuals_of_rows_left_out_are_those_of_refits(model, solver, intercept, weights):
    parameters = {**GIVEN, "fit_intercept": intercept, "solver": solver}
    found = model(**parameters).fit(X, Y, weights).loo_residuals_
    for i in range(0, 40, 7):
        rest = np.arange(40) != i
        refit = model(**parameters).fit(X[rest], Y[rest], None if weights is None else weights[rest])
        np.testing.assert_allclose(found[i], Y[i] - refit.predict(X[i : i + 1])[0], rtol=1e-8, atol=1e-10)


def test_the_classifier_leaves_rows_out_exactly():
    iris, y = load_iris(return_X_y=True)
    Z = StandardScaler().fit_transform(iris)[::3]
    names = np.array(["a", "b", "c"])[y[::3]]
    model = NTKClassifier(**GIVEN).fit(Z, names)
    for i in range(0, 50, 6):
        rest = np.arange(50) != i
        refit = NTKClassifier(**GIVEN).fit(Z[rest], names[rest])
        one_hot = (names[i] == model.classes_).astype(float)
        scores = refit.decision_function(Z[i : i + 1])[0]
        # the shares of classes are part of the intercept, which is fitted without the row
        np.testing.assert_allclose(model.loo_residuals_[i], one_hot - scores, atol=1e-9)
        assert model.loo_predictions_[i] == refit.predict(Z[i : i + 1])[0]
    assert model.loo_score_ == np.mean(model.loo_predictions_ == names)


def test_it_is_kernel_ridge_with_this_kernel():
    K, k = (ntk_kernel(A, X, depth=2, input_bias=0.5) for A in (X, NEW))
    peer = KernelRidge(alpha=0.3, kernel="precomputed").fit(K, Y)
    model = NTKRegressor(**GIVEN, fit_intercept=False).fit(X, Y)
    np.testing.assert_allclose(model.predict(NEW), peer.predict(k), rtol=1e-11)
    np.testing.assert_allclose(model.dual_coef_, peer.dual_coef_, rtol=1e-9)
    found = NTKRegressor(**GIVEN, solver="eigh").fit(X, Y).eigenvalues_
    np.testing.assert_allclose(found, np.linalg.eigvalsh(K), rtol=1e-9, atol=1e-10)


def test_an_intercept_leaves_no_mean_of_residuals():
    model = NTKRegressor(**GIVEN).fit(X, Y, WEIGHTS)
    residuals = Y - model.predict(X)
    np.testing.assert_allclose(WEIGHTS @ residuals, 0.0, atol=1e-10)
    # the gradient of the penalised loss vanishes: w r = alpha dual
    np.testing.assert_allclose(WEIGHTS[:, None] * residuals, 0.3 * model.dual_coef_, atol=1e-11)


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["even", "weighted"])
@pytest.mark.parametrize("solver", ["eigh", "cholesky"])
def test_the_evidence_is_the_density(solver, weights):
    noise = np.diag(0.3 / (np.ones(40) if weights is None else weights))
    covariance = ntk_kernel(X, depth=2, input_bias=0.5, which="nngp") + noise
    for intercept in (False, True):
        model = NNGPRegressor(**GIVEN, solver=solver, fit_intercept=intercept).fit(X, Y, weights)
        density = sum(
            multivariate_normal(np.full(40, b), covariance).logpdf(y)
            for y, b in zip(Y.T, model.intercept_, strict=True)
        )
        assert model.log_marginal_likelihood_ == pytest.approx(density, rel=1e-10)
        scaled = NNGPRegressor(depth=2, input_bias=0.5, alpha=[0.3, 0.3], fit_intercept=intercept).fit(X, Y, weights)
        densities = [
            multivariate_normal(np.full(40, b), s * covariance).logpdf(y)
            for y, b, s in zip(Y.T, scaled.intercept_, scaled.scale_, strict=True)
        ]
        assert scaled.log_marginal_likelihood_ == pytest.approx(sum(densities), rel=1e-10)
        assert scaled.log_marginal_likelihood_ > model.log_marginal_likelihood_


def test_the_posterior_is_that_of_the_joint_law():
    y = Y[:, 0]
    model = NNGPRegressor(**GIVEN, scale=2.0).fit(X, y)
    joint = 2.0 * ntk_kernel(np.vstack([X, NEW]), depth=2, input_bias=0.5, which="nngp")
    A = joint[:40, :40] + 0.6 * np.eye(40)
    shares = np.linalg.solve(A, joint[:40, 40:]).T
    mean, covariance = model.predict(NEW, return_cov=True)
    np.testing.assert_allclose(mean, shares @ y, rtol=1e-9)
    np.testing.assert_allclose(covariance, joint[40:, 40:] - shares @ joint[:40, 40:], atol=1e-11)
    np.testing.assert_allclose(model.predict(NEW, return_std=True)[1], np.sqrt(np.diag(covariance)), rtol=1e-9)
    draws = model.sample_y(NEW[:3], 20000, random_state=0)
    assert draws.shape == (3, 20000)
    np.testing.assert_allclose(np.cov(draws), covariance[:3, :3], atol=0.05 * covariance[:3, :3].max())
    np.testing.assert_array_equal(draws, model.sample_y(NEW[:3], 20000, random_state=0))


def test_an_unknown_intercept_is_a_very_wide_one():
    wide = NNGPRegressor(depth=2, alpha=0.3, fit_intercept=True).fit(X, Y)
    assert wide.sample_y(NEW, 4, random_state=0).shape == (15, 2, 4)
    K = ntk_kernel(np.vstack([X, NEW]), depth=2, input_bias=0.3, which="nngp") + 1e6
    model = NNGPRegressor(depth=2, input_bias=0.3, alpha=0.3, fit_intercept=True).fit(X, Y)
    A = K[:40, :40] + 0.3 * np.eye(40)
    shares = np.linalg.solve(A, K[:40, 40:]).T
    mean, covariance = model.predict(NEW, return_cov=True)
    np.testing.assert_allclose(mean, shares @ Y, atol=1e-4)
    np.testing.assert_allclose(covariance[:, :, 1], K[40:, 40:] - shares @ K[:40, 40:], atol=1e-4)


@pytest.mark.parametrize("criterion", ["loo", "gcv", "evidence"])
def test_the_search_takes_the_best_of_its_table(criterion):
    y = Y[:, 0]
    model = NTKRegressor(criterion=criterion).fit(X, y)
    table = pd.DataFrame(model.path_)
    assert len(table) == 4 * 2 * 16 and table.chosen.sum() == 1
    chosen = table[table.chosen].iloc[0]
    column = {"loo": -table.loo_mse, "gcv": -table.gcv, "evidence": table.log_evidence}[criterion]
    assert column[table.chosen].iloc[0] == column.max()
    assert (chosen.depth, chosen.input_bias, chosen.alpha) == (model.depth_, model.input_bias_, model.alpha_)
    assert chosen.loo_mse == pytest.approx(np.mean(model.loo_residuals_**2))
    assert model.loo_score_ == pytest.approx(1.0 - np.mean(model.loo_residuals_**2) / y.var())
    again = NTKRegressor(model.depth_, model.alpha_, model.input_bias_).fit(X, y)
    np.testing.assert_allclose(again.predict(NEW), model.predict(NEW), rtol=1e-7)


def test_the_table_of_the_classifier_breaks_ties_by_errors():
    iris, y = load_iris(return_X_y=True)
    model = NTKClassifier().fit(StandardScaler().fit_transform(iris), y)
    table = pd.DataFrame(model.path_)
    best = table[table.loo_accuracy == table.loo_accuracy.max()]
    assert len(best) > 1 and best.loo_mse.min() == table.loo_mse[table.chosen].iloc[0]


def test_predictions_follow_units_and_order():
    model = NTKRegressor(depth=[1, 2]).fit(X, Y[:, 0])
    other = NTKRegressor(depth=[1, 2]).fit(X, 5.0 * Y[:, 0] - 100.0)
    np.testing.assert_allclose(other.predict(NEW), 5.0 * model.predict(NEW) - 100.0, rtol=1e-7)
    order = RNG.permutation(40)
    turned = NTKRegressor(depth=[1, 2]).fit(X[order], Y[order, 0])
    np.testing.assert_allclose(turned.predict(NEW), model.predict(NEW), rtol=1e-7)
    np.testing.assert_allclose(turned.loo_residuals_, model.loo_residuals_[order], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("model", [NTKRegressor(**GIVEN), NNGPRegressor(**GIVEN)])
def test_weights_are_copies(model):
    counts = np.arange(40) % 3
    weighted = clone(model).fit(X, Y, counts).predict(NEW)
    np.testing.assert_allclose(
        weighted, clone(model).fit(np.repeat(X, counts, 0), np.repeat(Y, counts, 0)).predict(NEW)
    )


def test_several_targets_share_a_kernel_and_a_ridge():
    model = NTKRegressor(**GIVEN).fit(X, Y)
    for k in range(2):
        np.testing.assert_allclose(model.predict(NEW)[:, k], NTKRegressor(**GIVEN).fit(X, Y[:, k]).predict(NEW))
    assert model.predict(NEW).shape == (15, 2) and model.intercept_.shape == (2,)


def test_what_is_found_is_said():
    assert "the best of 128 by loo" in NTKRegressor().fit(X, Y).message_
    assert "R^2 of rows left out" in NTKRegressor(**GIVEN).fit(X, Y).message_
    assert "the largest alpha that was tried" in NTKRegressor(2, [1.0, 2.0]).fit(X, RNG.normal(size=40)).message_


def test_inputs_are_left_alone_and_may_be_of_any_kind():
    frozen, targets = X.copy(), Y.copy()
    frozen.flags.writeable = targets.flags.writeable = False
    model = NTKRegressor(**GIVEN).fit(frozen, targets)
    for wrap in (list, pd.DataFrame, sp.csr_array, lambda A: A.astype(np.float32)):
        found = NTKRegressor(**GIVEN).fit(wrap(X), Y).predict(wrap(NEW))
        np.testing.assert_allclose(found, model.predict(NEW), rtol=1e-4)
    loaded = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(loaded.predict(NEW), model.predict(NEW))
    assert make_pipeline(StandardScaler(), NTKClassifier()).fit(X, X[:, 0] > 0).score(X, X[:, 0] > 0) > 0.9


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: NTKRegressor(depth=0).fit(X, Y), "depth"),
        (lambda: NTKRegressor(depth=[1, 0]).fit(X, Y), "depth=0: a network has at least one hidden layer"),
        (lambda: NTKRegressor(depth=[]).fit(X, Y), "depth is an empty list"),
        (lambda: NTKRegressor(alpha=0.0).fit(X, Y), "alpha"),
        (lambda: NTKRegressor(alpha=[1.0, -1.0]).fit(X, Y), "must be positive: a ridge keeps the matrix invertible"),
        (lambda: NTKRegressor(activation="swish").fit(X, Y), "'swish' is not known"),
        (lambda: NTKRegressor().fit(X[:1], Y[:1]), "at least two rows of positive weight .* got 1 sample"),
        (lambda: NTKRegressor().fit(X, Y, np.arange(40) == 3), "at least two rows of positive weight"),
        (lambda: NTKRegressor().fit(X * np.nan, Y), "NaN"),
        (lambda: NTKRegressor().fit(X * 1e200, Y), "beyond 1e\\+150"),
        (lambda: NTKRegressor().fit(np.zeros((20001, 1)), np.zeros(20001)), "20001 x 20001 pairs takes 3.2 GB"),
        (lambda: NTKClassifier().fit(X, np.ones(40)), "at least two classes .* got 1 class"),
        (lambda: NNGPRegressor(**GIVEN).fit(X, Y).predict(X, True, True), "at most one of return_std and return_cov"),
        (lambda: NNGPRegressor(**GIVEN).fit(X, Y).predict(X, "ensemble"), "is that of WideNetworkRegressor"),
    ],
)
def test_mistakes_are_told(call, message):
    with pytest.raises(ValueError, match=message):
        call()
