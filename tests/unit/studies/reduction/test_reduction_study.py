"""The tables of the reduction study: everything named exists and fits together; adapter, figures, benchmarks."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from seedbed.core.code.code_digest import SCRIPTS, _Finder
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import SkipFit
from seedbed.core.planning.claims_file import claims_errors
from seedbed.core.study import load_claims, load_target
from seedbed.reduction.spaces.named import SPACES
from seedbed.report.styles import method_styles
from seedbed.studies.reduction import adapter as methods
from seedbed.studies.reduction.figures import response_drawings
from seedbed.studies.reduction.scenarios import KNOWN, OBSERVED
from seedbed.studies.reduction.study import STUDY

SIZES = {"n_samples": 60, "n_test": 60}
HERE = "seedbed.reduction"


def draw(scenario, seed=0, **params):
    entry = STUDY.scenarios[scenario]
    generator = load_target(STUDY.generators[entry.generator].function)
    return generator(**{**entry.params, **SIZES, **params}).draw(np.random.default_rng(seed))


@pytest.fixture(scope="module")
def numbers():
    return draw("euclidean_a_outliers", n_features=4)


@pytest.fixture(scope="module")
def sphere():
    return draw("sphere", n_features=4)


@pytest.fixture(scope="module")
def digits():
    return draw("digits")


def run(name, data):
    """A fit, quick for networks, and its scores."""
    method = STUDY.methods[name]
    target = load_target(method.target)
    params = dict(method.params)
    if "Net" in target.__name__:
        params |= {"n_epochs": 2, "n_restarts": 2}
    if params.get("architecture") == "resnet":
        params |= {"hidden_layer_sizes": [4], "n_epochs": 1}
    fit = methods.fit(target, params, data, seed=1)
    assert fit.pop("seconds") >= 0
    return fit, {key: load_target(entry.function)(data, fit) for key, entry in STUDY.metrics.items()}


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_takes_its_parameters_and_numbers_and_objects(name, numbers, sphere, digits):
    method = STUDY.methods[name]
    assert parameter_errors(load_target(method.target), method.params) == []
    assert method.label and (method.role in ("control", "oracle") or method.reference)
    for data in (digits,) if "cnn" in name else (numbers, sphere):
        if name == "cume" and data is sphere:
            with pytest.raises(SkipFit, match="numbers as responses"):
                run(name, data)
            continue
        fit, scores = run(name, data)
        again, _ = run(name, data)
        for key, value in fit.items():
            np.testing.assert_array_equal(value, again[key])
        d = int(data["n_components"])
        assert fit["predictor"].shape == (60, d) and fit["predictor_test"].shape == (60, d)
        assert np.isfinite(scores["distance_correlation"]) and np.isfinite(scores["prediction_error"])
        assert name != "oracle" or scores["distance_correlation"] > 0.97


def test_what_does_not_apply_is_skipped(numbers, sphere):
    with pytest.raises(SkipFit, match="images"):
        run("fccov_cnn", numbers)
    with pytest.raises(SkipFit, match="true predictor"):
        run("oracle", {key: value for key, value in numbers.items() if key != "Z"})

    class OnlyNumbers:
        def fit(self, X, y):
            return self

        def transform(self, X):
            return np.asarray(X)[:, 0]

    assert methods.fit(OnlyNumbers, {}, numbers, 0)["predictor"].shape == (60, 1)
    with pytest.raises(SkipFit, match="metric 'geodesic'"):
        methods.fit(OnlyNumbers, {}, sphere, 0)
    OnlyNumbers.transform = lambda self, X: np.full(len(X), np.nan)
    with pytest.raises(ValueError, match="finite"):
        methods.fit(OnlyNumbers, {}, numbers, 0)


def test_tasks_and_main_metrics():
    assert {entry.task for entry in STUDY.generators.values()} == {KNOWN, OBSERVED}
    main = {task: next(k for k, m in STUDY.metrics.items() if m.task in ("", task)) for task in (KNOWN, OBSERVED)}
    assert main == {KNOWN: "distance_correlation", OBSERVED: "prediction_error"}


def test_claims_are_sound():
    claims = load_claims("reduction")
    assert list(claims_errors(STUDY, claims)) == []
    cases = {case.name: case for case in load_target("seedbed.studies.reduction.benchmarks.cases:CASES")}
    for claim in claims:
        if claim.get("test", {}).get("kind") == "speed":
            for name in claim["test"]["cases"]:
                assert {claim["test"]["ours"], claim["test"]["peer"]} <= set(cases[name].contenders)


def test_reading_the_tables_imports_nothing_heavy():
    code = (
        "import sys, time; start = time.perf_counter(); import seedbed.reduction, seedbed.studies.reduction.study; "
        "assert not {'torch', 'numba', 'sklearn', 'scipy'} & set(sys.modules); dir(seedbed.reduction)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SCRIPTS)


def test_methods_depend_on_their_own_modules_only():
    def closure(name):
        module = STUDY.methods[name].target.partition(":")[0]
        return set(_Finder(SCRIPTS).closure([module])[0])

    targets = {method.target.partition(":")[0] for method in STUDY.methods.values()}
    for name, method in STUDY.methods.items():
        own = method.target.partition(":")[0]
        assert closure(name) & targets <= {own}, name
    assert f"{HERE}.fccov.ball_loops" in closure("fccov_net") and f"{HERE}.networks.training" in closure("mdd_net")
    assert f"{HERE}.networks.architectures" not in closure("gsir")


@pytest.fixture(scope="module")
def tables(numbers, sphere, digits):
    """What a run with two replicates would leave to the figures."""
    data_of = {
        "outlier_shares~outliers=0.1": numbers,
        "outlier_shares~outliers=0": draw("euclidean_a", n_features=4),
        "sizes": draw("euclidean_a", n_features=4, n_samples=90),
        "sphere": sphere,
        "digits": digits,
        "matrices": draw("matrices", n_features=4),
        "digits_labels": draw("digits_labels"),
    }
    cells, scores, runs = {}, [], []
    for scenario, data in data_of.items():
        for method in ("linear_fccov", "wire", "random_directions"):
            fit, values = run(method, data)
            cells[scenario, method] = [(data, fit)] * 2
            for replicate in range(2):
                runs.append([scenario, method, replicate, "ok", 0.1])
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


def of_scenario(tables, scenario):
    chosen = {name: getattr(tables, name) for name in ("scores", "runs")}
    chosen = {name: table[table["scenario"] == scenario] for name, table in chosen.items()}
    return SimpleNamespace(**{**vars(tables), **chosen, "scenario": scenario})


@pytest.mark.parametrize("name", STUDY.figures)
def test_figures(name, tables):
    entry = STUDY.figures[name]
    draw_figure = load_target(entry.function)
    scenarios = dict.fromkeys(tables.runs["scenario"]) if entry.per == "scenario" else [None]
    for scenario in scenarios:
        drawn = draw_figure(of_scenario(tables, scenario) if scenario else tables)
        if (name, scenario) == ("predictors", "digits_labels") or name == "variables":  # of tables with named columns
            assert drawn is None
            continue
        figure, table = drawn
        figure.canvas.draw()
        assert len(table) and table.notna().all().all()
    assert draw_figure(of_scenario(tables, "none of them")) is None


def test_robustness_and_time_tell_what_they_drew(tables):
    shares = load_target(STUDY.figures["robustness"].function)(tables)[1]
    assert set(shares["outliers"]) == {0.0, 0.1} and set(shares["model"]) == {"A, normal (euclidean)"}
    sizes = load_target(STUDY.figures["time_by_size"].function)(tables)[1]
    assert set(sizes["n_samples"]) == {60, 90} and (sizes["cpu_seconds"] == 0.1).all()


@pytest.mark.parametrize("metric", SPACES)
def test_responses_of_every_space_can_be_drawn(metric):
    from matplotlib.figure import Figure

    rng = np.random.default_rng(0)
    component = rng.normal(size=30)
    circle = np.column_stack([np.cos(component), np.sin(component)])
    y = {
        "euclidean": np.column_stack([component, component**2]),
        "discrete": np.array(["a", "b", "c"] * 10),
        "wasserstein": component[:, None] + rng.normal(size=(30, 20)),
        "geodesic": circle,
        "precomputed": np.abs(component[:, None] - component),
    }.get(metric, np.exp(component)[:, None, None] * np.eye(3))
    if metric in ("aitchison", "fisher_rao"):
        y = rng.dirichlet(np.ones(4), 30)
    figure = Figure()
    draw_one = response_drawings.DRAWINGS.get(metric, response_drawings.draw_scaled)
    assert len(draw_one(figure, y, component, metric)) == 30
    figure.canvas.draw()


def test_benchmark_cases_are_complete():
    cases = load_target("seedbed.studies.reduction.benchmarks.cases:CASES")
    assert len({case.name for case in cases}) == len(cases)
    for case in cases:
        assert case.peer in case.contenders and next(iter(case.contenders)) != case.peer
