from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_labels import labels
from scipy import stats
from seedbed.core.judging.summaries import compare_methods, summarise_costs, summarise_scores
from seedbed.core.labels import MetricLabel
from seedbed.core.statistics.intervals import (
    holm_adjust,
    mean_interval,
    median_interval,
    region_pvalue,
    share_interval,
)
from seedbed.core.statistics.over_scenarios import prediction_interval
from seedbed.core.statuses import NOT_REPRODUCIBLE
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW


def test_mean_interval_agrees_with_statsmodels() -> None:
    values = np.random.default_rng(0).exponential(size=12)
    mean, error, low, high = mean_interval(values, 0.9)
    peer = DescrStatsW(values)
    assert mean == pytest.approx(peer.mean) and error == pytest.approx(peer.std_mean)
    assert (low, high) == pytest.approx(peer.tconfint_mean(alpha=0.1))


def test_one_value_has_no_uncertainty() -> None:
    mean, *rest = mean_interval(np.array([3.0, np.nan]))
    assert mean == 3 and np.isnan(rest).all()
    assert np.isnan(mean_interval(np.array([]))).all()


@pytest.mark.parametrize("size", [1, 2, 5, 20])
def test_holm_agrees_with_statsmodels(size: int) -> None:
    rng = np.random.default_rng(size)
    for values in rng.random((5, size)) ** 3:  # statsmodels takes 60 ms of CPU time for each
        assert holm_adjust(values) == pytest.approx(multipletests(values, method="holm")[1])


def test_holm_leaves_unknown_values_out() -> None:
    adjusted = holm_adjust(np.array([0.01, np.nan, 0.03]))
    assert adjusted[[0, 2]] == pytest.approx([0.02, 0.03]) and np.isnan(adjusted[1])


def test_interval_of_a_median_is_made_of_order_statistics() -> None:
    assert median_interval(np.arange(10.0)) == (1.0, 8.0)  # covers with 97.9 %, the next inner pair with 89 %
    assert median_interval(np.arange(6.0)) == (0.0, 5.0) and median_interval(np.array([2.0, np.nan])) == (2.0, 2.0)
    assert median_interval(np.arange(100.0)) == (39.0, 60.0)
    assert np.isnan(median_interval(np.empty(0))).all()
    rng = np.random.default_rng(5)
    found = np.array([median_interval(rng.exponential(size=15)) for _ in range(2000)])
    assert np.mean((found[:, 0] <= np.log(2)) & (np.log(2) <= found[:, 1])) >= 0.94


def test_interval_of_a_share_agrees_with_statsmodels() -> None:
    for successes, n in [(0, 5), (7, 10), (10, 10), (24, 24)]:
        expected = proportion_confint(successes, n, method="beta")
        assert share_interval(successes, n) == pytest.approx(np.nan_to_num(expected, nan=1.0), abs=1e-12)


def test_evidence_for_a_region() -> None:
    values = np.array([0.1, -0.2, 0.3, 0.2, -0.1, 0.15, 0.05, -0.25])
    assert region_pvalue(values + 1, 0.0, np.inf) == pytest.approx(stats.wilcoxon(values + 1).pvalue)
    assert region_pvalue(values, -1.0, 1.0) == pytest.approx(2**-7)  # inside: both one-sided tests at their smallest
    assert region_pvalue(values + 2, -1.0, 1.0) == pytest.approx(2**-7)  # outside
    assert region_pvalue(values + 1, -1.0, 1.0) > 0.2


def test_signed_rank() -> None:
    rng = np.random.default_rng(2)
    for values in (rng.normal(0.5, 1, 15), rng.normal(0, 1, 50), rng.normal(0, 1, 60), np.array([0.3])):
        assert region_pvalue(values, 0.0, np.inf) == pytest.approx(stats.wilcoxon(values).pvalue)
    for _ in range(5):  # with ties and zeros SciPy enumerates all signs
        values = rng.integers(-3, 5, 9) / 7
        assert region_pvalue(values, 0.0, np.inf) == pytest.approx(stats.wilcoxon(values).pvalue)
    assert region_pvalue(np.zeros(5), 0.0, np.inf) == 1


def tidy(values: dict[str, list[float]], scenario: str = "s", metric: str = "error") -> pd.DataFrame:
    return pd.DataFrame(
        [("study", scenario, method, i, metric, x) for method, column in values.items() for i, x in enumerate(column)],
        columns=["study", "scenario", "method", "replicate", "metric", "value"],
    )


def runs_of(statuses: dict[str, list[str]]) -> pd.DataFrame:
    rows = [
        ("study", "s", method, i, status, "", 1.0, float(i), 2.0)
        for method, column in statuses.items()
        for i, status in enumerate(column)
    ]
    names = ["study", "scenario", "method", "replicate", "status", "message"]
    return pd.DataFrame(rows, columns=[*names, "wall_seconds", "cpu_seconds", "peak_memory_mb"])


def test_summary_shows_cells_that_failed() -> None:
    scores = tidy({"a": [1.0, 2.0, 3.0], "b": [1.0]})
    runs = runs_of({"a": ["ok"] * 3, "b": ["ok", "error", "timeout"], "c": ["error"] * 3})
    summary = summarise_scores(scores, runs).set_index("method")
    assert summary["n_scored"].to_dict() == {"a": 3, "b": 1, "c": 0}
    assert set(summary["n_expected"]) == {3}
    assert summary.loc["a", "mean"] == 2 and np.isnan(summary.loc["c", "mean"])
    costs = summarise_costs(runs).set_index("method")
    assert list(costs.index) == ["a", "b", "c"]
    assert costs.loc["a", "cpu_seconds"] == 1 and costs.loc["b", "cpu_seconds"] == 0
    assert costs.loc["b", ["ok", "error", "timeout"]].tolist() == [1, 1, 1]
    assert costs.loc["a", ["cpu_seconds_low", "cpu_seconds_high"]].tolist() == [0, 2]
    assert costs.loc["c", ["cpu_seconds", "cpu_seconds_low"]].isna().all()
    assert set(costs["not_reproducible"]) == {0}


def test_costs_count_the_fits_that_came_out_differently_the_second_time() -> None:
    runs = runs_of({"a": ["ok"] * 3, "b": ["ok", "not_converged", "error"]})
    differs = f"{NOT_REPRODUCIBLE}: two fits with the same seed differ in labels."
    runs.loc[[0, 3, 4], "message"] = [differs, None, f"stopped; {differs}"]
    assert summarise_costs(runs).set_index("method")["not_reproducible"].to_dict() == {"a": 1, "b": 0}


def test_splits_of_one_data_set_are_less_certain_than_they_look() -> None:
    scores = tidy({"a": [1.0, 2.0, 3.0, 4.0]})
    runs = runs_of({"a": ["ok"] * 4})
    drawn, split = (summarise_scores(scores, runs, overlaps={"s": share}).iloc[0] for share in (None, 0.5))
    assert split["standard_error"] / drawn["standard_error"] == pytest.approx(5**0.5)
    assert split["high"] - split["low"] == pytest.approx(5**0.5 * (drawn["high"] - drawn["low"]))


def test_comparisons_are_paired() -> None:
    rng = np.random.default_rng(3)
    hard = rng.normal(0, 10, 12)  # how hard a replicate is, the same for both methods
    scores = tidy({"ours": hard, "peer": hard + 1 + rng.normal(0, 0.1, 12), "other": [*hard[:6], *[np.nan] * 6]})
    metric = MetricLabel(label="error", direction="lower", unit="", log_floor=None, bounds=None)
    names = labels({name: name for name in ("ours", "peer", "other")}, {"error": metric})
    table = compare_methods(scores, names).set_index("peer")
    row = table.loc["peer"]
    assert row["difference"] == pytest.approx(-1, abs=0.1) and row["low"] < -0.9 and row["high"] > -1.1
    assert row["p_holm"] < 0.01 and table.loc["other", "n"] == 6 and set(table["scale"]) == {"difference"}
    better = {"ours": [*(0.1 + rng.normal(0, 0.01, 11)), np.inf], "peer": list(0.5 + rng.normal(0, 0.01, 12))}
    row = compare_methods(tidy(better), names).set_index("peer").loc["peer"]
    assert row["n"] == 12 and row["difference"] == pytest.approx(1e300 / 12) and row["p_value"] > 0.3, (
        "it diverged once"
    )
    decades = tidy({"ours": [1e-12, 0.0], "peer": [1e-8, 1e-16]})
    table = compare_methods(decades, replace(names, metrics={"error": replace(metric, log_floor=1e-16)}))
    assert table["difference"].tolist() == pytest.approx([-2]) and table["scale"].tolist() == ["ratio"]


def test_a_scenario_whose_replicates_agree_does_not_settle_the_next_one() -> None:
    """Six small effects, one of them the same in all replicates, were said to leave the next no room at all."""
    rng = np.random.default_rng(0)
    places = {str(i): pd.Series(0.01 + 0.02 * rng.standard_normal(8)) for i in range(5)}
    low, high = prediction_interval(places | {"all the same": pd.Series(np.zeros(8))}, 0.95)
    plain_low, plain_high = prediction_interval(places, 0.95)
    assert low < 0 < high and 0.5 < (high - low) / (plain_high - plain_low) < 2
    rounding = pd.Series(1e-14 * rng.standard_normal(8))
    assert prediction_interval(places | {"all the same": rounding}, 0.95) == pytest.approx((low, high), rel=1e-6)
    same = {str(i): pd.Series(np.full(8, 0.3)) for i in range(4)}
    assert np.isnan(prediction_interval(same, 0.95)).all(), "nothing differs: nothing is known of another"
