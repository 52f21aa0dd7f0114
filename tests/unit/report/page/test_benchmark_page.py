"""Benchmarks as the page shows them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seedbed.core.job_records.summaries import BenchmarkTable
from seedbed.core.jobs.benchmarking import run_cases
from seedbed.core.judging.tables import REQUIRED, read_table, write_table
from seedbed.core.machine import machine
from seedbed.core.study import Case
from seedbed.report.page.benchmark_page import describe_benchmark, read_benchmark


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


def test_a_digest_that_looks_like_a_number_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "benchmark.csv"
    names = [*dict.fromkeys([*REQUIRED.get("benchmark", ()), "job"])]
    header, values = ",".join(names), ",".join("34797249671075e8" if name == "job" else "1" for name in names)
    path.write_text(f"{header}\n{values}\n")
    assert read_benchmark(str(path))["job"].tolist() == ["34797249671075e8"]
