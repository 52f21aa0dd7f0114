"""Verdicts of the claims ledger: each kind of test, what is missing, and how often the verdicts are right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scored_claims import claim, judge, planted, runs_of, tidy, without
from seedbed.core.judging.claims import judge_claims

TREND = {"kind": "trend", "methods": ["a", "b", "c"], "ours": None, "peer": None}
ALONE = {"kind": "threshold", "peer": None}


@pytest.mark.parametrize(
    ("effect", "test", "expected"),
    [
        (3.0, {}, "reproduced"),
        (-3.0, {}, "contradicted"),
        (-3.0, {"direction": "higher"}, "reproduced"),
        (3.0, {"margin": 6.0}, "contradicted"),
        (0.0, {"margin": -3.0}, "reproduced"),
        (0.0, {"kind": "equivalence", "direction": None, "margin": 3.0}, "reproduced"),
        (9.0, {"kind": "equivalence", "direction": None, "margin": 3.0}, "contradicted"),
        (-9.0, {"kind": "equivalence", "direction": None, "margin": 3.0}, "contradicted"),
        (3.0, {"kind": "equivalence", "direction": None, "margin": 3.0}, "inconclusive"),
        (0.0, {"kind": "equivalence", "direction": None, "peer": None, "value": 0.0, "margin": 20.0}, "reproduced"),
        (0.0, {**ALONE, "bound": 20.0}, "reproduced"),
        (0.0, {**ALONE, "bound": -20.0}, "contradicted"),
        (0.0, {**ALONE, "bound": 40.0, "holds_for": "every"}, "no counterexample"),
        (3.0, {**TREND, "direction": "higher"}, "reproduced"),
        (3.0, {**TREND, "direction": "lower"}, "contradicted"),
        (3.0, {**TREND, "direction": "higher", "margin": 9.0}, "contradicted"),
        (3.0, {**TREND, "direction": "higher", "statistic": "last_minus_first", "margin": 4.0}, "reproduced"),
        (0.0, {**TREND, "direction": "flat", "margin": 3.0}, "reproduced"),
        (3.0, {"scenarios": ["s", "absent"]}, "not tested here"),
        (3.0, {"peer": "absent"}, "not tested here"),
        (3.0, {"kind": "speed", "cases": ["c"], "factor": 2.0, "metric": None, "scenarios": None, "direction": None},
         "not tested here"),
    ],
)  # fmt: skip
def test_verdicts(effect: float, test: dict, expected: str) -> None:
    result = judge(test, planted(effect))
    assert result.verdict == expected, result
    assert bool(result.reason) == (expected == "not tested here")
    assert (result.replicates_needed is not None) <= (expected == "inconclusive")


def test_effects_are_what_the_kinds_say() -> None:
    scores = pd.concat(
        [
            tidy({"a": [1.0, 2.0], "b": [4.0, 3.0], "c": [5.0, 9.0]}),
            tidy({"a": [2.0, 2.0], "b": [9.0, 5.0], "c": [0.0, 0.0]}, "t"),
        ]
    )
    both = {"scenarios": ["s", "t"]}
    assert judge(both, scores).effects == {"0": 5.0, "1": 2.0}
    assert judge({**both, "aggregation": "worst"}, scores).effects == {"0": 3.0, "1": 1.0}
    assert [row.effect for row in judge(both, scores).by_place] == [2.0, 5.0]
    ratio = judge({"scale": "ratio", "margin": 2.0, "floor": 1e-9}, scores)
    assert ratio.effects == {"0": pytest.approx(np.log10(4)), "1": pytest.approx(np.log10(1.5))}
    assert ratio.holds_above == pytest.approx(np.log10(2)) and ratio.scale == "ratio"
    lost = judge({"kind": "robustness", "clean_scenarios": ["s"], "scenarios": ["t"]}, scores)
    assert lost.effects == {"0": 4.0, "1": 2.0}  # b loses 5 and 2, a loses 1 and 0
    started = judge({"kind": "robustness", "clean_ours": "c", "clean_peer": "c"}, scores)
    assert started.effects == {"0": 3.0, "1": 1.0}
    slope = judge({**TREND, "direction": "higher"}, scores)
    assert slope.effects == {"0": pytest.approx(2.0), "1": pytest.approx(3.5)}
    on_logs = judge({**TREND, "direction": "higher", "positions": [0, 1, 3]}, scores)
    assert on_logs.effects["0"] == pytest.approx(np.polyfit([0, 1, 3], [1.0, 4.0, 5.0], 1)[0])
    along = judge({"kind": "trend", "peer": None, **both, "direction": "higher"}, scores)
    assert along.effects == {"0": 1.0, "1": 0.0} and along.by_place == ()


def test_a_trend_that_turns_is_no_trend() -> None:
    """The whole rises, the last step falls: last minus first would not see it."""
    rng = np.random.default_rng(1)
    means = {"a": 0.0, "b": 10.0, "c": 14.0, "d": 8.0}
    scores = tidy({name: mean + rng.normal(0, 1, 12) for name, mean in means.items()})
    test = {**TREND, "methods": [*means], "direction": "higher"}
    assert judge({**test, "methods": ["a", "b", "c"]}, scores).verdict == "reproduced"
    for statistic in ("slope", "last_minus_first"):
        turned = judge({**test, "statistic": statistic}, scores)
        assert turned.effect > 0 and turned.verdict == "contradicted"
        assert [row.kept for row in turned.steps] == [True, True, False]
    weak = tidy({name: mean + rng.normal(0, 1, 12) for name, mean in {**means, "d": 13.9}.items()})
    steps = judge(test, weak)
    assert steps.verdict in ("reproduced", "inconclusive")
    assert (steps.verdict == "reproduced") == all(row.kept for row in steps.steps)


EVERY = {**ALONE, "bound": 0.0, "holds_for": "every"}


def test_every_replicate_has_no_counterexample_or_one() -> None:
    kept = judge(EVERY, tidy({"a": [0.0] * 10, "b": [1.0] * 10}))
    assert kept.verdict == "no counterexample" and kept.failure_bound == pytest.approx(0.2589, abs=1e-4)
    refuted = judge(EVERY, tidy({"a": [0.0] * 11 + [1e-9], "b": [1.0] * 12}))
    assert refuted.verdict == "contradicted" and refuted.effect == pytest.approx(11 / 12)
    every = claim(**EVERY)
    del every["test"]["peer"]
    results = judge_claims([every, claim()], planted(3.0))
    assert results[1].family == 1, "a share has no p-value and is none of Holm's tests"


@pytest.mark.parametrize(("status", "expected"), [("error", "contradicted"), ("timeout", "inconclusive")])
def test_a_fit_that_breaks_is_a_counterexample_and_one_that_is_stopped_leaves_it_open(
    status: str, expected: str
) -> None:
    test = {**EVERY, "scenarios": ["s", "t"]}
    scores = pd.concat([tidy({"a": [0.0] * 12}), tidy({"a": [0.0] * 11}, "t")])
    runs = pd.concat([tidy({"a": [0.0] * 12}, scenario) for scenario in "st"]).assign(status=["ok"] * 23 + [status])
    result = judge(test, scores, runs=runs)
    assert result.verdict == expected and result.n_expected == 12
    assert result.n == (12 if expected == "contradicted" else 11)
    scores.iloc[11, -1] = 1.0  # of the replicate that has no result in the other scenario
    assert judge(test, scores, runs=runs).verdict == "contradicted"


def test_a_method_that_times_out_on_the_hard_half_does_not_win() -> None:
    rng = np.random.default_rng(0)
    hard = np.arange(20) >= 10
    peer = 0.2 + 0.3 * hard + rng.normal(0, 0.01, 20)
    full = tidy({"a": peer - 0.02 + 0.52 * hard, "b": peer, "chance": np.full(20, 0.9)})
    lost = [*np.flatnonzero(hard)]
    scores, runs = without(full, "a", lost), runs_of(full, {"a": lost}, 20)
    result = judge({}, scores, runs=runs)
    assert result.verdict == "contradicted" and (result.n, result.n_failed) == (20, 10)
    assert result.effects["19"] == pytest.approx(peer[19] - 0.9), "as bad as chance"
    assert result.least is None


def test_a_verdict_that_hangs_on_what_is_missing_is_none() -> None:
    full = planted(3.0, 20)
    assert judge({}, full).verdict == "reproduced"
    few = judge({}, without(full, "b", [3]), runs=runs_of(full, {"b": [3]}, 20))
    assert (few.n, few.n_expected, few.n_failed) == (19, 20, 0)
    assert few.least.effect < few.most.effect and few.low <= few.least.effect
    many = judge({}, without(full, "b", [*range(12)]), runs=runs_of(full, {"b": [*range(12)]}, 20))
    assert many.verdict == "inconclusive" and many.least.effect <= 0
    skipped = judge({}, without(full, "a", [*range(12)]), runs=runs_of(full, {"a": [*range(12)]}, 20, "skipped"))
    assert skipped.verdict == "inconclusive" and skipped.n_failed == 0
    same = {"kind": "equivalence", "direction": None, "margin": 6.0}
    assert judge(same, full).verdict == "reproduced"
    open_ended = judge(same, without(full, "b", [*range(12)]), runs=runs_of(full, {"b": [*range(12)]}, 20))
    assert open_ended.verdict in ("inconclusive", "reproduced")


def test_infinite_scores_and_missing_ones_end_in_no_exception() -> None:
    scores = tidy({"a": [0.0, 1.0, np.inf, 0.5, 0.2, 0.1, np.nan, 0.3], "b": [1.0, np.inf, 2.0, 1, 1, 1, 1, -np.inf]})
    result = judge({}, scores)
    assert result.verdict == "inconclusive" and result.n == 7
    assert judge({}, tidy({"a": [1.0], "b": [2.0]})).verdict == "not tested here"
    assert judge({}, tidy({"a": [1.0, 1.0], "b": [2.0, 2.1]})).verdict == "inconclusive", "two decide nothing"
    nothing = judge({}, tidy({"a": [np.nan] * 5, "b": [np.nan] * 5}))
    assert nothing.verdict == "not tested here" and "fewer than two of 5" in nothing.reason


def test_a_method_that_is_left_out_of_a_scenario_is_named_with_it() -> None:
    scores = pd.concat([planted(3.0), planted(3.0, scenario="t")])
    left_out = scores[(scores["scenario"] != "t") | (scores["method"] == "a")]
    result = judge({"scenarios": ["s", "t"]}, left_out)
    assert (result.verdict, result.reason) == ("not tested here", "method b is not asked for in scenario t")
    steps = judge({**TREND, "scenarios": ["t"], "direction": "higher"}, left_out)
    assert steps.reason == "methods b, c are not asked for in scenario t"
    clean = {"kind": "robustness", "clean_scenarios": ["t"], "clean_ours": "a", "clean_peer": "a"}
    assert judge(clean, left_out).reason == "", "what it does not read may be absent"
    assert judge({"scenarios": ["u"]}, left_out).reason == "not in this configuration: scenario u"


def benchmark(rows: dict[tuple[str, str], str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (case, contender, pd.Series(each.split(), dtype=float).min(), each)
            for (case, contender), each in rows.items()
        ],
        columns=["case", "contender", "cpu_seconds_min", "cpu_seconds_each"],
    )


SPEED = {"kind": "speed", "cases": ["c", "d", "e"], "factor": 3.0, "metric": None, "scenarios": None, "direction": None}


def test_cases_are_what_a_claim_about_speed_counts() -> None:
    times = {"c": "8 8.5 9", "d": "4 4 4.5", "e": "6 6 6"}
    table = benchmark(
        {(case, name): each for case, slow in times.items() for name, each in (("a", "1 1 1"), ("b", slow))}
    )
    result = judge(SPEED, planted(0), benchmark=table)
    assert result.n == 3 and result.unit == "case" and set(result.effects) == {"c", "d", "e"}
    assert 10 ** result.effects["c"] == pytest.approx((8 * 8.5 * 9) ** (1 / 3))
    assert [row.place for row in result.by_place] == ["c", "d", "e"] and result.replicates_needed is None
    turns = judge({**SPEED, "cases": ["d"]}, planted(0), benchmark=table)
    assert turns.n == 3 and turns.unit == "turn" and turns.verdict == "reproduced"
    assert judge({**SPEED, "factor": 300.0}, planted(0), benchmark=table).verdict == "contradicted"
    absent = judge({**SPEED, "cases": ["c", "x"]}, planted(0), benchmark=table)
    assert absent.verdict == "not tested here" and "'x'" in absent.reason
    older = (table.drop(columns="cpu_seconds_each"), table.assign(repeats=4))
    for one in older:  # the second lists those turns alone that succeeded
        assert "cannot be paired" in judge(SPEED, planted(0), benchmark=one).reason


def test_turns_are_paired_as_they_were_taken() -> None:
    alone = {**SPEED, "cases": ["c"]}
    table = benchmark({("c", "a"): "1 nan 2 4", ("c", "b"): "8 8 16 nan"})
    effects = judge(alone, planted(0), benchmark=table).effects
    assert effects == {"turn 1": pytest.approx(np.log10(8)), "turn 3": pytest.approx(np.log10(8))}
    for ours, peer, reason in (
        ("1 nan", "nan 2", "in no turn"),
        ("1 2", "3 4 5", "cannot be paired"),
        ("1 2", "nan nan", "gave no result"),
    ):
        result = judge(alone, planted(0), benchmark=benchmark({("c", "a"): ours, ("c", "b"): peer}))
        assert result.verdict == "not tested here" and reason in result.reason


@pytest.mark.slow
def test_turns_of_few_cases_do_not_pass_for_many() -> None:
    """On the bound, with cases that differ: turns counted one by one were wrong in a third of the runs."""
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(200):
        ratios = 10 ** (np.log10(3) + rng.normal(0, 0.3, 4)[:, None] + rng.normal(0, 0.01, (4, 5)))
        rows = {}
        for case, each in enumerate(ratios):
            rows[f"c{case}", "a"] = "1 1 1 1 1"
            rows[f"c{case}", "b"] = " ".join(map(str, each))
        cases = [f"c{case}" for case in range(4)]
        wrong += judge({**SPEED, "cases": cases}, planted(0), benchmark=benchmark(rows)).verdict != "inconclusive"
    assert wrong <= 22  # 5 % of 200 is 10; beyond lies one in five thousand


def test_claim_that_cannot_be_tested_says_why() -> None:
    told = {**claim(), "not_tested": "The data are restricted."}
    del told["test"]
    result = judge_claims([told, claim()], planted(3.0))
    assert result[0].verdict == "not tested here" and result[0].reason == "The data are restricted."
    assert result[1].p_holm == result[1].p_value, "what is not tested does not count among the tests"


def test_real_data_are_corrected_or_spoken_of_alone() -> None:
    scores = planted(1.0, 12)
    drawn, split, unknown = (
        judge({}, scores, overlaps={"s": overlap}, registered=True) for overlap in (0.0, 0.5, None)
    )
    assert split.high - split.low > 2 * (drawn.high - drawn.low) and split.p_value > drawn.p_value
    assert unknown.p_value == drawn.p_value and unknown.overlap is None
    assert [found.standing for found in (drawn, split, unknown)] == ["registered", "exploratory", "exploratory"]
    assert judge({}, scores).standing == "exploratory"


def test_bounded_metrics_have_an_interval_for_any_law() -> None:
    rng = np.random.default_rng(2)
    scores = tidy({"a": rng.uniform(0, 0.1, 20), "b": rng.uniform(0.3, 0.4, 20)})
    found = judge({}, scores, ranges={"error": (0.0, 1.0)})
    assert -1 <= found.bounded_low < found.low and found.high < found.bounded_high <= 1
    assert judge({}, scores).bounded_low is None


def test_one_more_scenario_is_less_certain_than_their_average() -> None:
    effects = {"s": 1.0, "t": 3.0, "u": 0.2, "v": 2.0}
    scores = pd.concat([planted(effect, 16, name, seed) for seed, (name, effect) in enumerate(effects.items())])
    found = judge({"scenarios": [*effects]}, scores)
    assert found.verdict == "reproduced" and len(found.by_place) == 4
    assert found.prediction_low < 0 < found.low and found.prediction_high > found.high
    assert judge({"scenarios": ["s", "t"]}, scores).prediction_low is None


@pytest.mark.slow
def test_replicates_needed_are_a_range_with_two_digits() -> None:
    seen = np.array([1.4, -0.6, 0.9, 1.8, -1.1, 0.4, 1.2, -0.3, 0.7, 0.6])
    sizes = judge({}, tidy({"a": [0.0] * 10, "b": list(seen)})).replicates_needed
    assert 11 <= sizes.as_seen <= 40 and sizes.at_least <= sizes.as_seen and sizes.power == 0.8
    assert sizes.at_most is None, "the interval contains the bound: perhaps never"
    drawn = np.random.default_rng(0).normal(seen.mean(), seen.std(ddof=1), (300, sizes.as_seen))
    found = [judge({}, tidy({"a": [0.0] * len(row), "b": list(row)})).verdict for row in drawn[:150]]
    assert 0.65 <= found.count("reproduced") / 150 <= 0.93  # 80 % is what they are for
    on_the_bound = judge({}, tidy({"a": [0.0] * 8, "b": [1.0, -1.0] * 4})).replicates_needed
    assert on_the_bound.as_seen is None and on_the_bound.at_most is None


def test_holm_leaves_an_interval_clear_of_the_bound_and_a_finite_range() -> None:
    rng = np.random.default_rng(4)
    effects = 0.75 + rng.normal(0, 1, 12)
    effects += 0.75 - effects.mean()
    scores = tidy({"a": np.zeros(12), "b": effects})
    claims = [claim(), *[claim(margin=0.74 + 0.001 * i) for i in range(12)]]
    first = judge_claims(claims, scores)[0]
    assert first.family == 13 and first.p_value < 0.05 < first.p_holm
    assert first.verdict == "inconclusive" and first.low > 0
    sizes = first.replicates_needed
    assert sizes.at_least < sizes.as_seen < sizes.at_most


@pytest.mark.slow
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_on_the_edge_of_the_margin_equivalence_is_rarely_reproduced(side: float) -> None:
    rng = np.random.default_rng(7)
    same = {"kind": "equivalence", "direction": None, "peer": None, "value": 0.0, "margin": 1.0}
    found = [judge(same, tidy({"a": rng.normal(side, 0.5, 10)})).verdict for _ in range(150)]
    assert max(found.count("reproduced"), found.count("contradicted")) <= 11  # 2.5 % of 150 is 3.75


@pytest.mark.slow
def test_among_many_claims_hardly_any_is_reproduced_by_chance() -> None:
    rng = np.random.default_rng(1)
    claims = [claim(metric=f"m{i}") for i in range(10)]
    ledgers = 0
    for _ in range(30):
        scores = pd.concat([tidy({"a": np.zeros(12), "b": rng.normal(0, 1, 12)}, metric=f"m{i}") for i in range(10)])
        ledgers += {result.verdict for result in judge_claims(claims, scores)} != {"inconclusive"}
    assert ledgers <= 6  # 5 % of 30 is 1.5; beyond 6 lies one in a thousand
