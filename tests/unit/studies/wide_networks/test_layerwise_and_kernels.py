"""Layerwise learning, kernels tuned alike, and oracles: closed forms and what they can represent."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.studies.wide_networks.data.polynomials import HierarchicalPolynomial, SingleIndex
from seedbed.studies.wide_networks.peers.ridge import TunedKernelRidge, gcv
from seedbed.studies.wide_networks.peers.true_functions import TrueIndexSpline, TrueInnerPolynomial
from seedbed.studies.wide_networks.tasks import regression_metrics as metrics
from seedbed.studies.wide_networks.tasks.layerwise import Layerwise, LayerwiseGain, hermite_products


def error(model, data) -> float:
    return metrics.relative_error(data, {"predictions": model.fit(data["X"], data["y"]).predict(data["X_test"])})


def test_hermite_products_are_orthonormal_under_the_normal_law() -> None:
    F = hermite_products(np.random.default_rng(0).standard_normal((200_000, 3)))
    assert F.shape[1] == 6
    np.testing.assert_allclose(F.T @ F / len(F), np.eye(6), atol=0.03)


def test_generalised_cross_validation_is_that_of_the_hat_matrix() -> None:
    rng = np.random.default_rng(1)
    F, y, alpha = rng.standard_normal((12, 5)), rng.standard_normal(12), 0.7
    hat = F @ np.linalg.solve(F.T @ F + alpha * np.eye(5), F.T)
    left = np.eye(12) - hat
    expected = 12 * ((left @ y) ** 2).sum() / np.trace(left) ** 2
    U, s, _ = np.linalg.svd(F, full_matrices=False)
    assert gcv(s**2, U.T @ y, y @ y - ((U.T @ y) ** 2).sum(), 12, alpha) == pytest.approx(expected)
    values, V = np.linalg.eigh(F @ F.T)
    assert gcv(np.maximum(values, 0), V.T @ y, 0.0, 12, alpha) == pytest.approx(expected)
    assert gcv(np.ones(5), np.ones(5), 0.0, 5, 1e-9) == np.inf, "0/0 is not the best"


@pytest.mark.parametrize("first", ["ridge", "one_step"])
def test_with_many_rows_the_first_stage_finds_the_mean_curvature(first: str) -> None:
    r"""By Stein's identity :math:`E[h (x x^T - I)] = E \nabla^2 h = 2 A + 8 A^2 / \sqrt 2`: A alone as d grows."""
    data = HierarchicalPolynomial(dimension=5, rows_per_square=4000).draw(np.random.default_rng(2))
    A = data["quadratic_form"]
    limit = ((data["X_test"] @ (2 * A + 8 / 2**0.5 * A @ A)) * data["X_test"]).sum(axis=1)
    model = Layerwise(first).fit(data["X"], data["y"])
    assert np.corrcoef(model.inner(data["X_test"]), limit)[0, 1] ** 2 > 0.97


def test_ridge_finds_the_form_better_than_one_step() -> None:
    found = []
    for seed in range(4):
        data = HierarchicalPolynomial(dimension=12).draw(np.random.default_rng(seed))
        models = [Layerwise(first).fit(data["X"], data["y"]) for first in ("ridge", "one_step")]
        found.append([metrics.r2_of_inner(data, {"inner": one.inner(data["X_test"])}) for one in models])
    ridge, one_step = np.mean(found, axis=0)
    assert ridge > one_step


def test_a_polynomial_kernel_with_fewer_features_than_rows_is_exact_and_gains_say_so() -> None:
    data = HierarchicalPolynomial(dimension=6, rows_per_square=10).draw(np.random.default_rng(3))
    assert error(TunedKernelRidge("poly"), data) < 1e-6
    assert error(TunedKernelRidge("rbf"), data) < 0.5
    model = LayerwiseGain(data["best_kernel"]).fit(data["X"], data["y"])
    both = model.predict(data["X_test"])
    assert metrics.kernel_gain(data, {"predictions": both}) < -3
    assert metrics.kernel_gain(data, {"predictions": both[:, ::-1]}) > 3, "columns swapped, the verdict flips"
    assert np.isnan(metrics.kernel_gain(data, {"predictions": both[:, 0]}))


def test_those_who_know_the_truth_make_no_error() -> None:
    data = HierarchicalPolynomial(dimension=6).draw(np.random.default_rng(4))
    assert error(TrueInnerPolynomial(data["quadratic_form"]), data) < 1e-12
    data = SingleIndex().draw(np.random.default_rng(4))
    assert error(TrueIndexSpline(data["direction"]), data) < 0.01


def test_metrics_of_labels_and_of_numbers() -> None:
    labels = {"y_test": np.array([0, 1, 1, 0])}
    fit = {"predictions": np.array([0, 1, 0, 0])}
    assert metrics.accuracy(labels, fit) == 0.75 and metrics.prediction_error(labels, fit) == 0.25
    assert np.isnan(metrics.relative_error(labels, fit))
    numbers = {"y_test": np.array([1.0, -1.0, 1.0, -1.0])}
    fit = {"predictions": np.zeros(4)}
    assert metrics.relative_error(numbers, fit) == metrics.prediction_error(numbers, fit) == 1.0
    assert np.isnan(metrics.accuracy(numbers, fit))
