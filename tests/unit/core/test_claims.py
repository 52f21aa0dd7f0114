"""Verdicts of the claims ledger: each kind of test, and how often the verdicts are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from seedbed.core.claim_tests import Effects
from seedbed.core.claims import judge_claims, verdict, weigh
from seedbed.core.statistics import holm_adjust

COMPARISON = {
    "kind": "comparison",
    "ours": "a",
    "peer": "b",
    "metric": "error",
    "scenarios": ["s"],
    "direction": "lower",
}


def tidy(values: dict[str, list[float]], scenario: str = "s", metric: str = "error") -> pd.DataFrame:
    return pd.DataFrame(
        [("study", scenario, method, i, metric, x) for method, column in values.items() for i, x in enumerate(column)],
        columns=["study", "scenario", "method", "replicate", "metric", "value"],
    )


def claim(**test: object) -> dict:
    return {"id": "x", "statement": "a is better", "source": "here", "origin": "paper",
            "written": "before results", "paper_figure": None, "test": {**COMPARISON, **test}}  # fmt: skip


def planted(effect: float, size: int = 16, scenario: str = "s", seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    hard = rng.normal(0, 5, size)  # how hard a replicate is, the same for all methods
    columns = {"a": 0.0, "b": effect, "c": 2 * effect}
    return tidy({name: hard + shift + rng.normal(0, 1, size) for name, shift in columns.items()}, scenario)


def judge(test: dict, scores: pd.DataFrame, **tables: pd.DataFrame) -> dict:
    return judge_claims([claim(**test)], scores, **tables)[0]


@pytest.mark.parametrize(
    ("effect", "test", "expected"),
    [
        (3.0, {}, "reproduced"),
        (-3.0, {}, "contradicted"),
        (-3.0, {"direction": "higher"}, "reproduced"),
        (3.0, {"margin": 6.0}, "contradicted"),
        (0.0, {"margin": -3.0}, "reproduced"),
        (0.0, {"kind": "equivalence", "margin": 3.0}, "reproduced"),
        (9.0, {"kind": "equivalence", "margin": 3.0}, "contradicted"),
        (-9.0, {"kind": "equivalence", "margin": 3.0}, "contradicted"),
        (3.0, {"kind": "equivalence", "margin": 3.0}, "inconclusive"),
        (0.0, {"kind": "equivalence", "peer": None, "value": 0.0, "margin": 20.0}, "reproduced"),
        (0.0, {"kind": "threshold", "bound": 20.0}, "reproduced"),
        (0.0, {"kind": "threshold", "bound": -20.0}, "contradicted"),
        (0.0, {"kind": "threshold", "bound": 40.0, "holds_for": "every"}, "reproduced"),
        (3.0, {"kind": "trend", "methods": ["a", "b", "c"], "direction": "higher"}, "reproduced"),
        (3.0, {"kind": "trend", "methods": ["a", "b", "c"], "direction": "lower"}, "contradicted"),
        (3.0, {"kind": "trend", "methods": ["a", "b", "c"], "direction": "higher", "margin": 9.0}, "contradicted"),
        (3.0, {"kind": "trend", "methods": ["a", "b", "c"], "direction": "higher", "statistic": "slope"}, "reproduced"),
        (0.0, {"kind": "trend", "methods": ["a", "b", "c"], "direction": "flat", "margin": 3.0}, "reproduced"),
        (3.0, {"scenarios": ["s", "absent"]}, "not tested here"),
        (3.0, {"peer": "absent"}, "not tested here"),
        (3.0, {"kind": "speed", "cases": ["c"], "factor": 2.0}, "not tested here"),
    ],
)  # fmt: skip
def test_verdicts(effect: float, test: dict, expected: str) -> None:
    test = {key: value for key, value in {**COMPARISON, **test}.items() if value is not None}
    if "methods" in test:
        del test["ours"], test["peer"]
    result = judge_claims([claim() | {"test": test}], planted(effect))[0]
    assert result["verdict"] == expected, result
    assert bool(result["reason"]) == (expected == "not tested here")
    assert (result["replicates_needed"] is not None) <= (expected == "inconclusive")


def test_effects_are_what_the_kinds_say() -> None:
    scores = pd.concat(
        [
            tidy({"a": [1.0, 2.0], "b": [4.0, 3.0], "c": [5.0, 9.0]}),
            tidy({"a": [2.0, 2.0], "b": [9.0, 5.0], "c": [0.0, 0.0]}, "t"),
        ]
    )
    both = {"scenarios": ["s", "t"]}
    assert judge(both, scores)["effects"] == {"0": 5.0, "1": 2.0}
    assert judge({**both, "aggregation": "worst"}, scores)["effects"] == {"0": 3.0, "1": 1.0}
    ratio = judge({"scale": "ratio", "margin": 2.0, "floor": 1e-9}, scores)
    assert ratio["effects"] == {"0": pytest.approx(np.log10(4)), "1": pytest.approx(np.log10(1.5))}
    assert ratio["holds_above"] == pytest.approx(np.log10(2)) and ratio["scale"] == "ratio"
    lost = judge({"kind": "robustness", "clean_scenarios": ["s"], "scenarios": ["t"]}, scores)
    assert lost["effects"] == {"0": 4.0, "1": 2.0}  # b loses 5 and 2, a loses 1 and 0
    started = judge({"kind": "robustness", "clean_ours": "c", "clean_peer": "c"}, scores)
    assert started["effects"] == {"0": 3.0, "1": 1.0}
    slope = judge({"kind": "trend", "methods": ["a", "b", "c"], "direction": "higher", "statistic": "slope"}, scores)
    assert slope["effects"] == {"0": pytest.approx(2.0), "1": pytest.approx(3.5)}
    along = judge({"kind": "trend", **both, "direction": "higher"}, scores)
    assert along["effects"] == {"0": 1.0, "1": 0.0}


def test_one_counterexample_refutes_a_claim_about_every_replicate() -> None:
    test = {"kind": "threshold", "bound": 0.0, "holds_for": "every"}
    assert judge(test, tidy({"a": [0.0] * 12, "b": [1.0] * 12}))["verdict"] == "reproduced"
    refuted = judge(test, tidy({"a": [0.0] * 11 + [1e-9], "b": [1.0] * 12}))
    assert refuted["verdict"] == "contradicted" and refuted["effect"] == pytest.approx(11 / 12)
    few = judge(test, tidy({"a": [0.0] * 4, "b": [1.0] * 4}))
    assert few["verdict"] == "inconclusive" and few["replicates_needed"] == 6  # 2 / 2^6 < 0.05


@pytest.mark.parametrize(("status", "expected"), [("error", "contradicted"), ("timeout", "reproduced")])
def test_a_fit_that_breaks_is_a_counterexample_and_one_that_is_stopped_says_nothing(status: str, expected: str) -> None:
    test = {"kind": "threshold", "bound": 0.0, "holds_for": "every", "scenarios": ["s", "t"], "peer": "a"}
    scores = pd.concat([tidy({"a": [0.0] * 12}), tidy({"a": [0.0] * 11}, "t")])
    runs = pd.concat([tidy({"a": [0.0] * 12}, scenario) for scenario in "st"]).assign(status=["ok"] * 23 + [status])
    result = judge(test, scores, runs=runs)
    assert result["verdict"] == expected and result["n_expected"] == 12
    assert result["n"] == (12 if expected == "contradicted" else 11)
    scores.iloc[11, -1] = 1.0  # of the replicate that has no result in the other scenario
    assert judge(test, scores, runs=runs)["verdict"] == "contradicted"


def test_ratio_of_speed_comes_from_the_benchmark() -> None:
    table = pd.DataFrame(
        {"case": ["c", "c", "d", "d"], "contender": ["a", "b"] * 2, "cpu_seconds_min": [1.0, 8.0, 1.0, 4.0],
         "cpu_seconds_each": ["1.1 1 1.2", "8 8.5 9", "1 1 1", "4 4 4.5"]}
    )  # fmt: skip
    test = {"kind": "speed", "cases": ["c", "d"], "factor": 3.0}
    result = judge(test, planted(0), benchmark=table)
    assert result["n"] == 6 and result["verdict"] == "reproduced"
    assert 10 ** result["effect"] == pytest.approx(5.5, rel=0.1)
    assert judge({**test, "factor": 30.0}, planted(0), benchmark=table)["verdict"] == "contradicted"
    absent = judge({**test, "cases": ["c", "e"]}, planted(0), benchmark=table)
    assert absent["verdict"] == "not tested here" and "'e'" in absent["reason"]
    older = judge(test, planted(0), benchmark=table.drop(columns="cpu_seconds_each"))
    assert older["n"] == 2


def test_replicates_without_a_result_do_not_count_and_are_told() -> None:
    scores = planted(3.0, 12)
    scores = scores[(scores["method"] != "b") | (scores["replicate"] > 1)]
    result = judge({}, scores)
    assert (result["n"], result["n_expected"]) == (10, 12)
    runs = pd.concat([scores, tidy({"d": [np.nan] * 12})]).assign(status="timeout")
    failed = judge({"peer": "d"}, scores, runs=runs)
    assert failed["verdict"] == "not tested here" and "fewer than two of 12" in failed["reason"]


def test_claim_that_cannot_be_tested_says_why() -> None:
    told = {**claim(), "not_tested": "The data are restricted."}
    del told["test"]
    result = judge_claims([told, claim()], planted(3.0))
    assert result[0]["verdict"] == "not tested here" and result[0]["reason"] == "The data are restricted."
    assert result[1]["p_holm"] == result[1]["p_value"], "what is not tested does not count among the tests"


def test_replicates_needed_are_about_enough() -> None:
    seen = np.array([1.4, -0.6, 0.9, 1.8, -1.1, 0.4, 1.2, -0.3, 0.7, 0.6])
    small = judge({}, tidy({"a": [0.0] * 10, "b": list(seen)}))
    assert small["verdict"] == "inconclusive"
    needed = small["replicates_needed"]
    assert 11 <= needed <= 40
    drawn = np.random.default_rng(0).normal(seen.mean(), seen.std(ddof=1), (400, needed))
    found = [_verdict(Effects(pd.Series(values))) for values in drawn]
    assert 0.7 <= found.count("reproduced") / 400 <= 0.9  # 80 % is what they are for


def _verdict(effects: Effects, alone: bool = True) -> str:
    result = weigh(effects, samples=1000)
    return verdict({**result, "p_holm": result["p_value"], "reason": ""})


def rates(draw: Callable[[np.random.Generator], np.ndarray], runs: int = 1500, **region: float) -> Counter:
    rng = np.random.default_rng(7)
    found = Counter(_verdict(Effects(pd.Series(draw(rng)), **region)) for _ in range(runs))
    return Counter({key: count / runs for key, count in found.items()})


LAWS = {
    "normal": lambda rng: rng.normal(0, 1, 10),
    "heavy tails": lambda rng: rng.standard_t(3, 10),
    "steps": lambda rng: rng.integers(-2, 3, 10) / 60,  # errors are counts over n: ties and zeros
}
# Three standard deviations of a share of 1500 above 2.5 %.
MOST = 0.025 + 3 * np.sqrt(0.025 * 0.975 / 1500)


@pytest.mark.parametrize("law", LAWS)
def test_without_an_effect_a_claim_is_rarely_reproduced_or_contradicted(law: str) -> None:
    found = rates(LAWS[law])
    assert found["reproduced"] <= MOST and found["contradicted"] <= MOST


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_on_the_edge_of_the_margin_equivalence_is_rarely_reproduced(side: float) -> None:
    found = rates(lambda rng: rng.normal(side, 0.5, 10), low=-1.0, high=1.0)
    assert found["reproduced"] <= MOST and found["contradicted"] <= MOST


def test_planted_effects_are_found() -> None:
    found = rates(lambda rng: rng.normal(1.5, 1, 10))
    assert found["reproduced"] >= 0.95 and found["contradicted"] == 0
    found = rates(lambda rng: rng.normal(-1.5, 1, 10))
    assert found["contradicted"] >= 0.95 and found["reproduced"] == 0
    found = rates(lambda rng: rng.normal(0.1, 0.5, 10), low=-1.0, high=1.0)
    assert found["reproduced"] >= 0.95
    found = rates(lambda rng: rng.normal(2.0, 0.5, 10), low=-1.0, high=1.0)
    assert found["contradicted"] >= 0.95


def test_among_many_claims_hardly_any_is_reproduced_by_chance() -> None:
    rng = np.random.default_rng(1)
    ledgers = 0
    for _ in range(150):
        results = [weigh(Effects(pd.Series(rng.normal(0, 1, 12))), samples=500) for _ in range(10)]
        adjusted = holm_adjust(np.array([result["p_value"] for result in results]))
        told = [verdict({**result, "p_holm": p, "reason": ""}) for result, p in zip(results, adjusted, strict=True)]
        ledgers += told != ["inconclusive"] * 10
    assert ledgers <= 17  # 5 % of 150 is 7.5; beyond 17 lies one in a thousand
