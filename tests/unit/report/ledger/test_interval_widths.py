"""How many replicates would decide what is open."""

from __future__ import annotations

import pytest
from judged import judged_claim
from seedbed.core.judging.judged_claims import JudgedClaim
from seedbed.core.statistics.sample_size import SizesNeeded
from seedbed.report.ledger.interval_widths import deciding_size, interval_widths


def left_open(needed: int | None, n: int = 10) -> JudgedClaim:
    return judged_claim(n=n, replicates_needed=SizesNeeded(as_seen=needed, at_least=5, at_most=None, power=0.8))


def test_lines_end_where_their_claims_are_decided() -> None:
    plot = interval_widths([left_open(1000), left_open(None), left_open(40), left_open(9), judged_claim()])
    assert [(line.place, line.needed) for line in plot.lines] == [(3, 40), (1, 1000)], "the others decide nothing"
    near, far = plot.lines
    assert near.end[1] == far.end[1] == plot.bottom and far.end[0] == plot.right
    assert far.start == (plot.left, plot.top), "ten times too wide with 10 of 1000 replicates"
    assert near.start[0] == plot.left and near.start[1] > plot.top
    columns = {text: place for place, text in plot.columns}
    assert columns["10"] == plot.left and columns["1,000"] == plot.right
    assert columns["100"] == pytest.approx((plot.left + plot.right) / 2)
    assert {text: place for place, text in plot.rows}["1×"] == plot.bottom


def test_four_times_the_replicates_halve_an_interval() -> None:
    plot = interval_widths([left_open(160), left_open(160, n=40)])
    (first, second), rows = plot.lines, {text: place for place, text in plot.rows}
    assert second.start[1] == rows["2×"]
    assert plot.bottom - first.start[1] == pytest.approx(2 * (plot.bottom - second.start[1])), "four times too wide"


def test_labels_of_claims_that_end_in_one_place_stand_above_each_other() -> None:
    plot = interval_widths([left_open(100), left_open(101), left_open(5000), left_open(102)])
    heights = {line.place: line.label[1] for line in plot.lines}
    assert heights[3] == heights[1] and heights[1] - heights[2] == heights[2] - heights[4] > 10


def test_without_a_forecast_there_is_no_plot() -> None:
    assert interval_widths([]) is None and interval_widths([left_open(None), left_open(8), judged_claim()]) is None
    assert deciding_size(left_open(44007)) == "44,000 replicates" and deciding_size(judged_claim()) == ""
    assert deciding_size(left_open(None)).startswith("no number")


def test_ticks_are_there_where_no_round_number_is() -> None:
    assert [text for _, text in interval_widths([left_open(14, n=11)]).columns] == ["11", "14"]
