"""The charts that every study gets."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_study import METHODS, NAMES
from seedbed.report.figures.charts import Painter
from seedbed.report.figures.growth import families
from seedbed.report.figures.placing import least_positive, placed, with_floor
from seedbed.report.figures.rows import rows_of
from seedbed.report.figures.score_chart import PLAIN_COLOUR
from seedbed.report.figures.view_checks import check_view
from seedbed.report.figures.views import study_views, trade_off_front
from seedbed.report.styles import method_styles


def layers(view: dict) -> list[dict]:
    return [layer for panel in view.get("hconcat", [view]) for layer in panel["layer"]]


def test_every_view_is_a_chart_that_vega_lite_takes(tables: dict[str, pd.DataFrame]) -> None:
    figures = list(study_views(NAMES, tables))
    assert [figure.kind for figure in figures] == ["scores", "costs"] * 3 + ["scaling"]
    for figure in figures:
        assert len(figure.numbers) and figure.sources and set(figure.seen) == set(figure.views)
        for view in figure.views.values():
            json.dumps(view, allow_nan=False)
            check_view(view)
            assert vl_convert.vegalite_to_vega(view)["marks"]
    assert list(figures[0].views) == ["error", "gap"]


def test_scores_and_differences_share_their_rows(tables: dict[str, pd.DataFrame]) -> None:
    figure = next(iter(study_views(NAMES, tables)))
    best_first = ["the truth", "the ours", "the peer", "the chance"]
    for metric, view in figure.views.items():
        left, right = view["hconcat"]
        (order,) = {json.dumps(layer["encoding"]["y"]["sort"]) for layer in layers(view) if "y" in layer["encoding"]}
        assert json.loads(order) == (best_first if metric == "error" else best_first[::-1])
        assert left["height"] == right["height"]
        for panel in (left, right):
            assert {row["label"] for row in panel["layer"][-1]["data"]["values"]} == set(json.loads(order))
    rows = {row["method"]: row for row in figure.views["error"]["hconcat"][1]["layer"][-1]["data"]["values"]}
    means = tables["summary"].query("scenario == 's~n=10' and metric == 'error'").set_index("method")["mean"]
    assert rows["peer"]["difference"] == pytest.approx(means["peer"] - means["ours"], rel=1e-3)
    assert rows["peer"]["low"] <= rows["peer"]["difference"] <= rows["peer"]["high"] and rows["ours"]["difference"] == 0
    assert figure.seen["error"] == "Error: the ours is ahead of 1 of 1 method"
    ratios = {row["method"]: row for row in figure.views["gap"]["hconcat"][1]["layer"][-1]["data"]["values"]}
    assert ratios["peer"]["difference"] == pytest.approx(1e-3) and ratios["ours"]["difference"] == 1
    drawn = figure.numbers[figure.numbers["kind"] == "difference"]
    assert set(drawn["under_test"]) == {"ours"} and set(drawn["method"]) == {"peer", "chance", "truth"}


def test_without_a_method_under_test_scores_stand_alone(tables: dict[str, pd.DataFrame]) -> None:
    alone = tables | {"comparisons": tables["comparisons"].iloc[:0]}
    figure = next(iter(study_views(NAMES, alone)))
    assert "layer" in figure.views["error"] and figure.seen["error"] == "Error" and "Right" not in figure.caption


def test_no_figure_is_empty(tables: dict[str, pd.DataFrame]) -> None:
    costless = tables["costs"].assign(cpu_seconds=np.nan)
    kinds = [figure.kind for figure in study_views(NAMES, tables | {"costs": costless})]
    assert kinds.count("scores") == 3 and "costs" not in kinds
    unscored = tables["summary"].assign(n_scored=0, mean=np.nan)
    assert list(study_views(NAMES, tables | {"summary": unscored})) == []


def test_our_methods_have_their_colour_in_every_chart_and_others_where_there_is_a_legend(
    tables: dict[str, pd.DataFrame],
) -> None:
    styles = method_styles(METHODS, METHODS)
    for figure in study_views(NAMES, tables):
        for view in figure.views.values():
            for layer in layers(view):
                colour = layer["encoding"].get("color")
                for name, drawn in (
                    zip(*[colour["scale"][key] for key in ("domain", "range")], strict=True) if colour else ()
                ):
                    method = name.removeprefix("the ")
                    plain = figure.kind == "scores" and method != "ours"
                    assert drawn == (PLAIN_COLOUR if plain else styles[method].colour)


def test_partial_coverage_stands_in_the_label() -> None:
    painter = Painter({"a": "one", "b": "two"}, method_styles({}, {"a": "ours", "b": "baseline"}), NAMES.metrics)
    means = pd.DataFrame(
        {"method": ["a", "b"], "mean": [1.0, 2.0], "low": 0.5, "high": 2.5, "n_scored": [3, 8], "n_expected": 8}
    )
    dots = pd.DataFrame({"method": ["a"], "replicate": [0], "value": [1.0]})
    chart = painter.scores(rows_of(means), rows_of(dots), "error")
    assert chart["layer"][0]["encoding"]["y"]["sort"] == ["one (3 of 8)", "two"]


def test_front_of_the_trade_off() -> None:
    cost, loss = np.array([1.0, 2.0, 2.0, 4.0]), np.array([3.0, 2.0, 2.5, 2.0])
    assert trade_off_front(cost, loss).tolist() == [True, True, False, False]


def test_families_differ_in_one_number_alone() -> None:
    (family,) = families(NAMES.scenarios)
    assert family["parameter"] == "n" and list(family["sizes"].values()) == [10, 100, 1000]
    others = [
        replace(scenario, params={**scenario.params, "name": str(i)}) for i, scenario in enumerate(NAMES.scenarios)
    ]
    assert families(others) == []


def drawn_fields(chart: dict, channel: str) -> set[str]:
    return {layer["encoding"][channel]["field"] for layer in chart["layer"] if channel in layer["encoding"]}


@pytest.mark.parametrize("cost", ["cpu_seconds", "peak_memory_mb"])
@pytest.mark.parametrize("least", [1.5e-6, 0.0])
def test_costs_are_drawn_and_saved_as_they_are(cost: str, least: float) -> None:
    painter = Painter({"a": "one", "b": "two"}, method_styles({}, {"a": "ours", "b": "baseline"}), NAMES.metrics)
    rows = pd.DataFrame({"method": ["a", "b"], "mean": [0.0, 1e-3], "low": 0.0, "high": 0.1, "on_front": True})
    rows = rows.assign(**{cost: [least, 3e-6], f"{cost}_low": [least, 2e-6], f"{cost}_high": [2e-6, 4e-6]})
    chart = painter.costs(rows_of(rows), "gap", cost)
    (values,) = {json.dumps(layer["data"]["values"]) for layer in chart["layer"]}
    first, second = json.loads(values)
    assert (first[cost], second[cost], first["mean"], second["mean"]) == (least, 3e-6, 0.0, 1e-3)
    x = chart["layer"][-1]["encoding"]["x"]
    assert first[x["field"]] == (least or 1e-6) and second[x["field"]] == 3e-6  # a zero is left of all others
    assert ("zero" in str(x["title"])) == (least == 0.0)
    assert first["drawn_mean"] == 1e-12 and drawn_fields(chart, "y") == {"drawn_mean", "drawn_low"}


def test_growth_of_costs_is_drawn_as_it_is() -> None:
    painter = Painter({"a": "one"}, method_styles({}, {"a": "ours"}), NAMES.metrics)
    rows = pd.DataFrame({"method": "a", "size": [1, 2], "quantity": "cpu_seconds", "value": [2e-6, 0.0]})
    rows = rows.assign(low=rows["value"], high=rows["value"])
    drawn = rows_of(rows)
    chart = painter.scaling(drawn, "n", "cpu_seconds", "CPU time", least_positive(drawn, ("value",)))
    values = chart["layer"][-1]["data"]["values"]
    assert [row["value"] for row in values] == [2e-6, 0.0] and [row["drawn_value"] for row in values] == [2e-6, 1e-6]
    assert drawn_fields(chart, "y") == {"drawn_low", "drawn_value"}


def test_an_axis_says_what_is_drawn_at_its_floor() -> None:
    rows = [{"value": 1e-15}, {"value": 0.1}]
    title = ["gap", "lower is better"]
    _, drawn = placed(rows, ["value"], 1e-12)
    assert with_floor(title, 1e-12, drawn) == ["gap", "what is below 10⁻¹² is drawn and compared as that", title[1]]
    _, drawn = placed(rows[1:], ["value"], 1e-12)
    assert with_floor(title, 1e-12, drawn) == title and with_floor(title, None, drawn) == title
