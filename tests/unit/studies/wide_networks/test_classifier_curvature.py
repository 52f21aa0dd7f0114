"""Curvature of a small classifier: products against torch's dense matrices, batches that are the whole data set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from seedbed.studies.wide_networks.data.digits import TrainedDigits
from seedbed.studies.wide_networks.networks.classifier_curvature import Classifier
from seedbed.studies.wide_networks.tasks import curvature_metrics
from seedbed.studies.wide_networks.tasks.batches import BatchCurvature

SHAPES = ((4, 3), (3,), (3, 2), (2,))


def made(seed: int = 0) -> tuple[Classifier, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    layers: Any = tuple(rng.standard_normal(shape) for shape in SHAPES)
    return Classifier(layers), rng.standard_normal((12, 4)), np.eye(2)[rng.integers(0, 2, 12)]


def dense(model: Classifier, x: np.ndarray, y: np.ndarray, curvature: str) -> np.ndarray:
    inputs, labels = torch.tensor(x), torch.tensor(y)
    start = torch.tensor(np.concatenate([one.ravel() for one in model.layers]))
    sizes = [one.size for one in model.layers]

    def outputs(flat: torch.Tensor) -> torch.Tensor:
        W, b, V, c = (part.reshape(shape) for part, shape in zip(torch.split(flat, sizes), SHAPES, strict=True))
        return torch.tanh(inputs @ W + b) @ V + c

    def loss(z: torch.Tensor) -> torch.Tensor:
        return -(torch.log_softmax(z, -1) * labels).sum(-1).mean()

    if curvature == "hessian":
        return torch.func.hessian(lambda flat: loss(outputs(flat)))(start).numpy()
    J = torch.func.jacrev(outputs)(start).reshape(-1, len(start))
    S = torch.func.hessian(lambda z: loss(z.reshape(labels.shape)))(outputs(start).reshape(-1))
    return (J.T @ S @ J).numpy()


@pytest.mark.parametrize("curvature", ["hessian", "ggn"])
def test_products_and_ends_are_those_of_the_dense_matrix(curvature) -> None:
    model, x, y = made()
    matrix = dense(model, x, y, curvature)
    direction = np.random.default_rng(1).standard_normal(model.n_parameters)
    np.testing.assert_allclose(model.operator(x, y, curvature).matvec(direction), matrix @ direction, atol=1e-12)
    rows = model.products(x, y, direction, curvature)
    np.testing.assert_allclose(rows.mean(axis=0), matrix @ direction, atol=1e-12)
    one = dense(model, x[3:4], y[3:4], curvature)
    np.testing.assert_allclose(rows[3], one @ direction, atol=1e-12)
    values = np.linalg.eigvalsh(matrix)
    value, vector = model.largest(x, y, curvature, tol=1e-9)
    assert value == pytest.approx(values[-1], rel=1e-8)
    np.testing.assert_allclose(matrix @ vector, value * vector, atol=1e-6)
    if curvature == "hessian":
        assert model.smallest(x, y, "hessian", tol=1e-9) == pytest.approx(values[0], rel=1e-6)


def test_the_batch_of_all_rows_has_no_excess() -> None:
    made = TrainedDigits(n_samples=120, width=4, n_steps=5, repeats=1, batch_sizes=[30, 60, 119])
    data = made.draw(np.random.default_rng(0))
    data["batch_sizes"] = np.array([30, 60, 120])
    fit = BatchCurvature(smallest_batch=1, largest_batch=120).measure(data)
    assert fit["largest"][2] == pytest.approx(float(fit["full_largest"]), rel=1e-4) and fit["predicted"][2] == 0
    assert fit["smallest"][2] == pytest.approx(float(fit["full_smallest"]), rel=1e-2)
    assert fit["predicted"][0] > fit["predicted"][1] > 0


def test_metrics_find_a_planted_law() -> None:
    sizes, n = np.array([2, 4, 8, 16]), 100
    excess = 3.0 * (1 / sizes - 1 / n) ** 0.9
    fit = {"sizes": sizes, "n": np.array(n), "largest": 2 + excess, "full_largest": np.array(2.0),
           "predicted": excess / 2, "smallest": -1 - excess, "full_smallest": np.array(-1.0)}  # fmt: skip
    assert curvature_metrics.excess_slope({}, fit) == pytest.approx(0.9)
    assert curvature_metrics.slope_gap({}, fit) == pytest.approx(0.1)
    assert curvature_metrics.predicted_share({}, fit) == pytest.approx(0.5)
    assert curvature_metrics.least_excess({}, fit) == pytest.approx(excess[-1] / 2)
    assert curvature_metrics.least_deficit({}, fit) == pytest.approx(excess[-1])
    fallen = fit | {"largest": np.array([3.0, 2.5, 1.9, 2.1])}
    assert np.isnan(curvature_metrics.excess_slope({}, fallen)) and curvature_metrics.least_excess({}, fallen) < 0
    for name in ("excess_slope", "least_excess", "least_deficit", "predicted_share"):
        assert np.isnan(getattr(curvature_metrics, name)({}, {"rates": sizes}))
