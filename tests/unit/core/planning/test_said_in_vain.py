"""What a config says without effect is refused, and what it calls the same is told apart."""

from __future__ import annotations

from typing import Any

import pytest
from seedbed.core.errors import UserError
from seedbed.core.planning.config import make_plan


def _config(scenarios: dict[str, Any], methods: dict[str, Any]) -> dict[str, Any]:
    return {"seed": 1, "studies": {"clustering": {"replicates": 1, "scenarios": scenarios, "methods": methods}}}


def _message(*entries: dict[str, Any]) -> str:
    with pytest.raises(UserError) as caught:
        make_plan(_config(*entries))
    return str(caught.value)


TUNED = {"tune": {"n_init": [1, 10]}}


def test_values_to_choose_from_want_a_scenario_that_says_on_what() -> None:
    text = _message({"isotropic": None, "well_separated": None}, {"kmeans": TUNED})
    assert "studies.clustering.methods.kmeans.tune: nothing would be chosen" in text
    assert "isotropic, well_separated" in text and "tune_on" in text


def test_so_do_those_of_a_method_that_is_limited_to_others() -> None:
    scenarios = {"isotropic": {"tune_on": "oriented"}, "well_separated": None}
    assert "nothing would be chosen" in _message(scenarios, {"kmeans": {**TUNED, "scenarios": ["well_separated"]}})
    assert make_plan(_config(scenarios, {"kmeans": TUNED})).studies["clustering"].tunings()


def test_tuning_that_is_switched_off_is_no_mistake() -> None:
    assert make_plan(_config({"isotropic": None}, {"kmeans": {"tune": {}}}))


@pytest.mark.parametrize("table", ["scenarios", "methods"])
def test_labels_tell_entries_apart(table: str) -> None:
    entries = {
        "scenarios": {name: {"scenario": "isotropic", "label": "round"} for name in ("one", "two")},
        "methods": {name: {"method": "kmeans", "label": "round"} for name in ("one", "two")},
    }
    given = {"scenarios": {"isotropic": None}, "methods": {"kmeans": None}} | {table: entries[table]}
    plan = make_plan(_config(*given.values())).studies["clustering"]
    assert [entry.label for entry in getattr(plan, table).values()] == ["round (one)", "round (two)"]
    labels = plan.labels()
    shown = labels.method_labels if table == "methods" else {one.name: one.label for one in labels.scenarios}
    assert [*shown.values()] == ["round (one)", "round (two)"]


def test_a_label_of_a_grid_speaks_of_what_differs() -> None:
    grid = {"label": "round", "grid": {"n_init": [1, 10]}}
    assert make_plan(_config({"isotropic": None}, {"kmeans": grid}))
