"""The tables of the directional study: everything named exists and fits together; adapter and figures."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from seedbed.core.code.code_digest import SCRIPTS, _Finder
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import SkipFit
from seedbed.core.study import load_target
from seedbed.report.styles import method_styles
from seedbed.studies.directional import adapter as methods
from seedbed.studies.directional import metrics
from seedbed.studies.directional.benchmarks.cases import CASES
from seedbed.studies.directional.data.order_and_argument import errors
from seedbed.studies.directional.data.user_table import FeatureFile, FeatureLaw
from seedbed.studies.directional.study import STUDY

TASKS = ("bessel", "concentration", "clusters")


def draw(generator, seed=0, **params):
    """One replicate of a generator."""
    return load_target(STUDY.generators[generator].function)(**params).draw(np.random.default_rng(seed))


@pytest.fixture(scope="module")
def points():
    return {name: draw("plane_points", function=name, n_points=40) for name in ("iv", "kv", "ratio")}


@pytest.fixture(scope="module")
def law():
    return draw("vmf_sample", dimension=80, concentration=60.0, n_samples=100, n_test=20)


@pytest.fixture(scope="module")
def mixture():
    return draw("vmf_mixture", dimension=30, concentrations=[60.0, 90.0, 120.0], n_samples=150)


def run(name, data):
    method = STUDY.methods[name]
    fit = methods.fit(load_target(method.target), method.params, data, seed=1)
    assert fit.pop("seconds") >= 0
    entries = {key: entry for key, entry in STUDY.metrics.items() if entry.task == method.task}
    return fit, {key: load_target(entry.function)(data, fit) for key, entry in entries.items()}


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_takes_its_parameters_and_the_data_of_its_task(name, points, law, mixture):
    method = STUDY.methods[name]
    assert parameter_errors(load_target(method.target), method.params) == []
    assert method.label
    assert method.role == "control" or method.reference
    for task, data in zip(TASKS, (points["iv"], law, mixture), strict=True):
        if task != method.task:
            with pytest.raises(SkipFit):
                run(name, data)
            continue
        fit, scores = run(name, data)
        again, _ = run(name, data)
        for key, value in fit.items():
            np.testing.assert_array_equal(value, again[key])
        assert np.isfinite(next(iter(scores.values()))), "the main metric"


def test_everything_has_a_task():
    for entries in (STUDY.generators, STUDY.methods, STUDY.metrics):
        assert {entry.task for entry in entries.values()} == set(TASKS)
    main = {}
    for name, metric in STUDY.metrics.items():
        main.setdefault(metric.task, name)
    assert main == {"bessel": "scaled_error", "concentration": "kappa_error", "clusters": "clustering_error"}


def test_ours_is_right_where_the_others_fail(points):
    for function, bound in (("iv", 1e-15), ("kv", 2e-15), ("ratio", 4e-15)):
        _, ours = run("bessel", points[function])
        _, peer = run("scipy_bessel", points[function])
        _, control = run("leading_term", points[function])
        assert ours["scaled_error"] <= bound and ours["failures"] == 0
        assert peer["failures"] > 0.1 and peer["scaled_error"] == 1.0
        assert control["scaled_error"] > 1e-4


def test_kappa_methods_rank_as_they_should(law):
    names = ("mle", "sra", "hornik_gruen", "tanabe", "banerjee", "scipy_vmf", "uniform_law")
    error = {name: run(name, law)[1]["kappa_error"] for name in names}
    assert error["mle"] < 1e-13
    assert error["hornik_gruen"] < 1e-9 and error["sra"] < 1e-6 and error["tanabe"] < 1e-3
    assert 1e-6 < error["banerjee"] < 1e-2
    # p = 80: SciPy returns 1e-8, whatever the data
    assert error["scipy_vmf"] == pytest.approx(1.0) and error["uniform_law"] == 1.0
    assert run("mle", law)[1]["success"] == 1 and run("scipy_vmf", law)[1]["success"] == 0


def test_bias_correction_pays_in_high_dimension():
    data = draw("vmf_sample", dimension=2000, concentration=100.0, n_samples=50, n_test=5)
    corrected, plain = (run(name, data)[1]["kappa_error_of_truth"] for name in ("mle_corrected", "mle"))
    assert corrected < 0.5 < plain


def test_clustering_methods_find_the_components(mixture):
    for name in ("vmf_mixture", "vmf_mixture_hard", "vmf_mixture_shared", "spherical_kmeans", "kmeans"):
        fit, scores = run(name, mixture)
        assert scores["clustering_error"] < 0.05
        assert np.isfinite(scores["held_out_mixture_log_likelihood"]) == ("log_density" in fit)
    assert run("random_labels", mixture)[1]["clustering_error"] > 0.4


def test_presets_fit_their_generators():
    for name, scenario in STUDY.scenarios.items():
        generator = load_target(STUDY.generators[scenario.generator].function)
        assert parameter_errors(generator, scenario.params) == [], name
        assert generator(**scenario.params).messages() == [], name


def test_generators_are_determined_by_the_stream():
    for name, params in (("vmf_mixture", {"n_samples": 20}), ("digit_features", {"n_samples": 50})):
        one, same, other = (draw(name, seed, **params) for seed in (1, 1, 2))
        for key in one:
            np.testing.assert_array_equal(one[key], same[key])
        assert not np.array_equal(one["X"], other["X"])


def test_checks_refuse_what_cannot_be_drawn(tmp_path):
    bad = {
        "plane_points": [{"region": "far_side"}, {"n_points": 0}],
        "vmf_sample": [{"dimension": 1}, {"concentration": -1.0}, {"n_samples": 1}],
        "vmf_mixture": [{"dimension": 1}, {"concentrations": []}, {"separation": 0.0}, {"n_samples": 1}],
        "digit_features": [{"n_samples": 5000}],
        "digit_law": [{"n_samples": 5000}],
        "feature_file": [{"path": str(tmp_path / "none.npz")}, {"path": __file__}],
        "feature_law": [{"path": str(tmp_path / "none.npz")}, {"path": __file__}],
    }
    for name, cases in bad.items():
        generator = load_target(STUDY.generators[name].function)
        for params in cases:
            assert generator(**params).messages(), (name, params)


def test_feature_files(tmp_path):
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((30, 4, 2)), rng.integers(0, 3, 30)
    np.savez(tmp_path / "a.npz", X=x, labels=labels)
    np.save(tmp_path / "b.npy", x)
    np.savez(tmp_path / "c.npz", Y=x)
    data = draw("feature_file", path=str(tmp_path / "a.npz"), n_samples=20)
    assert data["X"].shape == (20, 8) and data["X_test"].shape == (10, 8) and data["n_clusters"] == 3
    assert draw("feature_file", path=str(tmp_path / "b.npy"), n_clusters=4)["n_clusters"] == 4
    law = draw("feature_law", path=str(tmp_path / "a.npz"), n_samples=20)
    np.testing.assert_array_equal(law["X"], data["X"])
    assert "n_clusters" not in law and run("mle", law)[1]["kappa_error"] < 1e-13
    assert FeatureFile(path=str(tmp_path / "a.npz")).messages() == []
    assert FeatureFile(path=str(tmp_path / "c.npz")).messages()


@pytest.mark.parametrize(
    ("X", "params", "message"),
    [
        (np.ones((30, 4)), {}, "all rows have the same direction"),
        (np.arange(1.0, 31.0)[:, None] * np.ones(4), {"n_clusters": 2}, "all rows have the same direction"),
        (np.eye(4)[np.arange(30) % 3], {"n_clusters": 4}, "only 3 directions differ"),
        (np.eye(4)[np.arange(8) % 4] + 0.1, {"n_clusters": 6}, "6 clusters are looked for in the 5 rows to fit"),
        (np.eye(30), {"y": np.arange(30)}, "a class of its own for each of the 30 rows"),
        (np.eye(30), {"y": np.arange(30)[:, None] % 3}, "y.ravel()"),
        (np.vstack([np.eye(4), np.zeros((1, 4))]), {"n_clusters": 2}, "row 5: zero"),
    ],
)
def test_features_that_are_no_clusters_of_directions(tmp_path, X, params, message):
    arrays = {"y": params.pop("y")} if "y" in params else {}
    np.savez(tmp_path / "f.npz", X=X, **arrays)
    found = FeatureFile(path=str(tmp_path / "f.npz"), **params).messages()
    assert len(found) == 1 and message in found[0], found
    if "same direction" in message:
        assert "same direction" in FeatureLaw(path=str(tmp_path / "f.npz")).messages()[0]


def test_tables_are_features_too(tmp_path):
    x = np.random.default_rng(0).standard_normal((30, 3))
    table = pd.DataFrame(x, columns=["a", "b", "c"]).assign(kind=["u", "v"] * 15, id=range(30))
    table.to_csv(tmp_path / "t.csv", index=False)
    params = {"path": str(tmp_path / "t.csv"), "label_column": "kind", "drop": ["id"]}
    assert FeatureFile(**params).messages() == []
    data = draw("feature_file", **params)
    assert data["X"].shape == (20, 3) and data["n_clusters"] == 2
    law = draw("feature_law", path=params["path"], columns=["a", "b"])
    assert law["X"].shape == (20, 2)


def test_network_features_are_directions():
    data = draw("digit_features", representation="network", n_samples=60)
    assert data["X"].shape == (60, 64) and np.all(np.linalg.norm(data["X"], axis=1) > 0)


def test_metrics_count_failures(points):
    data = points["iv"]
    value = np.where(np.arange(data["v"].size) % 2, data["exact"], np.nan)
    fit = {"value": value}
    assert metrics.failures(data, fit) == pytest.approx(0.5, abs=0.02)
    assert metrics.finite_scaled_error(data, fit) < 1e-15 and metrics.scaled_error(data, fit) == 1.0
    assert metrics.relative_error(data, {"value": np.full(value.shape, np.nan)}) == metrics.CAP


def test_methods_depend_on_their_own_modules_only():
    def closure(name):
        module = STUDY.methods[name].target.partition(":")[0]
        return set(_Finder(SCRIPTS).closure([module])[0])

    here, peers = "seedbed.directional.bessel", "seedbed.studies.directional.peers"
    assert {f"{here}.kernels.iv", f"{here}.kernels.math", f"{here}.series.log"} <= closure("bessel")
    assert f"{peers}.own_bessel" not in closure("mpmath_bessel")
    for name in STUDY.methods:
        others = {method.target.partition(":")[0] for key, method in STUDY.methods.items() if key != name}
        own = STUDY.methods[name].target.partition(":")[0]  # the one-formula estimates of kappa share a module
        assert not closure(name) & (others - {own}), name


def test_benchmark_cases_are_complete():
    assert len({case.name for case in CASES}) == len(CASES)
    for case in CASES:
        assert next(iter(case.contenders)).startswith("seedbed")
        assert {case.peer, *case.more_targets} <= set(case.contenders)


@pytest.fixture(scope="module")
def tables(points, law):
    """What a run with two replicates would leave to the figures."""
    cells = {
        ("log_i_mixed", "bessel"): (points["iv"], "bessel"),
        ("log_i_mixed", "scipy_bessel"): (points["iv"], "scipy_bessel"),
        ("ratio_mixed", "bessel"): (points["ratio"], "bessel"),
        ("law_67", "mle"): (law, "mle"),
        ("law_67", "banerjee"): (law, "banerjee"),
    }
    fitted, scores, runs = {}, [], []
    for (scenario, method), (data, name) in cells.items():
        fit, values = run(name, data)
        fitted[scenario, method] = [(data, fit)] * 2
        for replicate in range(2):
            runs.append([scenario, method, replicate, "ok", 1e-4])
            scores += [[scenario, method, replicate, metric, value] for metric, value in values.items()]
    return SimpleNamespace(
        scores=pd.DataFrame(scores, columns=["scenario", "method", "replicate", "metric", "value"]),
        runs=pd.DataFrame(runs, columns=["scenario", "method", "replicate", "status", "cpu_seconds"]),
        scenario=None,
        labels={"bessel": "ours"},
        roles={"bessel": "ours", "mle": "ours"},
        styles=method_styles({}, {method: "baseline" for _, method in cells}),
        scenarios={scenario: scenario for scenario, _ in cells},
        first_data=lambda scenario: next((data for (name, _), (data, _) in cells.items() if name == scenario), None),
        cells=lambda scenario, method: iter(fitted.get((scenario, method), [])),
    )


def of_scenario(tables, scenario):
    """The tables as a figure per scenario gets them."""
    chosen = {name: getattr(tables, name) for name in ("scores", "runs")}
    chosen = {name: table[table["scenario"] == scenario] for name, table in chosen.items()}
    return SimpleNamespace(**{**vars(tables), **chosen, "scenario": scenario, "scenarios": {scenario: scenario}})


@pytest.mark.parametrize("name", STUDY.figures)
def test_figures(name, tables):
    entry = STUDY.figures[name]
    for scenario in ("log_i_mixed", "law_67") if entry.per == "scenario" else (None,):
        view = of_scenario(tables, scenario) if scenario else tables
        figure, drawn = load_target(entry.function)(view)
        figure.canvas.draw()
        assert len(drawn)
    empty = load_target(entry.function)(of_scenario(tables, "none of them"))
    if empty is not None:
        empty[0].canvas.draw()
        assert empty[1].empty


def test_error_maps_count_every_point(tables):
    drawn = load_target(STUDY.figures["error_maps"].function)(tables)[1]
    counts = drawn.groupby(["function", "method"])[["points", "not_finite"]].sum()
    points, failed = counts.loc[("iv", "scipy_bessel")]
    assert points == 2 * sum(1 for _ in next(tables.cells("log_i_mixed", "bessel"))[0]["v"])
    assert 0.1 < failed / points < 0.6 and counts.loc[("iv", "bessel"), "not_finite"] == 0
    assert (drawn["largest_error"][drawn["method"] == "bessel"] < 1e-14).all()


def test_times_are_of_one_evaluation(tables):
    drawn = load_target(STUDY.figures["speed_by_region"].function)(tables)[1]
    n = next(tables.cells("log_i_mixed", "bessel"))[0]["v"].size
    assert drawn["nanoseconds"].tolist() == pytest.approx([1e9 * 1e-4 / n] * len(drawn))


def test_an_error_of_the_logarithm_that_the_function_cannot_show_is_none() -> None:
    """At order 0 and x = 1e-32 log I is 2.5e-65, and I is 1 in double precision whatever is returned there."""
    v, x = np.array([0.0, 0.0, 0.0]), np.array([1e-32, 1e-6, 1.0])
    exact = x**2 / 4, np.zeros(3)
    found = errors("iv", v, x, np.zeros(3), exact, x / 2)["scaled"]
    assert found[0] < 1e-40 and found[1] == pytest.approx(0.5) and found[2] == pytest.approx(0.5)
