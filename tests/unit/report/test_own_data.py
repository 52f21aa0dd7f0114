"""A report about a user's own data: their scenarios first, no ranking without a truth, no claims of others in front."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
from judged import judged_claim
from made_study import NAMES
from seedbed.core.judging.standings import rank_methods
from seedbed.report.figures.views import study_views
from seedbed.report.own_data import DEFAULT_TITLE, about_own_data, is_unranked, own_first, title_of
from seedbed.report.standings.heat_maps import heat_maps
from seedbed.report.standings.which_method import kinds_of_scenarios, rank_contestants

UNRANKED = replace(NAMES, metrics={name: replace(metric, internal=True) for name, metric in NAMES.metrics.items()})


@dataclass(frozen=True)
class Described:
    """The two fields that are looked at."""

    scenarios: tuple
    describe: dict


def test_scenarios_of_ones_own_come_first():
    scenarios = tuple(replace(NAMES.scenarios[0], name=name) for name in ("a", "mine", "b", "also_mine"))
    names = Described(scenarios, {"mine": "t", "also_mine": "t"})
    assert [one.name for one in own_first(names).scenarios] == ["mine", "also_mine", "a", "b"]


def test_the_front_knows_of_answers(tmp_path):
    (tmp_path / "mine/answer").mkdir(parents=True)
    (tmp_path / "mine/answer/page.html").touch()
    names = SimpleNamespace(describe={"mine": "t", "other": "t"})
    found = about_own_data(names, [{"name": "mine"}, {"name": "a"}, {"name": "other"}], tmp_path)
    assert [(block["name"], block["answer"]) for block in found] == [("mine", True), ("other", False)]


def test_the_default_title_asks_for_claims_only_where_there_are_some():
    tested, not_tested = ({"claims": [judged_claim(v)], "own": [1]} for v in ("reproduced", "not tested here"))
    assert title_of(DEFAULT_TITLE, [tested]) == title_of(DEFAULT_TITLE, [{**not_tested, "own": []}]) == DEFAULT_TITLE
    assert title_of(DEFAULT_TITLE, [not_tested]) == "Seedbed: methods on your data"
    assert title_of("Mine", [not_tested]) == "Mine"


def test_without_a_truth_nothing_on_the_page_ranks(tables):
    assert is_unranked(UNRANKED, {"error"}) and not is_unranked(NAMES, {"error"}) and not is_unranked(UNRANKED, set())
    assert kinds_of_scenarios(UNRANKED, tables["scores"], pd.DataFrame()) == []
    drawn = list(study_views(UNRANKED, {**tables, "comparisons": tables["comparisons"][:0]}))
    assert {figure.kind for figure in drawn} <= {"scores", "scaling"}
    assert all("no truth: no ranking" in figure.caption for figure in drawn if figure.kind == "scores")


def test_raw_scores_stand_in_every_cell(tables):
    for names, ranked in ((NAMES, True), (UNRANKED, False)):
        table = rank_methods(tables["scores"], names)
        cells = [cell for one in heat_maps(names, table) for row in one["rows"] for cell in row["cells"][1:]]
        for cell in cells:
            assert (cell["score"] if ranked else cell["text"]).strip("–")
            assert bool(cell["colour"]) == ranked


def test_one_data_set_makes_nobody_surely_better(tables):
    scenario = replace(NAMES.scenarios[0], overlap=1.0)
    ranked = rank_contestants(NAMES, [scenario], scenario.metrics[0], tables["scores"])
    assert all(one.first == 1 for one in ranked) and np.isnan([one.low for one in ranked]).all()
