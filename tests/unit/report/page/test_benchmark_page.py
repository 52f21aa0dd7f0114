"""Benchmarks as the page shows them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seedbed.core.job_records.summaries import BenchmarkTable
from seedbed.core.jobs.benchmarking import run_cases
from seedbed.core.judging.tables import read_table, write_table
from seedbed.core.machine import machine
from seedbed.core.study import Case
from seedbed.report.page.benchmark_page import describe_benchmark


def test_benchmark_ratios_come_with_their_range() -> None:
    table = pd.DataFrame(
        {"study": "made", "case": "c", "contender": ["ours", "peer"], "cpu_seconds_min": [1.0, 4.0],
         "cpu_seconds_median": [1.0, 5.0], "cpu_seconds_each": ["1 1 2", "4 5 6"], "ratio_to_ours": [1.0, 4.0],
         "target": [np.nan, 3.0], "job": "j", "versions": "v"}
    )  # fmt: skip
    found = describe_benchmark(BenchmarkTable(path="results/made/benchmark.csv", content="", job="j"), table)
    assert found["rows"][1]["spread"] == "[3, 5]" and not found["outdated"] and found["path"] == "made/benchmark.csv"
    assert not found["machine"], "a table from before it was written down"
    named = table.assign(machine="Some Processor; avx2")
    found = describe_benchmark(BenchmarkTable(path="made/benchmark.csv", content="", job="j"), named)
    assert found["machine"] == "Some Processor; avx2"
    broken = describe_benchmark(
        BenchmarkTable(path="results/made/benchmark.csv", content="", job="j"),
        table.assign(cpu_seconds_each=["1 nan 2", "nan 5 6"]),
    )
    assert broken["rows"][1]["spread"] == "[3, 3]"
    older = describe_benchmark(
        BenchmarkTable(path="results/made/benchmark.csv", content="", job="k"), table.drop(columns="cpu_seconds_each")
    )
    assert older["rows"][1]["spread"] == "[4, 5]" and older["outdated"]
    fewer = describe_benchmark(
        BenchmarkTable(path="results/made/benchmark.csv", content="", job="k"), table.assign(repeats=4)
    )
    assert fewer["rows"][1]["spread"] == "[4, 5]", "one turn is not listed, nobody knows which"


@pytest.mark.parametrize("failing", ["ours", "peer"])
def test_a_contender_that_fails_costs_its_row_alone(failing: str, tmp_path: Path) -> None:
    def contender(problem: int) -> int:
        raise ValueError("not today")

    contenders = {"ours": abs, "peer": abs} | {failing: contender}
    case = Case("c", lambda: -1, contenders, lambda problem, result: 0.0, "error", "peer", 2.0, repeats=2)
    path = str(tmp_path / "benchmark.csv")
    assert run_cases("made", (case,), "snakemake").set_index("contender").loc[failing, "cpu_seconds_each"] == "nan nan"
    write_table(run_cases("made", (case,), "snakemake").assign(job="j"), path)
    assert set(read_table(path)["machine"]) == {machine()}
    found = BenchmarkTable(path=path, content="", job="j")
    rows = {row["contender"]: row for row in describe_benchmark(found, read_table(path))["rows"]}
    assert rows.pop(failing)["status"] == "error: ValueError: not today"
    assert [row["status"] for row in rows.values()] == ["ok"]


class Remembering:
    """A problem that remembers that it was solved, as a law that keeps what it has computed."""

    solved = False


def _slow_at_first(problem: Remembering) -> bool:
    """Takes a tenth of a second on a problem that was not solved yet, as well as in a process that solved none."""
    known, problem.solved = problem.solved, True
    if not (known or _calls):
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass
    _calls.append(0)
    return known


_calls: list[int] = []


@pytest.mark.slow
@pytest.mark.parametrize("warm", [False, True])
def test_a_warm_case_times_the_second_call_of_each_process_on_a_problem_that_is_new(warm: bool, tmp_path: Path) -> None:
    contenders = {"ours": _slow_at_first, "peer": _slow_at_first}
    case = Case("c", Remembering, contenders, lambda problem, known: float(known), "remembered", "peer", warm=warm)
    table = run_cases("made", (case,), "snakemake").assign(job="j")
    assert not table["accuracy"].any(), "the call that counts is given a problem that nobody has seen"
    assert (table["cpu_seconds_first"] >= 0.1).all() and (table["warm"] == warm).all()
    assert ((table["cpu_seconds_min"] < 0.05) if warm else table["cpu_seconds_min"] == table["cpu_seconds_first"]).all()
    write_table(table, str(tmp_path / "benchmark.csv"))
    found = BenchmarkTable(path=str(tmp_path / "benchmark.csv"), content="", job="j")
    assert [row["warm"] for row in describe_benchmark(found, read_table(found.path))["rows"]] == [warm, warm]
