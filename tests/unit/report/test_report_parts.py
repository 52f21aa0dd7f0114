"""The parts of the report: numbers, verdicts in words, heat maps, charts, and what the page carries."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import vl_convert
from seedbed.core.benchmarking import run_cases
from seedbed.core.claims import judge_claims
from seedbed.core.errors import UserError
from seedbed.core.standings import rank_methods
from seedbed.core.study import Case
from seedbed.core.tables import read_table, write_table
from seedbed.report.benchmark_page import describe_benchmark
from seedbed.report.bundle import libraries, pack, read_figures
from seedbed.report.charts import Painter
from seedbed.report.formulas import display_formula, with_formulas
from seedbed.report.ledger import describe_test, interval_plot, ledger_row, share_text
from seedbed.report.numbers import factor, interval, megabytes, number, p_value, seconds
from seedbed.report.render import tables_digest
from seedbed.report.standings_map import heat_maps, overview
from seedbed.report.styles import COLOURS, NEUTRAL, method_styles
from seedbed.report.views import families, study_views, trade_off_front

METHODS = {"ours": "ours", "peer": "baseline", "chance": "control", "truth": "oracle"}
NAMES = {
    "study": "made",
    "title": "A made study",
    "replicates": 8,
    "scenarios": [
        {"name": f"s~n={n}", "label": f"size {n}", "generator": "g", "params": {"n": n, "name": "x"},
         "methods": list(METHODS), "metrics": ["error", "gap"]}
        for n in (10, 100, 1000)
    ],
    "methods": {name: {"label": f"the {name}", "role": role, "reference": ""} for name, role in METHODS.items()},
    "registered": [[name, role] for name, role in METHODS.items()],
    "metrics": {
        "error": {"label": "error", "direction": "lower", "unit": "share of points", "log_floor": None},
        "gap": {"label": "gap", "direction": "lower", "unit": "", "log_floor": 1e-12},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    from seedbed.core.summaries import compare_methods, summarise_scores

    rng = np.random.default_rng(0)
    scores, runs = [], []
    for scenario in NAMES["scenarios"]:
        for method, level in {"ours": 1, "peer": 2, "chance": 3, "truth": 0}.items():
            for replicate in range(8):
                cell = ["made", scenario["name"], method, replicate]
                runs.append([*cell, "ok", "", *rng.uniform(0.1, 1, 3)])
                scores += [[*cell, "error", 0.2 * level + rng.uniform(0, 0.1)], [*cell, "gap", 10.0 ** -(level * 3)]]
    columns = ["study", "scenario", "method", "replicate"]
    costs = ["status", "message", "wall_seconds", "cpu_seconds", "peak_memory_mb"]
    made = pd.DataFrame(scores, columns=[*columns, "metric", "value"]), pd.DataFrame(runs, columns=[*columns, *costs])
    return {
        "scores": made[0],
        "runs": made[1],
        "summary": summarise_scores(*made),
        "comparisons": compare_methods(made[0], NAMES),
    }


def test_numbers_read_well() -> None:
    assert number(float("nan")) == number(None) == "–"
    assert [number(value) for value in (0.0, 1e-4, 2.5e-5, 123456.0, 1e12)] == [
        "0",
        "0.0001",
        "2.5·10⁻⁵",
        "123000",
        "1·10¹²",
    ]
    assert interval(-0.5, 2.0) == "[−0.5, 2]" and interval(None, 1.0) == "–"
    assert p_value(1e-9) == "< 0.001" and p_value(0.04321) == "0.043"
    assert seconds(7200) == "2 h 0 min" and megabytes(2048.0) == "2 GiB" and factor(np.log10(4)) == "4"
    assert share_text(10, 10) == "10 of 10 [69.2 %, 100 %]" and share_text(0, 0) == "0 of 0"


def test_formulas_become_mathml_and_text_is_escaped() -> None:
    assert "<math" in display_formula(r"\sum_k x_k") and 'display="block"' in display_formula("x")
    drawn = str(with_formulas("for $x_k$ & <b>"))
    assert "<msub>" in drawn and "&amp; &lt;b&gt;" in drawn


def test_packed_content_is_the_same_every_time_and_comes_out_again() -> None:
    assert pack("a report") == pack("a report")
    assert gzip.decompress(base64.b64decode(pack("Fréchet"))).decode() == "Fréchet"


def test_methods_keep_their_colours_whoever_else_is_there() -> None:
    registered = {f"m{i}": "baseline" for i in range(30)} | {"oracle": "oracle"}
    everyone = method_styles(registered, registered)
    assert len({(style.colour, style.marker) for style in everyone.values()}) == 31
    few = method_styles(registered, {"m7": "baseline", "own": "ours", "oracle": "oracle"})
    assert few["m7"] == everyone["m7"] and few["oracle"].colour == NEUTRAL and few["own"].colour in COLOURS


def test_every_kind_of_test_is_said_in_words() -> None:
    shared = {"ours": "ours", "metric": "error", "scenarios": ["s~n=10", "s~n=100"], "direction": "lower"}
    said = [
        describe_test(shared | extra, NAMES)
        for extra in (
            {"kind": "comparison", "peer": "peer", "aggregation": "worst"},
            {"kind": "equivalence", "value": 0.0, "margin": 0.1},
            {"kind": "threshold", "bound": 0.5, "holds_for": "every"},
            {"kind": "trend", "methods": ["ours", "peer"], "statistic": "slope"},
            {"kind": "robustness", "peer": "peer", "clean_scenarios": ["s~n=10", "absent"]},
            {"kind": "speed", "cases": ["one"], "peer": "slow"},
        )
    ]
    assert "the ours against the peer, error in s~n=10, s~n=100" in said[0] and "the worst of the scenarios" in said[0]
    assert "the same as the value 0 up to 0.1" in said[1]
    assert "error at most 0.5 in every replicate" in said[2] and "averaged" not in said[2]
    assert "error falls along the ours → the peer" in said[3] and "slope" in said[3]
    assert "loss of the peer minus loss of the ours" in said[4] and "from s~n=10, absent" in said[4]
    assert "CPU time of slow over that of ours" in said[5]


def claim(**test: object) -> dict:
    base = {
        "kind": "comparison",
        "ours": "ours",
        "peer": "peer",
        "metric": "error",
        "scenarios": ["s~n=10"],
        "direction": "lower",
    }
    return {"id": "x", "statement": "It is better.", "source": "here", "origin": "ours", "written": "before results",
            "paper_figure": None, "test": base | test}  # fmt: skip


def test_ledger_rows_place_the_interval_on_the_side_that_the_verdict_says(tables: dict[str, pd.DataFrame]) -> None:
    tests = [{}, {"ours": "peer", "peer": "ours"}, {"kind": "equivalence", "margin": 1.0}, {"peer": "absent"}]
    good, bad, same, untested = (
        ledger_row(row, NAMES)
        for row in judge_claims([claim(**test) for test in tests], tables["scores"], tables["runs"])
    )
    assert good["verdict"] == "reproduced" and good["plot"]["start"] > good["plot"]["from"] == 50
    assert bad["verdict"] == "contradicted" and bad["plot"]["end"] < 50
    assert same["verdict"] == "reproduced" and same["plot"]["from"] < same["plot"]["start"]
    assert same["plot"]["end"] < same["plot"]["to"] and same["holds_text"] == "holds between −1 and 1"
    assert untested["plot"] is None and untested["interval_text"] == ""
    assert good["unit"] == "share of points" and good["interval_text"].startswith("[0.")
    for row in (good, bad, same):
        ticks = row["plot"].pop("ticks")
        assert len(ticks) == 8 and all(0 <= value <= 100 for value in [*row["plot"].values(), *ticks])
        assert row["places"] == ["s~n=10"]


def test_interval_plot_of_no_spread_has_a_place() -> None:
    at_bound = {"effect": 0.0, "low": 0.0, "high": 0.0, "holds_above": 0.0, "holds_below": None, "law": "any"}
    plot = interval_plot(at_bound | {"effects": {"0": 0.0, "1": 0.0}})
    assert plot == {"start": 50, "end": 50, "point": 50, "from": 50, "to": 100, "ticks": [50, 50]}


def test_heat_maps_have_a_cell_with_its_half_width_for_everything(tables: dict[str, pd.DataFrame]) -> None:
    standings = rank_methods(tables["scores"], NAMES)
    (one,) = heat_maps(NAMES, standings)
    assert [row["method"] for row in one["rows"]] == ["truth", "ours", "peer", "chance"] and len(one["scenarios"]) == 3
    cells = [cell for row in one["rows"] for cell in row["cells"]]
    assert len(cells) == 4 * 4 and all(cell["half"].startswith("±") for cell in cells)
    assert [tile["text"] for tile in overview(NAMES, standings)][::3] == ["1.00", "0.00"]


def test_every_view_is_a_chart_that_vega_lite_takes(tables: dict[str, pd.DataFrame]) -> None:
    figures = list(study_views(NAMES, tables))
    assert [figure.kind for figure in figures] == ["scores", "comparisons", "costs"] * 3 + ["scaling"]
    for figure in figures:
        assert len(figure.numbers) and figure.sources
        for view in figure.views.values():
            json.dumps(view, allow_nan=False)
            assert vl_convert.vegalite_to_vega(view)["marks"]
    scores, comparisons = figures[:2]
    assert list(scores.views) == ["error", "gap"] and list(comparisons.views) == ["the ours"]
    assert {"low", "high"} <= set(comparisons.numbers)


def test_methods_have_the_same_colour_in_every_chart(tables: dict[str, pd.DataFrame]) -> None:
    styles = method_styles(METHODS, METHODS)
    for figure in study_views(NAMES, tables):
        for view in figure.views.values():
            for layer in view["layer"]:
                colour = layer["encoding"].get("color")
                for name, drawn in (
                    zip(*[colour["scale"][key] for key in ("domain", "range")], strict=True) if colour else ()
                ):
                    assert drawn == styles[name.removeprefix("the ")].colour


def test_partial_coverage_stands_in_the_label() -> None:
    painter = Painter({"a": "one", "b": "two"}, method_styles({}, {"a": "ours", "b": "baseline"}), NAMES["metrics"])
    means = pd.DataFrame(
        {"method": ["a", "b"], "mean": [1.0, 2.0], "low": 0.5, "high": 2.5, "n_scored": [3, 8], "n_expected": 8}
    )
    dots = pd.DataFrame({"method": ["a"], "replicate": [0], "value": [1.0]})
    chart = painter.scores(means, dots, "error")
    assert chart["layer"][0]["encoding"]["y"]["sort"] == ["one (3 of 8)", "two"]


def test_front_of_the_trade_off() -> None:
    cost, loss = np.array([1.0, 2.0, 2.0, 4.0]), np.array([3.0, 2.0, 2.5, 2.0])
    assert trade_off_front(cost, loss).tolist() == [True, True, False, False]


def test_families_differ_in_one_number_alone() -> None:
    (family,) = families(NAMES["scenarios"])
    assert family["parameter"] == "n" and list(family["sizes"].values()) == [10, 100, 1000]
    others = [
        {**scenario, "params": {**scenario["params"], "name": str(i)}} for i, scenario in enumerate(NAMES["scenarios"])
    ]
    assert families(others) == []


def test_benchmark_ratios_come_with_their_range() -> None:
    table = pd.DataFrame(
        {"study": "made", "case": "c", "contender": ["ours", "peer"], "cpu_seconds_min": [1.0, 4.0],
         "cpu_seconds_median": [1.0, 5.0], "cpu_seconds_each": ["1 1 2", "4 5 6"], "ratio_to_ours": [1.0, 4.0],
         "target": [np.nan, 3.0], "job": "j", "versions": "v"}
    )  # fmt: skip
    found = describe_benchmark({"path": "results/made/benchmark.csv", "job": "j"}, table)
    assert found["rows"][1]["spread"] == "[3, 5]" and not found["outdated"] and found["path"] == "made/benchmark.csv"
    older = describe_benchmark(
        {"path": "results/made/benchmark.csv", "job": "k"}, table.drop(columns="cpu_seconds_each")
    )
    assert older["rows"][1]["spread"] == "[4, 5]" and older["outdated"]


@pytest.mark.parametrize("failing", ["ours", "peer"])
def test_a_contender_that_fails_costs_its_row_alone(failing: str, tmp_path: Path) -> None:
    def contender(problem: int) -> int:
        raise ValueError("not today")

    contenders = {"ours": abs, "peer": abs} | {failing: contender}
    case = Case("c", lambda: -1, contenders, lambda problem, result: 0.0, "error", "peer", 2.0, repeats=2)
    path = str(tmp_path / "benchmark.csv")
    write_table(run_cases("made", (case,), "snakemake").assign(job="j"), path)
    rows = {row["contender"]: row for row in describe_benchmark({"path": path, "job": "j"}, read_table(path))["rows"]}
    assert rows.pop(failing)["status"] == "error: ValueError: not today"
    assert [row["status"] for row in rows.values()] == ["ok"]


def test_a_damaged_copy_of_the_drawing_library_is_packed_anew(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda: "draw();" * 1000)
    packed = libraries()["vega"]
    (kept,) = (tmp_path / ".snakemake").iterdir()
    for damage in (packed[:-9], "", "é", packed[:40] + "AAAA" + packed[44:]):
        kept.write_text(damage)
        assert libraries()["vega"] == packed == kept.read_text()


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("views.json", None, "it has no views.json"),
        ("views.json", '[{"name"', "Expecting"),
        ("views.json", '[{"name": "scores.a"}]', "other figures than this version draws"),
        ("own.svg", "<svg><path", "own.svg was cut off"),
    ],
)
def test_figures_that_are_damaged_name_the_folder(tmp_path: Path, file: str, content: str | None, reason: str) -> None:
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "views.json").write_text("[]")
    (folder / "own.svg").write_text("<svg></svg>\n")
    assert list(read_figures(folder)[1]) == ["own"]
    (folder / file).write_text(content) if content else (folder / file).unlink()
    with pytest.raises(UserError, match=rf"figures is damaged.*{reason}.*Delete it and run"):
        read_figures(folder)


@pytest.mark.parametrize("content", ["[1]", "{}", '{"cells": '])
def test_a_damaged_state_is_named(tmp_path: Path, monkeypatch, content: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("results/made").mkdir(parents=True)
    Path("results/made/state.json").write_text(content)
    with pytest.raises(UserError, match=r"state\.json is damaged"):
        tables_digest("made")
