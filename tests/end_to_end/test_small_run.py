"""The small config through every rule, as a user would run it, and what comes out."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from project import Project


@pytest.fixture(scope="module")
def run(small_run: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = small_run.copy(tmp_path_factory.mktemp("small") / "project")
    project.output = small_run.output
    return project


def test_everything_that_the_readme_names_is_there(run: Project) -> None:
    for name in ("report.html", "provenance.json"):
        assert (run.folder / "results" / name).stat().st_size > 1000
    folder = run.folder / "results/clustering"
    for name in ("scores.parquet", "runs.parquet", "summary.csv", "costs.csv", "comparisons.csv", "claims.json"):
        assert (folder / name).exists(), name
    for scenario in run.study["scenarios"]:
        for suffix in ("svg", "csv"):
            assert (folder / f"figures/scores.{scenario}.{suffix}").stat().st_size > 100
    assert "Report: results/report.html" in run.output


def test_every_expected_cell_has_a_status(run: Project) -> None:
    runs = run.table("runs")
    cells = 3 * 8 * 3  # scenarios, methods with their grid, replicates
    assert len(runs) == cells == len(runs.drop_duplicates(["scenario", "method", "replicate"]))
    assert set(runs["status"]) <= {"ok", "not_converged", "skipped"}
    usable = runs[runs["status"] != "skipped"]
    assert (usable["cpu_seconds"] > 0).all() and (usable["peak_memory_mb"] >= 0).all()


def test_methods_that_need_the_truth_are_skipped_with_the_reason(run: Project) -> None:
    skipped = run.table("runs").query("status == 'skipped'")
    assert set(skipped["method"]) == {"oracle", "likelihood_sdp"} and set(skipped["scenario"]) == {"mine"}
    assert skipped["message"].str.contains("covariances").all()


def test_numbers_are_plausible(run: Project) -> None:
    summary = pd.read_csv(run.folder / "results/clustering/summary.csv")
    means = summary.query("metric == 'misclustering_error'").pivot(index="scenario", columns="method", values="mean")
    assert means.loc["well_separated"].drop("random_labels").max() < 0.05
    assert means["random_labels"].min() > 0.3
    gaps = run.table("scores").query("metric == 'certified_gap' and method == 'kmeans_sdp'")["value"]
    assert gaps.between(-1e-9, 1e-2).all()


def test_report_is_one_file_that_says_what_was_run(run: Project) -> None:
    page = (run.folder / "results/report.html").read_text()
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert len(page) < 8e6
    record = json.loads((run.folder / "results/provenance.json").read_text())
    assert record["config_digest"] in page
    assert record["config"] == run.config
    assert record["packages"]["numpy"] == np.__version__
    for text in ("% interval", "CPU time", "Memory", "coverage", "Claims", "Provenance", "exact interval", "Repeat"):
        assert text in page
    for scenario in run.study["scenarios"]:
        assert f'id="clustering-{scenario}"' in page


def test_second_run_does_nothing(run: Project) -> None:
    assert "Nothing to be done" in run.run().stdout


def test_report_shows_a_benchmark_when_there_is_one(run: Project) -> None:
    table = pd.DataFrame(
        {
            "study": "clustering", "case": "a case", "contender": ["ours", "peer"], "status": "ok",
            "cpu_seconds_min": [1.0, 8.5], "cpu_seconds_median": [1.0, 9.0], "ratio_to_ours": [1.0, 8.5],
            "target": [np.nan, 8.0], "peak_memory_mb": 10.0, "accuracy": 1e-6, "accuracy_label": "gap",
            "repeats": 3, "versions": "numpy 2", "command": "snakemake", "job": "of other code",
        }
    )  # fmt: skip
    table.to_csv(run.folder / "results/clustering/benchmark.csv", index=False)
    before = run.state("clustering/*/fits/**/*")
    assert "run_benchmark" not in run.run().stdout
    page = (run.folder / "results/report.html").read_text()
    assert 'id="benchmark"' in page and "a case" in page and "8.5" in page and "other code" in page
    verdicts = json.loads((run.folder / "results/clustering/claims.json").read_text())
    assert any("has no case" in claim["reason"] for claim in verdicts), "claims about speed look at the benchmark"
    assert run.state("clustering/*/fits/**/*") == before


def test_snakemakes_own_report_has_every_table_and_figure_with_caption_and_label(run: Project, tmp_path) -> None:
    run.run("--report", str(tmp_path / "report.zip"))
    with zipfile.ZipFile(tmp_path / "report.zip") as packed:
        page = packed.read("report/report.html").decode()
        files = {Path(name).name for name in packed.namelist()}
    assert {"report.html", "claims.json", "standings.csv", "scores.isotropic.svg", "certificates.svg"} <= files
    for text in ("claims ledger", "paired comparisons", "the whole report", "scores.isotropic", "Figures", "Tables"):
        assert text in page, text
    for caption in ("The claims ledger of the study clustering", "stands between the control", "published methods"):
        assert caption in page, caption
