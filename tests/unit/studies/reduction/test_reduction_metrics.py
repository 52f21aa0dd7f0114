"""Metrics against peers and on cases with a known value."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from seedbed.core.study import load_target
from seedbed.studies.reduction import metrics
from seedbed.studies.reduction.study import METRICS


def world(n=200, d=2, seed=0):
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(n, d))
    return {"Z_test": Z, "y_test": Z + 0.1 * rng.normal(size=(n, d)), "metric": np.array("euclidean")}, Z


def test_scale_and_rotation_do_not_count():
    data, Z = world()
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(2, 2)))[0]
    first, second = {"predictor_test": Z**3}, {"predictor_test": (Z**3) @ turn * 1e6 - 5.0}
    for name in METRICS:
        one, other = (load_target(METRICS[name].function)(data, fit) for fit in (first, second))
        np.testing.assert_allclose(one, other, atol=0.02)


def test_what_determines_the_truth_recovers_it_whatever_the_function():
    data, Z = world(400, 1)
    for transform in (lambda z: z, norm.cdf, lambda z: z**3):
        fit = {"predictor_test": transform(Z)}
        assert metrics.predictor_recovery(data, fit) > 0.99
    assert metrics.distance_correlation(data, {"predictor_test": Z}) == pytest.approx(1.0)
    folded = metrics.predictor_recovery(data, {"predictor_test": np.abs(Z)})
    noise = metrics.predictor_recovery(data, {"predictor_test": np.random.default_rng(2).normal(size=Z.shape)})
    assert folded < 0.2 and noise < 0.1
    assert metrics.predictor_recovery(data, {"predictor_test": np.zeros((400, 1))}) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("metric", ["euclidean", "geodesic", "precomputed", "discrete", "log_cholesky"])
def test_prediction_error_is_small_for_the_truth_and_one_without(metric):
    rng = np.random.default_rng(0)
    angle = rng.uniform(-1.2, 1.2, 300)
    noisy = angle + 0.05 * rng.normal(size=300)
    y = {
        "euclidean": noisy,
        "geodesic": np.column_stack([np.cos(noisy), np.sin(noisy)]),
        "precomputed": np.abs(noisy[:, None] - noisy),
        "discrete": (angle > 0).astype(int),
        "log_cholesky": np.exp(noisy)[:, None, None] * np.eye(2),
    }[metric]
    data = {"y_test": y, "metric": np.array(metric)}
    assert metrics.prediction_error(data, {"predictor_test": angle[:, None]}) < 0.1
    nothing = metrics.prediction_error(data, {"predictor_test": np.zeros((300, 1))})
    assert nothing == pytest.approx(1.0, abs=0.1)


def test_subspace_distance():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 4)) * [1.0, 10.0, 1.0, 1.0]
    true = np.eye(4)[:, :2]
    data = {"X": X, "directions": true}
    assert metrics.subspace_distance(data, {"directions": np.array([[1.0, 1, 0, 0], [1, -2, 0, 0]])}) < 1e-8
    away = metrics.subspace_distance({"X": np.eye(4) - 0.25, "directions": true[:, :1]}, {"directions": np.eye(4)[2:3]})
    assert 0.7 < away <= 1.0
    assert np.isnan(metrics.subspace_distance(data, {"directions": np.ones((1, 4))}))
    assert np.isnan(metrics.subspace_distance(data, {"predictor_test": X}))


def test_without_a_known_truth_there_is_the_prediction_error_alone():
    data, Z = world()
    del data["Z_test"]
    fit = {"predictor_test": Z}
    assert np.isnan(metrics.distance_correlation(data, fit)) and np.isnan(metrics.predictor_recovery(data, fit))
    assert metrics.prediction_error(data, fit) < 0.2
