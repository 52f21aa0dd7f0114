"""Claims as rows of the ledger, with their test and their intervals in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from judged import judged_claim
from made_study import NAMES
from seedbed.core.judging.claim_tests import read_test
from seedbed.core.judging.claims import judge_claims
from seedbed.core.judging.judged_claims import MeanBound, StepEffect
from seedbed.core.statistics.mean_test import mean_test
from seedbed.core.statistics.sample_size import SizesNeeded
from seedbed.report.ledger.effect_plot import EffectPlot, adjusted_interval, effect_plot
from seedbed.report.ledger.notes import open_because, settling_text
from seedbed.report.ledger.rows import LedgerRow, ledger_row, left_out, put_to_the_test, table_row
from seedbed.report.ledger.words import PageWords, agreement, measured, typeset, unit_of


def test_every_kind_of_test_is_said_in_words() -> None:
    shared = {"ours": "ours", "metric": "error", "scenarios": ["s~n=10", "s~n=100"], "direction": "lower"}
    said = [
        read_test({key: value for key, value in {**shared, **extra}.items() if value}).in_words(PageWords(NAMES))
        for extra in (
            {"kind": "comparison", "peer": "peer", "aggregation": "worst"},
            {"kind": "equivalence", "value": 0.5, "margin": 0.1},
            {"kind": "threshold", "bound": 0.5, "holds_for": "every"},
            {"kind": "trend", "ours": "", "methods": ["ours", "peer"], "positions": [0.0, 2.0]},
            {"kind": "robustness", "peer": "peer", "clean_scenarios": ["s~n=10", "absent"]},
        )
    ]
    speed = {"kind": "speed", "cases": ["one"], "ours": "ours", "peer": "slow", "factor": 2.0}
    said.append(read_test(speed).in_words(PageWords(NAMES)))
    assert "the ours against the peer, error in s~n=10, s~n=100" in said[0] and "the worst of the scenarios" in said[0]
    assert "the same as the value 0.5 up to 0.1" in said[1]
    assert "error at most 0.5 in every replicate" in said[2] and "averaged" not in said[2]
    assert "error falls along the ours → the peer" in said[3] and "slope on 0, 2" in said[3]
    assert "loss of the peer minus loss of the ours" in said[4] and "from s~n=10, absent" in said[4]
    assert "CPU time of slow over that of ours" in said[5]


def test_replicates_that_would_settle_a_claim_are_a_range() -> None:
    sizes = SizesNeeded(as_seen=63, at_least=12, at_most=3400, power=0.8)
    assert settling_text(sizes) == (
        "63 replicates would settle it (80 %), were the effect as seen; its interval allows 12 to 3,400"
    )
    assert settling_text(replace(sizes, as_seen=44007)).startswith("44,000 replicates")
    never = replace(sizes, at_most=None)
    assert settling_text(never).endswith("allows 12 to never")
    assert "never; its interval" in settling_text(replace(never, as_seen=None))
    assert "hardly" in settling_text(replace(never, as_seen=None, at_least=None)) and settling_text(None) == ""


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


def judged(tables: dict[str, pd.DataFrame], *tests: dict) -> list[LedgerRow]:
    claims = judge_claims([claim(**test) for test in tests], tables["scores"], tables["runs"])
    return [ledger_row(row, NAMES) for row in claims]


def test_ledger_rows_place_the_interval_on_the_side_that_the_verdict_says(tables: dict[str, pd.DataFrame]) -> None:
    good, bad, same, absent = judged(
        tables, {}, {"ours": "peer", "peer": "ours"}, {"kind": "equivalence", "margin": 1.0}, {"peer": "absent"}
    )
    assert good.verdict == "reproduced" and good.plot.start > good.plot.holds[0] == 50
    assert bad.verdict == "contradicted" and bad.plot.end < 50
    assert same.verdict == "reproduced" and same.plot.holds[0] < same.plot.start
    assert same.plot.end < same.plot.holds[1] and same.holds_text == "holds between −1 and 1"
    assert absent.plot is None and absent.interval_text == ""
    assert good.unit_text == "share of points" and good.interval_text.startswith("[0.")
    assert [row.agreed for row in (good, bad, same)] == ["8 of 8", "0 of 8", "8 of 8"]
    assert good.bound_texts == ["0"] and same.bound_texts == ["−1", "1"]
    for row in (good, bad, same):
        plot = row.plot
        places = [plot.start, plot.end, plot.point, *plot.holds, *plot.ticks, *plot.thin]
        assert len(plot.ticks) == 8 and all(0 <= value <= 100 for value in places)
        assert plot.thin[0] <= plot.start and plot.thin[1] >= plot.end, "adjusted intervals are wider"
        assert row.places == ["s~n=10"]


def test_effect_plot_of_no_spread_has_a_place() -> None:
    at_bound = judged_claim(effect=0.0, low=0.0, high=0.0, holds_above=0.0, effects={"0": 0.0, "1": 0.0})
    assert effect_plot(at_bound) == EffectPlot(
        start=50, end=50, point=50, holds=(50, 100), thin=None, zero=None, bounds=(50,), ticks=(50, 50)
    )


def test_zero_is_named_where_it_is_not_the_bound() -> None:
    seen = judged_claim(effect=0.0, low=-0.005, high=0.005, holds_above=-0.02, effects={"0": 0.0})
    assert effect_plot(seen).zero == 50 + 46 * 0.02 / 0.025
    assert effect_plot(replace(seen, holds_above=0.0, effects={"0": 0.001})).zero is None


def test_the_adjusted_interval_decides_as_the_adjusted_p_does() -> None:
    """Of one claim among m: Bonferroni's interval leaves the bound out exactly if m times its p is below alpha."""
    rng = np.random.default_rng(3)
    for shift in np.linspace(0.0, 2.5, 12):
        values = rng.normal(shift, 1.0, 9)
        made = judged_claim(effects={str(i): value for i, value in enumerate(values)}, family=7)
        low, high = adjusted_interval(made, 0.95)
        test = mean_test(values)
        assert (low > 0) == (7 * test.p_inside < 0.05) and (high < 0) == (7 * test.p_outside < 0.05)
    assert adjusted_interval(replace(made, family=1), 0.95) is None
    assert adjusted_interval(replace(made, law="share"), 0.95) is None
    assert adjusted_interval(replace(made, least=MeanBound(effect=0.0, low=None, high=None)), 0.95) is None


def test_an_open_claim_says_which_condition_failed() -> None:
    made = judged_claim(n=10, low=0.1, high=0.2, holds_above=0.0, family=12, p_holm=0.08)
    alone = open_because(made, 0.95)
    assert "lies on the claim’s side" in alone and "12 tests, is 0.080, not below 0.05" in alone
    assert "lies against the claim" in open_because(replace(made, low=-0.2, high=-0.1), 0.95)
    assert "across the bound" in open_because(replace(made, low=-0.1), 0.95)
    assert "across the bound" in open_because(replace(made, holds_above=-0.15, holds_below=0.15), 0.95)
    assert "it takes 6" in open_because(replace(made, n=5), 0.95)
    turned = StepEffect(step="a to b", effect=-0.1, low=-0.2, high=0.0, kept=False)
    assert "a step of it does not" in open_because(replace(made, steps=(turned,)), 0.95)


def test_no_effect_is_without_a_unit(tables: dict[str, pd.DataFrame]) -> None:
    (row,) = judged(tables, {"metric": "gap"})
    assert row.scale == "difference" or row.unit_text == "times"
    bare = judged_claim(test={"metric": "gap"})
    assert unit_of(bare, NAMES) == "gap" and unit_of(replace(bare, law="share"), NAMES) == "of the data sets"
    assert unit_of(replace(bare, scale="ratio"), NAMES) == "times"


def test_agreement_counts_the_side_of_the_claim() -> None:
    made = judged_claim(effects={"0": 0.1, "1": -0.3, "2": 0.0}, holds_above=0.0)
    assert agreement(made) == (1, "1 of 3", "data sets")
    assert agreement(replace(made, holds_above=-0.2, holds_below=0.2, unit="case")) == (2, "2 of 3", "cases")


def test_what_was_typed_on_a_keyboard_is_typeset() -> None:
    assert str(typeset("I_v(x) <b> within 1e-15")) == "I<sub>v</sub>(x) &lt;b&gt; within 10<sup>−15</sup>"
    assert str(typeset("2.5e3 points of k_means, e-mail, 1e, x1e5")) == (
        "2.5·10<sup>3</sup> points of k_means, e-mail, 1e, x1e5"
    )


def test_contradictions_come_first_and_what_was_not_tested_lies_by_reason(tables: dict[str, pd.DataFrame]) -> None:
    rows = judged(
        tables, {}, {"peer": "absent"}, {"ours": "peer", "peer": "ours"}, {"peer": "gone"}, {"peer": "absent"}
    )
    assert [row.verdict for row in put_to_the_test(rows)] == ["contradicted", "reproduced"]
    groups = left_out(rows)
    assert [len(chosen) for chosen in groups.values()] == [2, 1] and "absent" in next(iter(groups))
    line = table_row(rows[0])
    assert line["on_the_claims_side"] == "8 of 8" and line["effect"] == rows[0].effect and line["notes"] == ""
    assert "absent" in table_row(rows[1])["notes"] and table_row(rows[1])["on_the_claims_side"] == ""


def test_where_the_effect_is_a_distance_what_was_measured_is_said_too() -> None:
    """At most 0.03 was claimed and 0.0073 measured: the effect, 0.0227, is not the metric's value."""
    bound = {"kind": "threshold", "metric": "error", "bound": 0.03, "direction": "lower"}
    below = judged_claim("reproduced", test=bound, effect=0.0227, low=0.02, high=0.025)
    assert measured(below) == pytest.approx((0.0073, 0.005, 0.01)) and unit_of(below, NAMES).startswith("from 0.03, ")
    above = replace(below, test={**bound, "bound": 0.9, "direction": "higher"}, effect=-0.131, low=-0.2, high=-0.1)
    assert measured(above) == pytest.approx((0.769, 0.7, 0.8))
    value = replace(below, test={"kind": "equivalence", "metric": "error", "value": 1.7, "margin": 0.5})
    assert measured(value) == pytest.approx((1.7227, 1.72, 1.725))
    assert measured(replace(below, test={**bound, "bound": 0.0})) is None, "then the effect is the value"
    assert measured(replace(below, test={"kind": "comparison", "metric": "error"})) is None


def test_splits_of_one_table_are_not_called_data_sets() -> None:
    assert agreement(judged_claim(effects={"0": 1.0, "1": -1.0}, holds_above=0.0, overlap=0.0)).data_sets == "data sets"
    assert agreement(judged_claim(effects={"0": 1.0, "1": -1.0}, holds_above=0.0, overlap=0.4)).data_sets == "splits"
    assert agreement(judged_claim(effects={"0": 1.0}, holds_above=0.0, overlap=None)).data_sets == "split"


def test_a_number_and_its_interval_have_the_same_decimals() -> None:
    plain = judged_claim("reproduced", test=None, effect=0.229, low=0.17, high=0.2814, holds_above=0.0)
    row = ledger_row(plain, NAMES)
    assert (row.effect_text, row.interval_text) == ("0.229", "[0.170, 0.281]")
    small = ledger_row(replace(plain, effect=6.24e-6, low=-1.1e-6, high=1.87e-5), NAMES)
    assert (small.effect_text, small.interval_text) == ("6.2·10⁻⁶", "[−1.1·10⁻⁶, 1.9·10⁻⁵]")
    factors = ledger_row(replace(plain, scale="ratio", effect=np.log10(0.793), low=np.log10(0.7), high=2.0), NAMES)
    assert (factors.effect_text, factors.interval_text) == ("0.793", "[0.700, 100]")
    share = ledger_row(replace(plain, law="share", effect=1.0, low=0.63058, high=1.0), NAMES)
    assert (share.effect_text, share.interval_text) == ("100.0 %", "[63.1 %, 100.0 %]")


def test_notes_call_methods_as_the_page_does_and_say_what_contradicts_a_trend() -> None:
    turned = StepEffect(step="ours → peer", effect=-0.00019, low=-0.0002, high=-0.0001, kept=False)
    trend = judged_claim(
        "contradicted", test=None, low=-0.1, high=0.2, effect=0.1, holds_above=0.0, steps=(turned,), overlap=0.0
    )
    notes = ledger_row(replace(trend, budgets={"ours": 0, "peer": 36}), NAMES).notes
    assert notes == [
        "the whole may go the claim’s way, a step of it surely does not",
        "fits that tuned the methods differ in number (the ours: 0; the peer: 36)",
        "not at every step: the ours → the peer: −1.9·10⁻⁴ [−2.0·10⁻⁴, −1.0·10⁻⁴]",
    ]
    surely = ledger_row(replace(trend, high=-0.05), NAMES)
    assert len(surely.notes) == 1, "the slope itself contradicts"
