"""Which method when: ranks as far as they are sure, by kind of scenario."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_labels import labels
from made_study import NAMES
from scipy import stats
from seedbed.core.judging.summaries import summarise_costs
from seedbed.core.labels import MetricLabel
from seedbed.report.page.study_page import describe_scenario
from seedbed.report.standings.which_method import (
    in_words,
    kinds_of_scenarios,
    main_metric,
    rank_contestants,
    scale_text,
)

METRICS = {
    "error": MetricLabel(label="error", direction="lower", unit="", log_floor=None, bounds=(0.0, 1.0)),
    "hits": MetricLabel(label="hits", direction="higher", unit="", log_floor=None, bounds=None),
    "gap": MetricLabel(label="gap", direction="lower", unit="", log_floor=1e-12, bounds=None),
}


def made(values: dict[str, np.ndarray], metric: str, scenario: str = "s") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"scenario": scenario, "method": method, "metric": metric, "replicate": place, "value": value}
            for method, column in values.items()
            for place, value in enumerate(column)
        ]
    )


def ranks(values: dict[str, np.ndarray], metric: str = "error") -> dict[str, str]:
    names = labels(dict.fromkeys(values, "baseline"), {metric: METRICS[metric]}, ("s",))
    found = rank_contestants(names, names.scenarios, metric, made(values, metric))
    return {standing.method: standing.rank for standing in found}


def test_ranks_are_as_wide_as_they_are_unsure() -> None:
    rng = np.random.default_rng(0)
    shared, noise = rng.normal(0.5, 0.1, 10), rng.normal(0.0, 0.01, (3, 10))
    values = {"bad": shared + 0.2 + noise[0], "a": shared + noise[1], "b": shared + noise[2]}
    assert ranks(values) == {"a": "1–2", "b": "1–2", "bad": "3"}
    assert [*ranks(values)][-1] == "bad" and next(iter(ranks(values, "hits").items())) == ("bad", "1")


def test_equal_scores_are_tied_whatever_their_spread() -> None:
    same = np.full(5, 0.25)
    assert ranks({"a": same, "b": same, "c": same + 0.1}) == {"a": "1–2", "b": "1–2", "c": "3"}


def test_a_pair_is_sure_where_the_paired_t_test_is() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        a, b = rng.normal(0.5, 0.1, 8), rng.normal(0.55, 0.1, 8)
        p = stats.ttest_rel(a, b).pvalue
        assert (len(set(ranks({"a": a, "b": b}).values())) == 2) == (p < 0.05)


def test_a_score_and_its_interval_are_those_of_its_own_scale() -> None:
    names = labels({"a": "baseline"}, METRICS, ("s",))
    values = np.array([1e-3, 1e-4, 1e-5])
    (gap,) = rank_contestants(names, names.scenarios, "gap", made({"a": values}, "gap"))
    low, high = stats.t.interval(0.95, 2, -4.0, 1 / np.sqrt(3))
    assert (gap.score, gap.low, gap.high) == pytest.approx((1e-4, 10**low, 10**high))
    (error,) = rank_contestants(names, names.scenarios, "error", made({"a": np.array([0.0, 0.0, 0.3])}, "error"))
    assert error.low == 0.0 and error.score == pytest.approx(0.1), "an interval stays in the range of its metric"


def test_several_scenarios_are_averaged_with_their_own_errors() -> None:
    rng = np.random.default_rng(2)
    names = labels({"a": "baseline", "b": "baseline"}, METRICS, ("s", "t"))
    columns = {key: {"a": rng.normal(0.4, 0.05, 6), "b": rng.normal(0.5, 0.05, 6)} for key in ("s", "t")}
    scores = pd.concat([made(values, "error", key) for key, values in columns.items()])
    found = rank_contestants(names, names.scenarios, "error", scores)
    assert found[0].method == "a"
    mean = np.mean([values["a"].mean() for values in columns.values()])
    error = np.sqrt(sum(values["a"].var(ddof=1) / 6 for values in columns.values())) / 2
    assert found[0].score == pytest.approx(mean)
    assert found[0].high - mean == pytest.approx(stats.t.ppf(0.975, 10) * error)


def test_what_has_no_score_or_is_given_the_truth_has_no_rank(tables: dict[str, pd.DataFrame]) -> None:
    scores = tables["scores"][tables["scores"]["method"] != "peer"]
    names = replace(NAMES, methods={**NAMES.methods, "ours": replace(NAMES.methods["ours"], given_the_truth=True)})
    (kind,) = kinds_of_scenarios(names, scores, summarise_costs(tables["runs"]))
    references = {row["method"]: row["standing"] for row in kind["rows"]}
    assert references.pop("peer") is None and {one.rank for one in references.values()} == {"–"}
    assert references["truth"].score < references["chance"].score, "their scores are told, and no rank"
    assert kind["best"] == [] and kind["quickest"] == "" and kind["n_methods"] == 0
    (kind,) = kinds_of_scenarios(NAMES, tables["scores"], summarise_costs(tables["runs"]))
    assert kind["best"] == ["ours"] and [row["method"] for row in kind["rows"]][:2] == ["ours", "peer"]
    assert kind["rows"][0]["standing"].rank == "1" and kind["rows"][0]["answered"] == kind["rows"][0]["expected"] == 24
    assert kind["rows"][0]["fastest"] <= kind["rows"][0]["cpu_seconds"] <= kind["rows"][0]["slowest"]


def test_a_metric_without_a_better_end_ranks_nobody(tables: dict[str, pd.DataFrame]) -> None:
    assert main_metric(NAMES, NAMES.scenarios[0], tables["scores"]) == "error"
    about = {name: replace(metric, direction="none") for name, metric in NAMES.metrics.items()}
    assert kinds_of_scenarios(replace(NAMES, metrics=about), tables["scores"], tables["scores"]) == []


def test_generators_are_called_by_words() -> None:
    assert in_words("a.b:VMFSample") == "VMF sample" and in_words("plane_points") == "plane points"


def test_the_main_metric_is_the_studys_first_and_not_the_first_by_name() -> None:
    """Labels reach a job as canonical JSON, which sorts what it holds by name."""
    metrics = {"zeal": METRICS["error"], "accuracy": replace(METRICS["error"], direction="higher")}
    names = labels({"sly": "baseline", "able": "baseline"}, metrics, ("s",))
    assert [*names.metrics] == ["zeal", "accuracy"] and [*names.methods] == ["sly", "able"]
    scores = pd.concat([made({"sly": np.zeros(4), "able": np.ones(4)}, name, "s") for name in metrics])
    assert main_metric(names, names.scenarios[0], scores) == "zeal"
    assert names.ranking_metric({"accuracy", "zeal"}) == "zeal" and names.ranking_metric({"accuracy"}) == "accuracy"


def test_a_first_metric_without_a_better_end_heads_neither_a_table_nor_who_is_best(
    tables: dict[str, pd.DataFrame],
) -> None:
    """The best, their score beside them and the order of the rows are all by the metric that ranks."""
    shape = replace(NAMES.metrics["error"], direction="none", label="a shape")
    scenario = replace(NAMES.scenarios[0], metrics=("shape", *NAMES.scenarios[0].metrics))
    names = replace(NAMES, scenarios=(scenario,), metrics={**NAMES.metrics, "shape": shape})
    with_shape = {
        key: pd.concat([table, table[table["metric"] == "error"].assign(metric="shape")])
        for key, table in tables.items()
        if key in ("scores", "summary")
    }
    block = describe_scenario(names, scenario, {**tables, **with_shape})
    assert [about.label for about in block["metrics"]][:2] == [NAMES.metrics["error"].label, "a shape"]
    assert [row["method"] for row in block["best"]] == ["ours"]


def test_what_counts_as_the_floor_is_said_where_scores_are_so_small() -> None:
    values = {"a": np.array([1e-15, 1e-14]), "b": np.array([1e-6, 1e-5])}
    names = labels(dict.fromkeys(values, "baseline"), METRICS, ("s",))
    said = scale_text(names, names.scenarios, "gap", made(values, "gap"))
    assert said.endswith("logarithms are compared; what is below 10⁻¹² counts as that, and methods so good are tied.")
    above = scale_text(names, names.scenarios, "gap", made({"b": values["b"]}, "gap"))
    assert above == "By gap, of which logarithms are compared."
    assert scale_text(names, names.scenarios, "error", made(values, "error")) == ""


def test_a_table_of_choices_has_one_notation(tables: dict[str, pd.DataFrame]) -> None:
    (kind,) = kinds_of_scenarios(NAMES, tables["scores"], summarise_costs(tables["runs"]))
    shown = [kind["written"].number(row["standing"].score) for row in kind["rows"] if row["standing"]]
    assert len({len(text.partition(".")[2]) for text in shown}) == 1, shown
    assert all(row["time"][0].split()[-1] in ("ns", "µs", "ms", "s") for row in kind["rows"])
