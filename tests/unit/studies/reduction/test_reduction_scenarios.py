"""The generators: the documented formulas, outliers in the training rows alone, and the user's own data."""

from __future__ import annotations

import numpy as np
import pytest
from reduction_draws import check, draw
from seedbed.reduction import Response
from seedbed.studies.reduction.data import matrix_models
from seedbed.studies.reduction.data.shipped import ink_mass, slant
from seedbed.studies.reduction.data.true_predictors import autoregressive_predictors, draw_predictors
from seedbed.studies.reduction.scenarios import GENERATORS, SCENARIOS

SMALL = {"n_samples": 60, "n_test": 40}


@pytest.mark.parametrize("name", SCENARIOS)
def test_presets_draw_what_methods_need(name):
    scenario = SCENARIOS[name]
    params = {**scenario.params, **SMALL}
    assert scenario.label and check(scenario.generator, **params) == []
    data = draw(scenario.generator, **params)
    again = draw(scenario.generator, **params)
    assert all(np.array_equal(value, again[key]) for key, value in data.items())
    assert not any(value.dtype.hasobject for value in data.values())
    for part, n in (("", 60), ("_test", 40)):
        assert len(data["X" + part]) == n
        assert len(Response.of(data["y" + part], str(data["metric"]))) == n
        assert ("Z" in data) == (GENERATORS[scenario.generator].task == "known predictor")
    assert data["outliers"] == scenario.params.get("outliers", 0.0)
    if "directions" in data:
        np.testing.assert_allclose(data["X"] @ data["directions"], data["Z"])


def test_laws_of_the_features():
    rng = np.random.default_rng(0)
    normal, poisson, t = (draw_predictors(rng, 20000, 3, law) for law in ("normal", "poisson", "t"))
    np.testing.assert_allclose(np.cov(normal.T), 0.5 * np.eye(3), atol=0.02)
    assert poisson.min() == -1 and abs(poisson.mean()) < 0.02 and poisson.var() == pytest.approx(1.0, abs=0.05)
    np.testing.assert_allclose(np.corrcoef(t.T), 0.4 + 0.6 * np.eye(3), atol=0.1)
    assert np.mean(np.abs(t) > 4) > 0.01  # heavy tails
    series = autoregressive_predictors(rng, 20000, 3, 0.5, uniform=False)
    np.testing.assert_allclose(np.corrcoef(series.T)[0], [1, 0.5, 0.25], atol=0.03)
    uniform = autoregressive_predictors(rng, 20000, 3, 0.5, uniform=True)
    assert uniform.min() > 0 and uniform.max() < 1 and uniform.var() == pytest.approx(1 / 12, abs=0.002)


@pytest.mark.parametrize(
    ("model", "formula"),
    [
        ("A", lambda x: [x[0] / (1 + (1 + x[1]) ** 2) + (1 + x[1]) ** 2]),
        ("B", lambda x: [np.sin(np.pi * (x[0] + x[1]) / 10) + x[0] ** 2]),
        ("C", lambda x: [(x[0] + x[1]) ** 2 * np.log(x[0] ** 2 + x[1] ** 2 + 0.001)]),
        ("E-IV", lambda x: [2 * np.sin(np.pi * (x[2] + x[3]) / 10) ** 2 + x[2] ** 2]),
        (
            "G-IV",
            lambda x: [
                x[0] / (1 + (1 + x[1]) ** 2) + (1 + x[1]) ** 2,
                3 * x[2] ** 2 / (1 + (1 + x[3]) ** 2) + (1 + x[3]) ** 2,
            ],
        ),
    ],
)
def test_euclidean_models_are_the_documented_ones(model, formula):
    data = draw("euclidean_model", model=model, n_samples=4000, n_test=20)
    np.testing.assert_allclose(data["Z"], np.column_stack(formula(data["X"].T)))
    rest = data["y"] - (data["Z"][:, 0] if model != "E-IV" else 0.0)
    scale = 0.5 if "IV" not in model else data["Z"][:, -1]
    noise = rest / scale
    assert abs(noise.mean()) < 0.06 and noise.std() == pytest.approx(1.0, abs=0.04)
    assert abs(data["X"].mean() - (0.2 if "IV" in model else 0.0)) < 0.02


@pytest.mark.parametrize("generator", ["euclidean_model", "distribution_model", "matrix_model", "sphere_model"])
def test_outliers_are_in_the_training_rows_alone(generator):
    sizes = {"n_samples": 400, "n_test": 300}
    clean, disturbed = (draw(generator, outliers=share, **sizes) for share in (0.0, 0.2))
    metric = str(clean["metric"])
    for part, wanted in (("", True), ("_test", False)):
        y = disturbed["y" + part]
        distances = Response.of(y, metric).distances
        typical = Response.of(clean["y" + part], metric).distances
        far = np.median(distances, axis=1) > 2 * np.quantile(np.median(typical, axis=1), 0.99)
        if generator != "sphere_model":  # where nothing is far
            assert (far.mean() > 0.05) == wanted
    assert np.array_equal(disturbed["X"], clean["X"]) and np.array_equal(disturbed["Z"], clean["Z"])


@pytest.mark.parametrize("metric", ["log_cholesky", "affine_invariant"])
@pytest.mark.parametrize("model", ["nonlinear", "II-1", "II-2"])
def test_outlying_matrices_are_positive_definite(model, metric):
    for seed in range(12):
        data = draw("matrix_model", seed, model=model, metric=metric, n_samples=300, outliers=0.45)
        assert np.isfinite(Response.of(data["y"], metric).distances_from(np.arange(3))).all()


@pytest.mark.parametrize("log_cholesky", [False, True])
def test_matrices_close_to_singular_can_be_outliers(log_cholesky):
    factors = np.tile([[1.0, 0.0], [1.0, 1e-9]], (20, 1, 1))
    bad = np.arange(20) < 10
    disturbed = matrix_models._disturbed(np.random.default_rng(0), factors, bad, log_cholesky)
    np.testing.assert_array_equal(disturbed[~bad], factors[~bad])
    assert np.isfinite(disturbed).all() and (disturbed[bad] != factors[bad]).any(axis=(1, 2)).all()


def test_location_family_of_distributions():
    data = draw("distribution_model", model="location", n_samples=300, n_test=20, n_draws=400)
    level = data["y"].mean(axis=1)
    assert np.corrcoef(level, data["Z"][:, 0])[0, 1] > 0.9
    assert data["y"].std(axis=1).mean() == pytest.approx(1.0, abs=0.02)
    assert (np.diff(data["y"], axis=1) >= 0).all()


def test_scales_of_the_linear_distribution_models_keep_their_range():
    for model in ("I-2", "I-3", "I-4"):
        data = draw("distribution_model", model=model, n_samples=300, n_test=20, n_draws=500)
        spread = data["y"].std(axis=1)
        assert spread.min() > 0.08 and spread.max() < 11.5


def test_digits_have_mass_and_slant():
    upright, leaning = np.zeros((2, 8, 8))
    upright[1:7, 3] = 1.0
    leaning[np.arange(1, 7), 7 - np.arange(1, 7)] = 1.0
    images = np.stack([upright, leaning])
    np.testing.assert_allclose(slant(images), [0.0, 1.0], atol=1e-9)
    np.testing.assert_allclose(ink_mass(images), 6 / 64)
    assert tuple(draw("digit_distributions", **SMALL)["image_shape"]) == (1, 8, 8)


@pytest.mark.parametrize(
    ("generator", "params", "message"),
    [
        ("euclidean_model", {"n_samples": 5}, "n_samples and n_test must be at least 20"),
        ("euclidean_model", {"model": "D-IV", "n_features": 3}, "n_features must be at least 4"),
        ("distribution_model", {"outliers": 0.7}, "share"),
        ("distribution_model", {"n_draws": 1}, "n_draws"),
        ("matrix_model", {"n_components": 11}, "between 1 and n_features = 10"),
        ("sphere_model", {"n_features": 1}, "at least 2"),
        ("digit_labels", {"n_samples": 1700}, "at most 1797 together"),
        ("digit_distributions", {"n_components": 0}, "n_components"),
        ("diabetes", {"n_components": 11}, "between 1 and 10"),
    ],
)
def test_foolish_values_are_refused(generator, params, message):
    assert any(message in text for text in check(generator, **params))
