"""The study of docs/extending.md, written beside config.yaml by ``make study`` as its reader would, and run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml
from project import ROOT, Project

NAME = "centre_2"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What ``make study NAME=centre_2`` prints is the config."""
    project = Project(tmp_path_factory.mktemp("skeleton") / "project", {})
    recipe = (ROOT / "Makefile").read_text().partition("\nstudy:")[2].partition("\n\n")[0].partition("@")[2]
    command = recipe.replace("$(BIN)/python", sys.executable).replace("$$", "$")
    environment = {**os.environ, "NAME": NAME}
    done = subprocess.run(command, shell=True, cwd=project.folder, env=environment, capture_output=True, text=True)
    project.config = {"seed": 1, **yaml.safe_load(done.stdout.partition("\n\n")[2])}
    project.config["studies"][NAME] |= {"replicates": 12, "replicates_per_job": 12}
    project.run("all", "archive")
    return project


def folder(run: Project) -> Path:
    return run.folder / "results" / NAME


def test_the_skeleton_gives_what_theory_says(run: Project) -> None:
    summary = pd.read_csv(folder(run) / "summary.csv").pivot(index="scenario", columns="method", values="mean")
    assert set(summary) == {"trimmed_mean", "mean", "first_value", "clean_mean"}, "every method of the skeleton runs"
    assert summary.loc["outliers", "trimmed_mean"] < 0.5 < summary.loc["outliers", "mean"]
    assert (summary.loc["clean", "mean"] < 0.3) and (summary["first_value"] > summary["clean_mean"]).all()


def test_its_claims_and_figures_are_there(run: Project) -> None:
    claims = {claim["id"]: claim["verdict"] for claim in json.loads((folder(run) / "claims.json").read_text())}
    assert claims == {"trimming_helps": "reproduced", "breakdown": "not tested here"}
    for name in ("errors", "sample"):
        for suffix in ("svg", "csv"):
            assert (folder(run) / f"figures/{name}.outliers.{suffix}").exists()
    page = (run.folder / "results/report.html").read_text()
    assert "The centre of a sample that is partly wrong" in page and "trimmed mean" in page
    assert "@incollection{tukey1960survey," in page


def test_its_benchmark_runs(run: Project, tmp_path: Path) -> None:
    own = run.copy(tmp_path / "benchmark")
    own.run("benchmark", cores=1)
    table = pd.read_csv(folder(own) / "benchmark.csv")
    assert set(table["status"]) == {"ok"} and table["accuracy"].max() < 1e-12


def test_an_archive_holds_it_and_nothing_in_the_package_was_touched(run: Project) -> None:
    own = {path.relative_to(run.folder).as_posix() for path in (run.folder / "studies").rglob("*") if path.is_file()}
    with zipfile.ZipFile(run.folder / "results/seedbed.crate.zip") as archive:
        names = archive.namelist()
        for name in (name for name in names if name.startswith("workflow/")):
            assert archive.read(name) == (ROOT / name).read_bytes()
    assert {name for name in names if name.startswith("studies/")} == {
        name for name in own if "__pycache__" not in name
    }


def test_a_moved_folder_is_up_to_date_and_edits_are_followed(run: Project, tmp_path: Path) -> None:
    moved = run.copy(tmp_path / "elsewhere")
    assert "Nothing to be done" in moved.run("-n").stdout
    claims = moved.folder / "studies" / NAME / "claims.yaml"
    claims.write_text(claims.read_text().replace("id: breakdown", "id: breaks_down"))
    assert jobs(moved) == {"summarise_study": 1, "plot_study": 1, "render_report": 1}
    peers = moved.folder / "studies" / NAME / "peers/trimmed_mean.py"
    peers.write_text(peers.read_text() + "\n# edited\n")
    assert jobs(moved)["fit_method"] == 4, "two methods of that class, two scenarios"


def jobs(project: Project) -> dict[str, int]:
    """How many jobs of each rule a dry run announces."""
    counts = re.findall(r"^ *([a-z][a-z_ ]*?) {2,}(\d+) *$", project.run("-n", "--quiet").stdout, re.M)
    return {rule.replace(" ", "_"): int(count) for rule, count in counts if rule not in ("all", "total")}


def test_its_mistakes_are_messages(run: Project) -> None:
    entries = run.config["studies"][NAME]["scenarios"]
    entries["bad"] = {"scenario": "outliers", "params": {"n_points": 1, "share_wrong": 2.0}}
    done = run.run("-n", check=False)
    del entries["bad"]
    assert done.returncode != 0 and "Traceback" not in done.stdout
    assert "n_points is 1; at least 2 are needed" in done.stdout and "share_wrong is 2.0" in done.stdout


def test_a_study_that_cannot_be_read_is_a_message(run: Project, tmp_path: Path) -> None:
    project = run.copy(tmp_path / "broken")
    study = project.folder / "studies" / NAME
    (study / "study.py").write_text("import nowhere\n")
    done = project.run("-n", check=False)
    assert done.returncode != 0 and "Traceback" not in done.stdout
    assert f"studies/{NAME}/study.py: it cannot be imported: studies/{NAME}/study.py, line 1" in done.stdout
