from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_labels import labels
from seedbed.core.judging.standings import OVERALL, rank_methods
from seedbed.core.labels import MetricLabel, StudyLabels

METRIC = MetricLabel(label="error", direction="lower", unit="", log_floor=None, bounds=None)


def names(methods: dict[str, str], scenarios: tuple[str, ...] = ("s",), **metric: object) -> StudyLabels:
    metrics = {"other": METRIC, "error": replace(METRIC, **metric)}
    return labels(methods, metrics, scenarios, replicates=3)


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


def test_the_best_stands_in_for_the_oracle_and_nobody_for_the_control() -> None:
    table = rank_methods(scores(VALUES), names({**ROLES, "truth": "baseline"})).query("scenario == 's'")
    assert set(table["zero"]) == {"chance"} and set(table["one"]) == {"truth"}
    table = rank_methods(scores(VALUES), names(dict.fromkeys(ROLES, "baseline"))).query("scenario == 's'")
    assert table["standing"].isna().all() and table["score"].notna().any()


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


RUNS = ["scenario", "method", "replicate", "status"]


def test_below_full_coverage_both_bounds_stand_beside_the_standing() -> None:
    """Failed on the third data set: at the control's place, and between what the worst and the best got there."""
    values = {**VALUES, "ours": [0.3, 0.2, np.nan], "truth": [0.1, 0.1, 0.0], "chance": [0.9, 0.8, 1.0]}
    status = {(name, r): "ok" for name in ROLES for r in range(3)} | {("ours", 2): "timeout"}
    runs = pd.DataFrame([("s", *key, value) for key, value in status.items()], columns=RUNS)
    table = rank_methods(scores(values), names(ROLES), runs=runs).set_index(["scenario", "method"])
    zero, one = 0.9, 0.2 / 3
    scaled = {x: (zero - x) / (zero - one) for x in (0.3, 0.2, 1.0, 0.0)}
    for scenario in ("s", OVERALL):
        row = table.loc[(scenario, "ours")]
        assert row["standing"] == pytest.approx((scaled[0.3] + scaled[0.2]) / 3)
        assert row["least"] == pytest.approx((scaled[0.3] + scaled[0.2] + scaled[1.0]) / 3)
        assert row["most"] == pytest.approx((scaled[0.3] + scaled[0.2] + scaled[0.0]) / 3)
    assert table.drop(index="ours", level="method")[["least", "most"]].isna().all(axis=None)


def test_a_score_that_diverged_stands_where_the_worst_does_and_is_not_missing() -> None:
    diverged = rank_methods(scores({**VALUES, "ours": [0.3, 0.2, np.inf]}), names(ROLES))
    row = diverged.set_index(["scenario", "method"]).loc[("s", "ours")]
    assert row["standing"] == pytest.approx((0.75 + 0.875 + 0) / 3) and row["n_scored"] == 3
    assert np.isnan(row["least"]) and np.isnan(row["most"])
    worse = rank_methods(scores({**VALUES, "ours": [0.3, 0.2, np.inf], "peer": [0.5, 0.5, 1.7]}), names(ROLES))
    assert worse.loc[worse["method"] == "ours", "standing"].iloc[0] == pytest.approx((0.75 + 0.875 - 1) / 3)
    everywhere = rank_methods(scores({**VALUES, "ours": [np.inf] * 3}), names(ROLES)).set_index(["scenario", "method"])
    assert everywhere.loc[("s", "ours"), "standing"] == 0 and everywhere.loc[("s", "peer"), "standing"] == 0.5
    higher = scores({name: [-x for x in column] for name, column in {**VALUES, "ours": [0.3, 0.2, np.inf]}.items()})
    turned = rank_methods(higher, names(ROLES, direction="higher")).set_index(["scenario", "method"])
    assert turned.loc[("s", "ours"), "standing"] == pytest.approx(row["standing"])


@pytest.mark.parametrize("end", ["chance", "truth"])
def test_a_scale_without_a_finite_end_is_none(end: str) -> None:
    table = rank_methods(scores({**VALUES, end: [np.inf, 0.9, 0.9]}), names(ROLES)).query("scenario == 's'")
    assert table["standing"].isna().all() and table["score"].notna().all()


def test_data_without_any_score_and_scenarios_without_the_method_take_the_worst_and_the_best_of_the_scenario() -> None:
    few = {name: column[:2] for name, column in VALUES.items()}
    both = pd.concat([scores(few), scores({name: few[name] for name in few if name != "ours"}, "t")])
    table = rank_methods(both, names(ROLES, ("s", "t"))).set_index(["scenario", "method"])
    assert table.loc[("s", "ours"), ["least", "most"]].tolist() == pytest.approx([1.625 / 3, 2.625 / 3])
    assert table.loc[("t", "ours"), ["least", "most"]].tolist() == pytest.approx([0.0, 1.0])
    assert np.isnan(table.loc[("t", "ours"), "standing"])
    assert table.loc[(OVERALL, "ours"), ["least", "most"]].tolist() == pytest.approx([1.625 / 6, 5.625 / 6])


def test_bounds_enclose_the_standing_of_a_method_that_gave_up_on_the_hard_half() -> None:
    rng = np.random.default_rng(5)
    whole = {"chance": rng.uniform(0.8, 1, 20), "truth": rng.uniform(0, 0.1, 20), "ours": rng.uniform(0.1, 0.8, 20)}
    roles = {name: ROLES[name] for name in whole}
    full = rank_methods(scores(whole), replace(names(roles), replicates=20)).set_index(["scenario", "method"])
    hidden = whole | {"ours": np.where(whole["ours"] > 0.5, np.nan, whole["ours"])}
    table = rank_methods(scores(hidden), replace(names(roles), replicates=20)).set_index(["scenario", "method"])
    row = table.loc[("s", "ours")]
    assert row["least"] < full.loc[("s", "ours"), "standing"] < row["most"] and row["standing"] > row["least"]


def test_a_method_that_was_left_out_of_a_scenario_stands_between_the_worst_and_the_best_there() -> None:
    others = {name: column for name, column in VALUES.items() if name != "ours"}
    whole = names(ROLES, ("s", "t"))
    left_out = replace(whole.scenarios[1], methods=tuple(others))
    limited = replace(whole, scenarios=(whole.scenarios[0], left_out))
    table = rank_methods(pd.concat([scores(VALUES), scores(others, "t")]), limited).set_index(["scenario", "method"])
    assert ("t", "ours") not in table.index and table.loc[(OVERALL, "peer"), ["least", "most"]].isna().all()
    row = table.loc[(OVERALL, "ours")]
    assert row[["standing", "least", "most"]].tolist() == pytest.approx([0.75, 0.75 / 2, 1.75 / 2])
    assert row[["n_scored", "n_expected"]].tolist() == [1, 2]
