from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from seedbed.core.claims import judge_claims
from seedbed.core.statistics import (
    bootstrap_interval,
    compare_methods,
    holm_adjust,
    mean_interval,
    signed_rank_pvalue,
    summarise_costs,
    summarise_scores,
)
from statsmodels.stats.multitest import multipletests
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
    for values in rng.random((20, size)) ** 3:
        assert holm_adjust(values) == pytest.approx(multipletests(values, method="holm")[1])


def test_holm_leaves_unknown_values_out() -> None:
    adjusted = holm_adjust(np.array([0.01, np.nan, 0.03]))
    assert adjusted[[0, 2]] == pytest.approx([0.02, 0.03]) and np.isnan(adjusted[1])


def test_bootstrap_interval_is_near_the_normal_one_for_many_values() -> None:
    values = np.random.default_rng(1).normal(0.3, 1, 400)
    expected = stats.norm.interval(0.95, values.mean(), values.std() / 20)
    assert bootstrap_interval(values) == pytest.approx(expected, abs=0.02)
    assert bootstrap_interval(values) == bootstrap_interval(values)
    assert np.isnan(bootstrap_interval(values[:1])).all()


def test_signed_rank() -> None:
    rng = np.random.default_rng(2)
    for values in (rng.normal(0.5, 1, 15), rng.normal(0, 1, 50), rng.normal(0, 1, 60), np.array([0.3])):
        assert signed_rank_pvalue(values) == pytest.approx(stats.wilcoxon(values).pvalue)
    for _ in range(5):  # with ties and zeros SciPy enumerates all signs
        values = rng.integers(-3, 5, 9) / 7
        assert signed_rank_pvalue(values) == pytest.approx(stats.wilcoxon(values).pvalue)
    assert signed_rank_pvalue(np.zeros(5)) == 1
    assert np.isnan(signed_rank_pvalue(np.empty(0)))


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
    assert np.isnan(costs.loc["c", "cpu_seconds"])


def test_comparisons_are_paired() -> None:
    rng = np.random.default_rng(3)
    hard = rng.normal(0, 10, 12)  # how hard a replicate is, the same for both methods
    scores = tidy({"ours": hard, "peer": hard + 1 + rng.normal(0, 0.1, 12), "other": [*hard[:6], *[np.nan] * 6]})
    table = compare_methods(scores, ["ours"], ["ours", "peer", "other"]).set_index("peer")
    row = table.loc["peer"]
    assert row["difference"] == pytest.approx(-1, abs=0.1) and row["low"] < -0.9 and row["high"] > -1.1
    assert row["p_holm"] < 0.01 and table.loc["other", "n"] == 6


def claim(**test: object) -> dict:
    base = {
        "ours": "a",
        "peer": "b",
        "metric": "error",
        "scenarios": ["s"],
        "direction": "lower",
        "margin": 0.0,
    }
    return {
        "id": "x",
        "statement": "a is better",
        "source": "here",
        "paper_figure": None,
        "test": {**base, **test},
    }


def planted(effect: float, size: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    hard = rng.normal(0, 5, size)
    return tidy({"a": hard + rng.normal(0, 1, size), "b": hard + effect + rng.normal(0, 1, size)})


@pytest.mark.parametrize(
    ("effect", "test", "verdict"),
    [
        (3.0, {}, "reproduced"),
        (-3.0, {}, "contradicted"),
        (-3.0, {"direction": "higher"}, "reproduced"),
        (3.0, {"margin": 6.0}, "contradicted"),
        (0.0, {"margin": -3.0}, "reproduced"),
        (3.0, {"scenarios": ["s", "absent"]}, "not tested here"),
        (3.0, {"peer": "absent"}, "not tested here"),
    ],
)
def test_verdicts(effect: float, test: dict, verdict: str) -> None:
    result = judge_claims([claim(**test)], planted(effect, 16, 0))[0]
    assert result["verdict"] == verdict
    assert ("absent" in result["reason"]) == (verdict == "not tested here")


def test_verdict_without_effect_is_rarely_reproduced() -> None:
    verdicts = [judge_claims([claim()], planted(0.0, 12, seed))[0]["verdict"] for seed in range(200)]
    assert verdicts.count("reproduced") <= 12  # 2.5 % of 200 is 5; beyond 12 lies less than one in a thousand
    assert verdicts.count("inconclusive") >= 180
