"""The tables of the Grassmann study: everything named exists and fits together; adapter, metrics and figures."""

from __future__ import annotations

import inspect
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import SkipFit
from seedbed.core.planning.claims_file import claims_errors
from seedbed.core.study import load_claims, load_target
from seedbed.report.styles import method_styles
from seedbed.studies.grassmann import adapter as methods
from seedbed.studies.grassmann import metrics
from seedbed.studies.grassmann.study import STUDY

SMALL = {"n_classes": 4, "n_new_classes": 3, "images_per_class": 48, "side": 6, "shots": 4}
QUICK = {"widths": [4], "n_features": 24, "epochs": 2}


def draw(generator, seed=0, **params):
    return load_target(STUDY.generators[generator].function)(**params).draw(np.random.default_rng(seed))


@pytest.fixture(scope="module")
def images():
    return draw("heldout_strokes", **SMALL)


@pytest.fixture(scope="module")
def mixture():
    return draw("subspace_mixture", n_classes=4, n_features=20, rows_per_class=60)


def run(name, data, **params):
    """A fit, quick for networks, and its scores."""
    method = STUDY.methods[name]
    target = load_target(method.target)
    if method.task == "images" and target.__name__ == "HeadClassifier":
        params = {**QUICK, **params}
    params = {**params, **{key: value for key, value in method.params.items() if key not in params or key == "epochs"}}
    if "epochs" in inspect.signature(target).parameters and params.get("epochs") != 0:
        params["epochs"] = 2
    fit = methods.fit(target, params, data, seed=1)
    assert fit.pop("seconds") >= 0
    entries = {key: entry for key, entry in STUDY.metrics.items() if entry.task in ("", method.task)}
    return fit, {key: load_target(entry.function)(data, fit) for key, entry in entries.items()}


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_takes_its_parameters_and_the_data_of_its_task(name, images, mixture):
    method = STUDY.methods[name]
    target = load_target(method.target)
    assert parameter_errors(target, method.params) == []
    assert method.label
    assert method.role in ("control", "oracle") or method.reference
    for key, values in method.tune.items():
        assert all(parameter_errors(target, {key: value}) == [] for value in values)
        assert method.task == "features" or method.params.get(key, 0.1) in (*values, 0.1)
    data = images if method.task == "images" else mixture
    fit, scores = run(name, data)
    again, _ = run(name, data)
    for key, value in fit.items():
        np.testing.assert_array_equal(value, again[key], err_msg=key)
    assert fit["probabilities"].shape == (len(data["y_test"]), 4)
    np.testing.assert_allclose(fit["probabilities"].sum(1), 1, atol=1e-5)
    assert 0 <= scores["accuracy"] <= 1 and np.isfinite(scores["calibration_error"])
    if method.task == "images":
        assert all(
            np.isfinite(scores[key]) for key in ("class_separation", "variability", "transfer_full", "transfer_few")
        )
    assert np.isfinite(scores["subspace_overlap"]) == ("subspaces" in fit)


def test_methods_of_a_replicate_start_from_the_same_network(images):
    """The pairs are about heads: same filters, whatever the seed of the method."""
    target = load_target(STUDY.methods["softmax"].target)
    fits = [
        methods.fit(target, {"head": head, "subspace_dim": 2, **QUICK, "epochs": 0}, images, seed)
        for seed, head in enumerate(("linear", "grassmann"))
    ]
    np.testing.assert_array_equal(fits[0]["features"], fits[1]["features"])


def test_a_class_of_the_users_own_gets_pixels_or_images(images):
    class OnPixels:
        def fit(self, X, y):
            assert X.ndim == 2
            self.classes_, self.first = np.unique(y), y[0]

        def predict(self, X):
            return np.full(len(X), self.first)

    fit = methods.fit(OnPixels, {}, images, seed=0)
    assert set(np.unique(fit["probabilities"])) == {0.0, 1.0}
    assert fit["features"].shape[1] == 36


def test_skips_say_why(images, mixture, monkeypatch):
    with pytest.raises(SkipFit, match="not known"):
        methods.fit(load_target(STUDY.methods["true_subspaces"].target), {}, draw("shipped_features", name="iris"), 0)
    monkeypatch.setitem(sys.modules, "pytorch_metric_learning.losses", None)
    with pytest.raises(SkipFit, match="pytorch-metric-learning"):
        run("arcface", images)


def test_presets_fit_their_generators():
    for name, scenario in STUDY.scenarios.items():
        generator = STUDY.generators[scenario.generator]
        made = load_target(generator.function)
        assert parameter_errors(made, scenario.params) == [], name
        if not generator.files:
            assert made(**scenario.params).messages() == [], name
        assert scenario.tune_on in ("", *STUDY.scenarios)


def test_claims_name_what_the_study_has():
    assert list(claims_errors(STUDY, load_claims("grassmann"))) == []


@pytest.mark.slow
def test_the_tables_and_the_package_do_not_import_torch():
    here, library = "seedbed.studies.grassmann", "seedbed.grassmann.classifiers"
    names = ("study", "adapter", "metrics", "networks.head_classifier")
    modules = ["seedbed.grassmann", *(f"{here}.{name}" for name in names)]
    modules += [f"{library}.{name}" for name in ("grassmann_classifier", "clafic")]
    code = f"import sys, {', '.join(modules)}"
    code += "\nassert 'torch' not in sys.modules"
    path = [entry for entry in sys.path if entry.endswith("scripts")]
    code = f"import sys; sys.path[:0] = {path}\n{code}"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_metrics_on_known_answers():
    data = {"y_test": np.array([0, 0, 1, 1]), "y": np.array([0, 0, 1, 1])}
    right = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.1]], np.float32)
    fit = {"probabilities": right, "features": np.array([[1, 0], [2, 0], [0, 1], [0, 3.0]])}
    assert metrics.accuracy(data, fit) == 0.75
    assert metrics.calibration_error(data, fit) == pytest.approx(0.15, abs=1e-6)
    assert metrics.negative_log_likelihood(data, fit) == pytest.approx(-(3 * np.log(0.9) + np.log(0.1)) / 4, rel=1e-5)
    assert metrics.class_separation(data, fit) == pytest.approx(1.0)
    assert metrics.variability(data, fit) == pytest.approx(0.0, abs=1e-5)
    fit["features"] = np.array([[1, 0], [0, 1], [1, 0], [0, 1.0]])
    assert metrics.class_separation(data, fit) == pytest.approx(0.0)
    assert metrics.variability(data, fit) == pytest.approx(90.0)
    rng = np.random.default_rng(0)
    many = {"y_test": np.arange(300) % 3, "features": rng.random((300, 50)) + np.eye(3)[np.arange(300) % 3][:, :1]}
    half = {"features": many["features"].astype(np.float16)}
    for metric in (metrics.class_separation, metrics.variability):
        assert metric(many, half) == pytest.approx(metric(many, many), rel=1e-4)  # not rounded to half precision
    fit["subspaces"] = np.eye(4).reshape(2, 2, 4)
    assert metrics.subspace_overlap(data, fit) == 0 and metrics.orthonormality_defect(data, fit) == 0
    fit["subspaces"] = np.stack([np.eye(4)[:2], np.eye(4)[1:3]])
    assert metrics.subspace_overlap(data, fit) == pytest.approx(0.5)
    assert np.isnan(metrics.transfer_full(data, fit))


def test_a_probe_learns_what_is_linear(images):
    features = np.eye(3)[images["y_probe"]] + 0.01
    fit = {"probe_features": features}
    assert metrics.transfer_full(images, fit) == metrics.transfer_few(images, fit) == 1.0
    fit = {"probe_features": np.ones_like(features)}
    assert metrics.transfer_full(images, fit) < 0.6


@pytest.fixture(scope="module")
def tables(images, mixture):
    """What a run with two replicates would leave to the figures."""
    names = {"synth_heldout": ["softmax", "cosine", "gcr_1", "gcr_8", "untrained"]}
    names["mixture"] = ["linear_head", "grassmann_1", "grassmann_8", "clafic_4"]
    cells, scores, runs = {}, [], []
    for scenario, chosen in names.items():
        data = images if scenario == "synth_heldout" else mixture
        for method in chosen:
            fit, values = run(method, data)
            cells[scenario, method] = [(data, fit)] * 2
            for replicate in range(2):
                runs.append([scenario, method, replicate, "ok", 1.0])
                scores += [[scenario, method, replicate, metric, value] for metric, value in values.items()]
    roles = {name: method.role for name, method in STUDY.methods.items()}
    return SimpleNamespace(
        scores=pd.DataFrame(scores, columns=["scenario", "method", "replicate", "metric", "value"]),
        runs=pd.DataFrame(runs, columns=["scenario", "method", "replicate", "status", "cpu_seconds"]),
        scenario=None,
        labels={name: method.label for name, method in STUDY.methods.items()},
        roles=roles,
        styles=method_styles(roles, roles),
        cells=lambda scenario, method: iter(cells.get((scenario, method), [])),
    )


@pytest.mark.parametrize("name", STUDY.figures)
def test_figures(name, tables):
    entry = STUDY.figures[name]
    function = load_target(entry.function)
    views = ("synth_heldout", "mixture") if entry.per == "scenario" else (None,)
    for scenario in views:
        figures = [tables.runs["scenario"] == scenario, tables.scores["scenario"] == scenario]
        view = tables
        if scenario:
            chosen = {"runs": tables.runs[figures[0]], "scores": tables.scores[figures[1]], "scenario": scenario}
            view = SimpleNamespace(**{**vars(tables), **chosen})
        drawn = function(view)
        if drawn is None:
            assert (name, scenario) == ("features", "mixture")
            continue
        if name == "table_3":
            assert drawn[0].shape[1] == 5 and drawn[0]["accuracy (%)"].str.contains(r" \| .*\[").any()
        else:
            drawn[0].canvas.draw()
        assert len(drawn[1])
    empty = {"runs": tables.runs[:0], "scores": tables.scores[:0], "scenario": "none of them"}
    assert function(SimpleNamespace(**{**vars(tables), **empty})) is None


def test_table_3_says_whose_numbers_are_whose(tables):
    drawn = load_target(STUDY.figures["table_3"].function)(tables)[1]
    theirs = drawn[drawn["source"].str.startswith("paper")].set_index(["method", "metric"])["mean"]
    assert theirs["gcr_8", "accuracy"] == 79.26 and theirs["softmax", "transfer_full"] == 77.98
    ours = drawn[drawn["source"] == "this run"].set_index(["method", "metric"])
    values = tables.scores[(tables.scores["method"] == "gcr_8") & (tables.scores["metric"] == "accuracy")]["value"]
    assert ours.loc[("gcr_8", "accuracy"), "mean"] == pytest.approx(100 * values.mean())
    assert (ours["replicates"] == 2).all()


def test_differences_are_paired(tables):
    view = SimpleNamespace(**{**vars(tables), "scenario": "synth_heldout"})
    view.scores = tables.scores[tables.scores["scenario"] == "synth_heldout"]
    drawn = load_target(STUDY.figures["by_dimension"].function)(view)[1].set_index(["method", "metric"])
    assert np.isnan(drawn.loc[("softmax", "accuracy"), "difference"])
    expected = drawn.loc[("gcr_8", "accuracy"), "mean"] - drawn.loc[("softmax", "accuracy"), "mean"]
    assert drawn.loc[("gcr_8", "accuracy"), "difference"] == pytest.approx(expected)
    assert drawn.loc[("gcr_8", "accuracy"), ["series", "k"]].tolist() == ["GCR", 8]
