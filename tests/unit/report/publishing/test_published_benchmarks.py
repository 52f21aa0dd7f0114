"""Benchmarks in the published ledger: taken over study by study, with what is missed said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from seedbed.core.canonical import digest
from seedbed.core.errors import UserError
from seedbed.core.planning.plan import benchmark_job
from seedbed.report.publishing.benchmarks import (
    BENCHMARK,
    benchmark_page,
    present_code,
    publish_benchmarks,
    read_benchmarks,
)

NAN = float("nan")


def measured(folder: Path, study: str, **changes: object) -> Path:
    """Two contenders and one that failed: ours, a peer that takes three times as long, and a target of four."""
    rows = [("ours", "ok", 1.0, 1.0, NAN, 1e-9), ("peer", "ok", 3.0, 3.0, 4.0, float("inf")),
            ("absent", "ImportError: no module", NAN, NAN, 2.0, NAN)]  # fmt: skip
    columns = ["contender", "status", "cpu_seconds_min", "ratio_to_ours", "target", "accuracy"]
    table = pd.DataFrame(rows, columns=columns).assign(
        study=study, case="one", clock="cpu", accuracy_label="largest error", machine="a processor; avx2",
        job=digest(benchmark_job(study)), cpu_seconds_median=1.0, peak_memory_mb=1.0, versions="numpy 2",
        warm=False, cpu_seconds_first=1.25,
    )  # fmt: skip
    path = folder / study / "benchmark.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.assign(**changes).to_csv(path, index=False)
    return path


def test_each_run_replaces_its_own_studies_and_says_what_was_missed(tmp_path: Path) -> None:
    measured(tmp_path / "first", "density")
    measured(tmp_path / "first", "clustering")
    assert publish_benchmarks(tmp_path / "first", tmp_path) == ["clustering", "density"]
    measured(tmp_path / "second", "density", target=2.0)
    assert publish_benchmarks(tmp_path / "second", tmp_path) == ["density"]
    lines = read_benchmarks(tmp_path / BENCHMARK)
    assert [line["study"] for line in lines] == ["clustering"] * 3 + ["density"] * 3
    page = benchmark_page(lines, present_code(lines))
    assert "## clustering" in page and "the code is that of today; 0 targets met, 1 missed, 1 not measured" in page
    assert "|  | peer | **3** | 4, *missed* | 3.00 s | not finite |" in page
    assert "| one | ours | 1 |  | 1 s | 10⁻⁹, largest error |" in page or "1·10⁻⁹, largest error" in page
    assert "| absent |  |  | ImportError: no module |" in page
    assert "**of an earlier version**" in benchmark_page(lines, {})


def test_what_was_measured_with_other_code_is_refused(tmp_path: Path) -> None:
    measured(tmp_path / "run", "density", job="0123456789abcdef")
    with pytest.raises(UserError, match=r"density.benchmark.csv was measured with other code"):
        publish_benchmarks(tmp_path / "run", tmp_path)
    assert not (tmp_path / BENCHMARK).exists()
    assert publish_benchmarks(tmp_path / "nothing", tmp_path) == []
