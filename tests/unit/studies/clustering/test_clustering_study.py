"""The tables of the clustering study: everything named exists and fits together; the adapter; the figures."""

import inspect
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from asked_generators import drawn
from in_r import needs_mclust
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import SkipFit
from seedbed.core.study import load_target
from seedbed.report.styles import method_styles
from seedbed.studies.clustering import adapter as methods
from seedbed.studies.clustering.study import STUDY
from sklearn.cluster import DBSCAN, KMeans, SpectralClustering
from sklearn.mixture import GaussianMixture

CLAIMS = yaml.safe_load((Path(methods.__file__).parent / "claims.yaml").read_text())
DATA = drawn(STUDY.generators["gaussian_mixture"], np.random.default_rng(0), n_points=45, separation=8.0)
ERROR = load_target(STUDY.metrics["misclustering_error"].function)


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_exists_and_takes_its_parameters(name):
    method = STUDY.methods[name]
    assert parameter_errors(load_target(method.target), method.params) == []
    assert method.label
    assert method.role in ("control", "oracle") or method.reference


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_finds_clusters_that_are_far_apart(name):
    if name == "mclust":
        needs_mclust()
    method = STUDY.methods[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the neighbourhood graph of far clusters is not connected
        fit = methods.fit(load_target(method.target), method.params, DATA, seed=1)
        again = methods.fit(load_target(method.target), method.params, DATA, seed=1)
    assert fit["labels"].shape == (45,)
    for key, value in fit.items():
        np.testing.assert_array_equal(value, again[key], err_msg=f"{key} is not determined by the seed")
    starts_at_random = "random" in name
    assert ERROR(DATA, fit) <= (0.67 if starts_at_random else 0.03)


def test_labels_of_methods_are_distinct():
    labels = [method.label for method in STUDY.methods.values()]
    assert len(set(labels)) == len(labels)


def test_parameters_of_presets_are_those_of_their_generators():
    for name, scenario in STUDY.scenarios.items():
        generator = load_target(STUDY.generators[scenario.generator].function)
        assert parameter_errors(generator, scenario.params) == [], name
        assert all(p.kind is p.KEYWORD_ONLY for p in inspect.signature(generator).parameters.values()), name
        assert scenario.label


def test_metrics_figures_and_main_metric_exist():
    assert next(iter(STUDY.metrics)) == "misclustering_error"
    for entry in (*STUDY.metrics.values(), *STUDY.figures.values()):
        assert callable(load_target(entry.function))


def test_claims_quote_no_figure():
    assert all(claim["paper_figure"] is None for claim in CLAIMS), "the paper's figures could not be read"


def test_general_claims_leave_out_no_heterogeneous_scenario():
    simulated = {name for name, s in STUDY.scenarios.items() if s.generator == "gaussian_mixture"}
    special = {"isotropic", "well_separated", "many_separated", "many_close"}
    for scenarios in (claim.get("test", {}).get("scenarios", []) for claim in CLAIMS):
        if len(scenarios) > 1:
            assert set(scenarios) == simulated - special


class Toy:
    """The least that counts as a clusterer."""

    result = DATA["labels"]

    def __init__(self, n_clusters=2, random_state=None, weights=None):
        self.given = (n_clusters, random_state, weights)

    def fit(self, X):
        self.labels_ = self.result
        self.n_iter_, self.gap_, self.objective_path_, self.converged_ = 3, None, [1.0, 2.0], True
        return self


class Predicts:
    def fit(self, X):
        pass

    def predict(self, X):
        return (X[:, 0] > 0).astype(int)


def test_adapter_hands_over_clusters_and_seed_but_never_the_truth(monkeypatch):
    seen = []
    original = Toy.__init__

    def record(self, n_clusters=2, random_state=None, weights=None):
        original(self, n_clusters, random_state, weights)
        seen.append(self.given)

    monkeypatch.setattr(Toy, "__init__", record)
    fit = methods.fit(Toy, {}, DATA, 5)
    methods.fit(Toy, {"n_clusters": 4, "random_state": 9}, DATA, 5)
    assert seen == [(3, 5, None), (4, 9, None)]
    assert set(fit) == {"labels", "n_iter", "objective_path", "converged"}
    assert fit["labels"].dtype == np.int64 and int(fit["n_iter"]) == 3


@pytest.mark.parametrize("cls", [Predicts, KMeans, GaussianMixture, DBSCAN])
def test_adapter_takes_any_clusterer(cls):
    assert methods.fit(cls, {}, DATA, 0)["labels"].shape == (45,)


def test_adapter_means_clusters_by_n_clusters_where_a_class_has_both():
    data = {**DATA, "n_clusters": np.asarray(2)}
    fit = methods.fit(SpectralClustering, {"affinity": "nearest_neighbors", "n_neighbors": 30}, data, 0)
    assert len(set(fit["labels"])) == 2


@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        (np.zeros(7, int), ValueError, r"returned labels of shape \(7,\), expected \(45,\)"),
        (np.zeros((45, 3), int), ValueError, r"returned labels of shape \(45, 3\), expected \(45,\)"),
        (None, ValueError, r"returned labels of shape \(\)"),
        (np.full(45, 0.5), TypeError, "returned labels of type float64, expected whole numbers"),
        (np.full(45, "a"), TypeError, "expected whole numbers"),
    ],
)
def test_adapter_refuses_wrong_labels(monkeypatch, result, error, message):
    monkeypatch.setattr(Toy, "result", result)
    with pytest.raises(error, match=message):
        methods.fit(Toy, {}, DATA, 0)


@pytest.mark.parametrize("name", ["oracle", "likelihood_sdp"])
def test_methods_that_need_the_truth_are_left_out_where_it_is_unknown(name):
    method = STUDY.methods[name]
    data = {key: DATA[key] for key in ("X", "labels", "n_clusters")}
    with pytest.raises(SkipFit, match=r"needs the true .*covariances.*unknown for these data"):
        methods.fit(load_target(method.target), method.params, data, 0)


def make_tables():
    """Two scenarios, three methods, one of which failed everywhere."""
    rng = np.random.default_rng(0)
    scores, runs = [], []
    for scenario in ("one", "two"):
        for method in ("ila_sdp", "kmeans", "broken"):
            for replicate in range(4):
                key = [scenario, method, replicate]
                runs.append([*key, "error" if method == "broken" else "ok", "", *rng.uniform(0.1, 1, 3)])
                if method != "broken":
                    values = {
                        "misclustering_error": rng.uniform(0, 0.2),
                        "within_cluster_sum_of_squares": 9.0,
                        "certified_gap": 0.0 if method == "ila_sdp" else np.nan,
                    }
                    scores += [["clustering", *key, metric, value] for metric, value in values.items()]
    scores = pd.DataFrame(scores, columns=["study", "scenario", "method", "replicate", "metric", "value"])
    names = [
        "scenario",
        "method",
        "replicate",
        "status",
        "message",
        "wall_seconds",
        "cpu_seconds",
        "peak_memory_mb",
    ]
    groups = scores.groupby(["scenario", "method", "metric"])["value"]
    summary = groups.agg(mean="mean", low="min", high="max").reset_index()
    return SimpleNamespace(
        scores=scores,
        runs=pd.DataFrame(runs, columns=names),
        summary=summary,
        scenario="one",
        labels={"ila_sdp": "iLA-SDP", "kmeans": "k-means"},
        roles={"ila_sdp": "ours", "kmeans": "baseline"},
        styles=method_styles({}, dict.fromkeys(("ila_sdp", "kmeans", "broken"), "baseline")),
    )


def test_pictures_show_the_first_data_set_of_every_scenario(tmp_path):
    named = {"one": "first", "two": "second", "three": "without data"}
    data = {"one": DATA, "two": {"X": DATA["X"][:, :1]}, "three": None}
    tables = SimpleNamespace(scenarios=named, first_data=data.get)
    figure, drawn = load_target(STUDY.figures["pictures"].function)(tables)
    figure.savefig(tmp_path / "figure.svg")
    assert drawn.groupby("scenario").size().to_dict() == {"one": 45, "two": 45}
    assert set(drawn.loc[drawn["scenario"] == "one", "class"]) == {0, 1, 2}
    assert set(drawn.loc[drawn["scenario"] == "two", "class"]) == {-1}
    assert load_target(STUDY.figures["pictures"].function)(SimpleNamespace(scenarios={}, first_data=data.get)) is None


def test_certificates_show_only_methods_that_have_one(tmp_path):
    tables = make_tables()
    figure, drawn = load_target(STUDY.figures["certificates"].function)(tables)
    figure.savefig(tmp_path / "figure.png")
    assert set(drawn["method"]) == {"ila_sdp"} and set(drawn["scenario"]) == {"one", "two"}
    tables.scores = tables.scores[tables.scores["metric"] != "certified_gap"]
    assert load_target(STUDY.figures["certificates"].function)(tables) is None, "no empty figure"


@pytest.mark.slow
def test_scaling_draws_the_grid_over_the_number_of_points(tmp_path):
    tables = make_tables()
    grown = []
    for size in (1000, 100000):
        for name, table in (("scores", tables.scores), ("runs", tables.runs)):
            grown.append((name, table.assign(scenario=table["scenario"] + f"~n_points={size}")))
    for name in ("scores", "runs"):
        setattr(tables, name, pd.concat([table for key, table in grown if key == name]))
    runs = tables.runs
    runs.loc[runs["method"] == "broken", "status"] = "timeout"
    figure, drawn = load_target(STUDY.figures["scaling"].function)(tables)
    figure.savefig(tmp_path / "figure.svg")
    assert set(drawn["n_points"]) == {1000, 100000} and set(drawn["family"]) == {"one", "two"}
    broken = drawn[drawn["method"] == "broken"]
    assert broken["n_ok"].eq(0).all() and broken["statuses"].eq("4 timeout").all()
    assert drawn.loc[drawn["method"] == "ila_sdp", "misclustering_error"].notna().all()
    assert len(figure.axes) == 8


def test_scaling_is_left_out_where_there_is_no_grid(tmp_path):
    assert load_target(STUDY.figures["scaling"].function)(make_tables()) is None
