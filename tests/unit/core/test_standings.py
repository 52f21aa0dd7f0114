from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from seedbed.core.standings import OVERALL, rank_methods

METRIC = {"label": "error", "direction": "lower", "unit": "", "log_floor": None}


def names(methods: dict[str, str], scenarios: tuple[str, ...] = ("s",), **metric: object) -> dict:
    return {
        "replicates": 3,
        "scenarios": [{"name": name, "methods": list(methods), "metrics": ["other", "error"]} for name in scenarios],
        "methods": {name: {"role": role} for name, role in methods.items()},
        "metrics": {"error": METRIC | metric, "other": METRIC},
    }


def scores(values: dict[str, list[float]], scenario: str = "s") -> pd.DataFrame:
    rows = [(scenario, m, r, "error", x) for m, column in values.items() for r, x in enumerate(column)]
    return pd.DataFrame(rows, columns=["scenario", "method", "replicate", "metric", "value"])


ROLES = {"ours": "ours", "peer": "baseline", "chance": "control", "truth": "oracle"}
VALUES = {"ours": [0.3, 0.2, 0.4], "peer": [0.5, 0.5, 0.5], "chance": [0.9, 0.9, 0.9], "truth": [0.1, 0.1, 0.1]}


def test_control_is_zero_and_oracle_is_one() -> None:
    table = rank_methods(scores(VALUES), names(ROLES)).query("scenario == 's'").set_index("method")
    expected = {"ours": 0.75, "peer": 0.5, "chance": 0, "truth": 1}
    assert table["standing"].to_dict() == pytest.approx(expected)
    assert table.loc["ours", "low"] < 0.75 < table.loc["ours", "high"]
    assert set(table["metric"]) == {"error"} and set(table["zero"]) == {"chance"} and set(table["one"]) == {"truth"}


def test_worst_and_best_stand_in_for_control_and_oracle() -> None:
    table = rank_methods(scores(VALUES), names(dict.fromkeys(ROLES, "baseline"))).query("scenario == 's'")
    assert set(table["zero"]) == {"chance"} and set(table["one"]) == {"truth"}


def test_logarithmic_metrics_stand_on_logarithmic_scales() -> None:
    values = {"ours": [1e-8] * 3, "chance": [1.0] * 3, "truth": [0.0] * 3}
    roles = {name: ROLES[name] for name in values}
    table = rank_methods(scores(values), names(roles, log_floor=1e-16)).set_index(["scenario", "method"])
    assert table.loc[("s", "ours"), "standing"] == pytest.approx(0.5)


def test_overall_standing_says_how_many_scenarios_it_covers() -> None:
    both = pd.concat([scores(VALUES), scores({**VALUES, "ours": [np.nan] * 3}, "t")])
    table = rank_methods(both, names(ROLES, ("s", "t"))).query("scenario == @OVERALL").set_index("method")
    assert table.loc["ours", ["n_scored", "n_expected"]].tolist() == [1, 2]
    assert table.loc["peer", "standing"] == pytest.approx(0.5) and table.loc["peer", "n_scored"] == 2


def test_scenario_without_any_score_has_unknown_standings() -> None:
    table = rank_methods(scores(VALUES), names(ROLES, ("absent",)))
    assert table["standing"].isna().all() and set(table["n_scored"]) == {0}
    assert OVERALL in set(table["scenario"])
