"""Heat maps, and who is ranked in them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from made_study import NAMES
from seedbed.core.judging.standings import rank_methods
from seedbed.core.judging.summaries import summarise_costs
from seedbed.core.study import load_study
from seedbed.report.figures.views import study_views
from seedbed.report.page.study_page import describe_scenario
from seedbed.report.standings.heat_maps import heat_maps, overview


def test_heat_maps_have_a_cell_with_its_half_width_for_everything(tables: dict[str, pd.DataFrame]) -> None:
    standings = rank_methods(tables["scores"], NAMES)
    (one,) = heat_maps(NAMES, standings)
    assert [row["method"] for row in one["rows"]] == ["ours", "peer", "truth", "chance"] and len(one["scenarios"]) == 3
    cells = [cell for row in one["rows"] for cell in row["cells"]]
    assert len(cells) == 4 * 4 and all(cell["half"].startswith("±") for cell in cells)
    (task,) = overview([one])
    assert [tile["method"] for tile in task["ranked"]] == ["ours", "peer"]
    assert [(tile["method"], tile["text"]) for tile in task["references"]] == [("truth", "1.00"), ("chance", "0.00")]


def test_there_is_no_map_where_nothing_is_ranked(tables: dict[str, pd.DataFrame]) -> None:
    scores = tables["scores"]
    assert heat_maps(NAMES, rank_methods(scores[scores["method"] != "chance"], NAMES)) == []


def test_cells_say_between_what_a_standing_lies_where_scores_are_missing(tables: dict[str, pd.DataFrame]) -> None:
    scores = tables["scores"]
    lost = (scores["method"] == "ours") & (scores["replicate"] == scores["replicate"].max())
    (one,) = heat_maps(NAMES, rank_methods(scores[~lost], NAMES))
    rows = {row["method"]: row["cells"] for row in one["rows"]}
    for cell in rows["ours"][1:]:
        least, most = (float(end.replace("−", "-")) for end in cell["bounds"].split(" to "))
        assert least <= float(cell["text"].replace("−", "-")) <= most and cell["partial"]
    assert not any(cell["bounds"] for cell in rows["peer"])


def test_a_method_that_is_limited_to_scenarios_stays_in_the_map_of_its_task(tables: dict[str, pd.DataFrame]) -> None:
    first, *others = NAMES.scenarios
    limited = replace(first, methods=tuple(name for name in first.methods if name != "ours"))
    names = replace(NAMES, scenarios=(limited, *others))
    scores = tables["scores"]
    scores = scores[(scores["scenario"] != first.name) | (scores["method"] != "ours")]
    (one,) = heat_maps(names, rank_methods(scores, names))
    (cells,) = (row["cells"] for row in one["rows"] if row["method"] == "ours")
    assert cells[0]["partial"] == "2 of 3" and cells[0]["bounds"] and cells[1]["text"] == "–"


def test_what_is_given_the_truth_is_neither_best_nor_ranked(tables: dict[str, pd.DataFrame]) -> None:
    told = replace(NAMES.methods["ours"], given_the_truth=True)
    names = replace(NAMES, methods={**NAMES.methods, "ours": told})
    maps = heat_maps(names, rank_methods(tables["scores"], names))
    assert [tile["method"] for tile in overview(maps)[0]["ranked"]] == ["peer"]
    costs = summarise_costs(tables["runs"])
    block = describe_scenario(names, names.scenarios[0], tables | {"costs": costs})
    assert [row["method"] for row in block["best"]] == ["peer"] and block["rows"][1]["method"] == "ours"
    assert block["under_test"]["method"] == "ours" and block["rank"] == "", "its number is shown, and no rank"
    (front,) = (figure for figure in study_views(names, tables) if figure.name == f"costs.{names.scenarios[0].name}")
    assert not front.numbers.set_index("method").loc["ours", "on_front_of_cpu_seconds"]
    study = load_study("clustering").methods
    assert study["likelihood_sdp"].given_the_truth and not study["ila_sdp"].given_the_truth


def test_standings_have_a_place_on_the_track_from_control_to_oracle(tables: dict[str, pd.DataFrame]) -> None:
    (task,) = overview(heat_maps(NAMES, rank_methods(tables["scores"], NAMES)))
    dots = {tile["method"]: tile["dot"] for tile in (*task["ranked"], *task["references"])}
    assert dots["chance"]["at"] < dots["peer"]["at"] < dots["ours"]["at"] < dots["truth"]["at"]
    assert all(0 <= dot["start"] <= dot["at"] <= dot["start"] + dot["width"] + 0.01 <= 100.01 for dot in dots.values())
    assert all(tile["interval"].startswith("[") for tile in task["ranked"])


def test_who_was_run_in_some_scenarios_alone_stands_apart(tables: dict[str, pd.DataFrame]) -> None:
    """The mean of a method over the easiest scenario is no better than another's over all of them."""
    scores = tables["scores"]
    first = NAMES.scenarios[0].name
    kept = scores[(scores["method"] != "ours") | (scores["scenario"] == first)]
    (task,) = overview(heat_maps(NAMES, rank_methods(kept, NAMES)))
    assert [tile["method"] for tile in task["ranked"]] == ["peer"]
    assert [tile["method"] for tile in task["elsewhere"]] == ["ours"]
    assert task["metrics"] == [NAMES.metrics["error"].label]
