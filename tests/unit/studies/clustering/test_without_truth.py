"""Criteria of partitions without a truth: definitions, and that nobody is ranked by them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from seedbed.clustering.partitions.internal_criteria import agreement, silhouettes, without_clusters
from seedbed.core.judging.standings import rank_methods
from seedbed.core.judging.summaries import compare_methods, summarise_scores
from seedbed.core.labels import MethodLabel, MetricLabel, ScenarioLabel, StudyLabels
from seedbed.core.study import load_study
from seedbed.studies.clustering import metrics
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples

RNG = np.random.default_rng(0)
BLOBS = np.concatenate([RNG.normal(size=(30, 3)) + 8 * np.eye(3)[k] for k in range(3)])
LABELS = np.repeat([0, 1, 2], 30)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_silhouettes_are_those_of_scikit_learn(metric):
    labels = np.concatenate([LABELS[:-1], [7]])  # one row alone
    np.testing.assert_allclose(silhouettes(BLOBS, labels, metric), silhouette_samples(BLOBS, labels, metric=metric))
    assert np.isnan(silhouettes(BLOBS, np.zeros(90))).all()


def test_silhouettes_of_many_rows_by_some_of_them():
    X, labels = np.tile(BLOBS, (5, 1)) + 0.01 * RNG.normal(size=(450, 3)), np.tile(LABELS, 5)
    assert np.abs(silhouettes(X, labels, most=150) - silhouettes(X, labels)).max() < 0.05


def test_agreement_is_on_common_rows_whatever_the_names_of_the_clusters():
    rows = np.array([1, 4, 7, 9])
    assert agreement((rows, np.array([0, 0, 1, 1])), (np.array([9, 1, 4, 8]), np.array([5, 2, 2, 5]))) == 1.0
    assert np.isnan(agreement((rows, rows), (np.array([2, 9]), np.array([0, 1]))))


def test_the_reference_has_the_spread_and_no_clusters():
    reference = without_clusters(np.random.default_rng(1), BLOBS)
    axes = np.linalg.svd(BLOBS - BLOBS.mean(0))[2]
    for side in (np.min, np.max):
        box = side((BLOBS - BLOBS.mean(0)) @ axes.T, axis=0)
        found = side((reference - BLOBS.mean(0)) @ axes.T, axis=0)
        assert (np.abs(found) <= np.abs(box) + 1e-9).all()
    found = KMeans(3, n_init=5, random_state=0).fit_predict(reference)
    data = {"X": BLOBS, "X_reference": reference}
    assert metrics.silhouette_gap(data, {"labels": LABELS, "labels_reference": found}) > 0.2


def test_criteria_are_silent_where_the_truth_is_known():
    data, fit = {"X": BLOBS, "labels": LABELS, "rows": np.arange(90)}, {"labels": LABELS}
    assert np.isnan([metrics.stability(data, fit, (data, fit)), metrics.silhouette(data, fit)]).all()
    del data["labels"]
    assert metrics.stability(data, fit, (data, fit)) == 1.0 and np.isnan(metrics.stability(data, fit))


def labels_of(roles: dict[str, str], overlap: float = 0.0) -> StudyLabels:
    scenario = ScenarioLabel(
        name="s", label="s", generator="g", params={}, overlap=overlap, methods=tuple(roles), metrics=("error", "own")
    )
    methods = {name: MethodLabel(label=name, role=role, reference="", tuning_fits=0) for name, role in roles.items()}
    plain = {"unit": "", "log_floor": None, "bounds": None}
    known = {
        "error": MetricLabel(label="error", direction="lower", **plain),
        "own": MetricLabel(label="own", direction="lower", internal=True, **plain),
    }
    return StudyLabels(
        study="s", replicates=6, scenarios=(scenario,), methods=methods, registered=tuple(roles.items()), metrics=known
    )


def scores_of(metric: str, **levels: float) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"scenario": "s", "method": name, "metric": metric, "replicate": r, "value": level + 0.01 * r * level}
            for name, level in levels.items()
            for r in range(6)
        ]
    )


def test_no_truth_no_ranking():
    names = labels_of({"a": "ours", "b": "baseline", "c": "control"})
    scores = scores_of("own", a=1.0, b=2.0, c=3.0)
    table = rank_methods(scores, names)
    assert table["standing"].isna().all() and compare_methods(scores, names).empty
    assert table[table["scenario"] == "s"]["score"].round(3).tolist() == [1.025, 2.05, 3.075]


def test_no_standing_without_a_control_or_of_two_methods():
    scores = scores_of("error", a=1.0, b=2.0, c=3.0)
    for roles in ({"a": "baseline", "b": "baseline", "c": "baseline"}, {"a": "baseline", "c": "control"}):
        part = scores[scores["method"].isin(list(roles))]
        assert rank_methods(part, labels_of(roles))["standing"].isna().all()
    ranked = rank_methods(scores, labels_of({"a": "baseline", "b": "baseline", "c": "control"}))
    assert ranked.set_index(["scenario", "method"])["standing"]["s"].round(3).tolist() == [1.0, 0.5, 0.0]


def test_where_nothing_is_ours_the_best_is_compared():
    names = labels_of({"a": "baseline", "b": "baseline", "c": "control"})
    table = compare_methods(scores_of("error", a=2.0, b=1.0, c=3.0), names)
    assert set(table["method"]) == {"b"} and set(table["peer"]) == {"a", "c"}


def test_one_data_set_has_neither_interval_nor_p_value():
    names = labels_of({"a": "ours", "b": "baseline"}, overlap=1.0)
    scores = scores_of("error", a=1.0, b=2.0)
    (row,) = compare_methods(scores, names).to_dict("records")
    assert row["difference"] == pytest.approx(-1.025) and np.isnan([row["low"], row["high"], row["p_value"]]).all()
    runs = pd.DataFrame({"scenario": "s", "method": ["a"] * 6, "replicate": range(6)})
    (mean,) = summarise_scores(scores[scores["method"] == "a"], runs, overlaps={"s": 1.0}).to_dict("records")
    assert mean["mean"] == pytest.approx(1.025) and np.isnan([mean["standard_error"], mean["low"], mean["high"]]).all()


def test_no_contestants_objective_ranks():
    for study in ("clustering", "directional"):
        own = load_study(study).metrics
        assert all(own[name].internal for name in ("stability", "silhouette", "silhouette_gap"))
    assert own["held_out_mixture_log_likelihood"].internal
    assert load_study("clustering").metrics["within_cluster_sum_of_squares"].internal
