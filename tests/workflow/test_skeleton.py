"""The study of docs/extending.md, put into the package as its reader would, and run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from project import ROOT, Project


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Project:
    config = {
        "seed": 1,
        "studies": {
            "location": {
                "replicates": 12,
                "replicates_per_job": 12,
                "scenarios": {"clean": {}, "outliers": {}},
                "methods": {"trimmed_mean": {}, "mean": {}, "first_value": {}, "clean_mean": {}},
            }
        },
    }
    project = Project(tmp_path_factory.mktemp("skeleton") / "project", config)
    place = project.folder / "workflow/scripts/seedbed/location"
    shutil.copytree(ROOT / "docs/skeleton/location", place, ignore=shutil.ignore_patterns("__pycache__"))
    project.run()
    return project


def folder(run: Project) -> Path:
    return run.folder / "results/location"


def test_the_skeleton_gives_what_theory_says(run: Project) -> None:
    summary = pd.read_csv(folder(run) / "summary.csv").pivot(index="scenario", columns="method", values="mean")
    assert summary.loc["outliers", "trimmed_mean"] < 0.5 < summary.loc["outliers", "mean"]
    assert (summary.loc["clean", "mean"] < 0.3) and (summary["first_value"] > summary["clean_mean"]).all()


def test_its_claims_and_figures_are_there(run: Project) -> None:
    claims = {claim["id"]: claim["verdict"] for claim in json.loads((folder(run) / "claims.json").read_text())}
    assert claims == {"trimming_helps": "reproduced", "breakdown": "not tested here"}
    for suffix in ("svg", "png", "csv"):
        assert (folder(run) / f"figures/errors.outliers.{suffix}").exists()
    page = (run.folder / "results/report.html").read_text()
    assert "The centre of a sample that is partly wrong" in page and "trimmed mean" in page


def test_its_benchmark_runs(run: Project) -> None:
    run.run("benchmark", cores=1)
    table = pd.read_csv(folder(run) / "benchmark.csv")
    assert set(table["status"]) == {"ok"} and table["accuracy"].max() < 1e-12


def test_its_mistakes_are_messages(run: Project) -> None:
    entries = run.config["studies"]["location"]["scenarios"]
    entries["bad"] = {"scenario": "outliers", "params": {"n_points": 1, "share_wrong": 2.0}}
    done = run.run("-n", check=False)
    del entries["bad"]
    assert done.returncode != 0 and "Traceback" not in done.stdout
    assert "n_points is 1; at least 2 are needed" in done.stdout and "share_wrong is 2.0" in done.stdout
