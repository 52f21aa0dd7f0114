"""The table of a scenario: five columns, one notation in each, and what is more only for who asks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_study import NAMES
from seedbed.core.judging.summaries import summarise_costs
from seedbed.report.notation import duration
from seedbed.report.numbers import seconds
from seedbed.report.page.study_page import describe_scenario


@pytest.fixture
def block(tables: dict[str, pd.DataFrame]) -> dict:
    runs = tables["runs"].copy()
    runs.loc[runs.index[:2], "status"] = "timeout"
    return describe_scenario(NAMES, NAMES.scenarios[0], tables | {"costs": summarise_costs(runs)})


def test_a_table_has_five_columns_and_more_on_demand(block: dict) -> None:
    heads = ["Method", *(column.head for column in block["columns"] if not column.more)]
    assert heads == ["Method", "error", "CPU time", "Memory", "Answered"]
    assert [column.head for column in block["columns"] if column.more] == ["gap"]
    assert all(len(row["shown"]) == len(block["columns"]) for row in block["rows"])


def test_columns_align_and_intervals_are_written_as_their_means(block: dict) -> None:
    for row in block["rows"]:
        main, _, memory, _, gap = row["shown"]
        ends = [*main.small.strip("[]").split(", "), main.text]
        assert {len(text.partition(".")[2]) for text in ends} == {3}, "three decimals in all"
        assert len({len(text.partition(".")[2]) for text in [*memory.small.strip("[]").split(", "), memory.text]}) == 1
        assert "·10" in gap.text and all("·10" in end for end in gap.small.strip("[]").split(", "))


def test_what_is_not_ok_is_told_with_the_answers(block: dict) -> None:
    (failed,) = (row["shown"][3] for row in block["rows"] if row["method"] == "ours")
    assert (failed.text, failed.small, failed.order) == ("6 of 8", "2 timeout", 6)


def test_without_a_row_or_a_score_there_is_a_dash(tables: dict[str, pd.DataFrame]) -> None:
    nothing = tables | {"summary": tables["summary"].iloc[:0], "costs": summarise_costs(tables["runs"]).iloc[:0]}
    block = describe_scenario(NAMES, NAMES.scenarios[0], nothing)
    texts = [[cell.text for cell in row["shown"]] for row in block["rows"]]
    assert all(row == ["–", "–", "–", "0 of 8"] for row in texts)


def test_durations_have_units_that_suit_them() -> None:
    assert [seconds(value) for value in (3.18e-9, 3.18e-6, 0.5, 59.0)] == ["3.18 ns", "3.18 µs", "500 ms", "59.0 s"]
    assert duration(2e-6, 1e-7, 2e-3) == ("2.00 µs", "[0.10, 2000.00]")
    assert duration(1.0, np.nan, 2.0) == ("1.000 s", "") and duration(np.nan, 1.0, 2.0) == ("–", "")
