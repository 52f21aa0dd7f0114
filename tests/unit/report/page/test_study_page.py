"""What the page says of one study."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from made_study import NAMES
from seedbed.core.errors import UserError
from seedbed.core.judging.summaries import summarise_costs, summarise_scores
from seedbed.report.page.render import tables_digest
from seedbed.report.page.study_page import _tunings, describe_scenario, failures, study_costs


@pytest.mark.parametrize("content", ["[1]", "{}", '{"cells": '])
def test_a_damaged_state_is_named(tmp_path: Path, monkeypatch, content: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("results/made").mkdir(parents=True)
    Path("results/made/state.json").write_text(content)
    with pytest.raises(UserError, match=r"state\.json is damaged"):
        tables_digest(Path("results/made"))


def test_what_is_skipped_by_design_is_no_share_by_chance() -> None:
    columns = {"scenario": "s", "method": "truth", "message": "no truth", "cpu_seconds": 1.0, "wall_seconds": 1.0}
    runs = pd.DataFrame({"replicate": range(8), "status": "skipped", "peak_memory_mb": 1.0, **columns})
    assert [row["share"] for row in failures(runs, NAMES)] == ["8 of 8"]
    assert failures(runs.assign(status="error"), NAMES)[0]["share"].startswith("8 of 8 [")
    costs = study_costs(NAMES, runs)
    assert costs["skipped"] == 8 and costs["share"].startswith("0 of 88 [") and costs["share"].endswith("; 8 skipped")


def test_results_of_an_earlier_config_may_hold_more_fits_than_are_asked_for() -> None:
    columns = {"scenario": "s", "method": "truth", "message": "", "cpu_seconds": 1.0, "wall_seconds": 1.0}
    runs = pd.DataFrame({"replicate": range(500), "status": "ok", "peak_memory_mb": 1.0, **columns})
    costs = study_costs(NAMES, runs)
    assert costs["answered"] == costs["expected"] == 500 and costs["missing"] == 0
    assert costs["share"].startswith("500 of 500 [")


def test_an_answer_that_is_not_reproducible_is_listed() -> None:
    columns = {"scenario": "s", "method": "truth", "status": "ok", "cpu_seconds": 1.0, "wall_seconds": 1.0}
    runs = pd.DataFrame({"replicate": range(4), "message": "", "peak_memory_mb": 1.0, **columns})
    runs.loc[0, "message"] = "not reproducible: labels differ. "
    (row,) = failures(runs, NAMES)
    assert row["status"] == "not reproducible" and row["count"] == 1 and row["replicates"] == "0"
    assert failures(runs.assign(message=None), NAMES) == []


def test_an_interval_of_a_mean_stays_in_the_range_of_its_metric() -> None:
    scores = pd.DataFrame({"scenario": "s", "method": "m", "metric": "error", "value": [0.0, 0.0, 0.0, 0.02]})
    runs = scores.drop(columns=["metric", "value"])
    assert summarise_scores(scores, runs)["low"].item() < 0
    bounded = summarise_scores(scores, runs, ranges={"error": (0.0, 0.01)}).iloc[0]
    assert bounded["low"] == 0.0 and bounded["high"] == 0.01 and bounded["mean"] == 0.005


def test_the_line_of_a_scenario_names_no_method_without_a_score(tables: dict[str, pd.DataFrame]) -> None:
    scenario, scores = NAMES.scenarios[0], tables["scores"]
    shown = tables | {"costs": summarise_costs(tables["runs"])}
    block = describe_scenario(NAMES, scenario, shown)
    assert block["under_test"]["method"] == "ours" and block["scale"] == ""
    lost = (scores["scenario"] == scenario.name) & (scores["method"] == "ours")
    kept = scores[~lost]
    block = describe_scenario(
        NAMES, scenario, shown | {"scores": kept, "summary": summarise_scores(kept, tables["runs"])}
    )
    assert block["under_test"] is None


def test_no_error_on_logarithms_has_an_interval_below_zero(tables: dict[str, pd.DataFrame]) -> None:
    scenario = NAMES.scenarios[0]
    runs = tables["runs"]
    spread = {"scenario": scenario.name, "metric": "gap", "method": "ours", "value": [1e-15, 1e-15, 1e-15, 1.0]}
    scores = pd.DataFrame(spread).assign(replicate=range(4))
    summary = summarise_scores(scores, runs)
    assert summary["low"].min() < 0
    block = describe_scenario(
        NAMES, scenario, tables | {"scores": scores, "summary": summary, "costs": summarise_costs(runs)}
    )
    (cell,) = (row["cells"][0] for row in block["rows"] if row["method"] == "ours")
    assert cell["low"] == 0


def test_a_tuned_method_has_one_line_and_says_of_how_many_it_was_chosen() -> None:
    columns = {"scenario": "s", "method": "ours", "standard_error": 0.1, "n_scored": 2, "n_expected": 2, "edge": None}
    params = ['{"rate_of":0.5,"order":null}', '{"rate_of":1,"order":2}', "{}"]
    table = pd.DataFrame(
        {"params": params, "mean": [0.5, 0.25, float("nan")], "chosen": [False, True, False], **columns}
    )
    rows = _tunings(NAMES, table)
    assert [row["parameters"] for row in rows] == ["rate of = 1, order = 2", "rate of = 0.5", "none"]
    assert [row["tried"] for row in rows] == [3, 3, 3] and [row["score"] for row in rows] == ["0.250", "0.500", "–"]
