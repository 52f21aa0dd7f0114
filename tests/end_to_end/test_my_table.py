"""docs/tutorials/my-table.md as its reader goes through it: a messy table of 300 rows, from a fresh copy to labels."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from project import ROOT, Project

PAGE = (ROOT / "docs/tutorials/my-table.md").read_text(encoding="utf-8")
CODE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
COMMANDS = [line for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S) for line in block.splitlines()]
ANSWER = "results/clustering/mine~n_clusters=3/answer"


def python(folder: Path, code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The steps of the page; fewer replicates, methods and numbers of clusters, for the time of the test."""
    project = Project(tmp_path_factory.mktemp("my_table") / "project", {})
    python(project.folder, CODE[0])
    (preview,) = (command for command in COMMANDS if command.startswith("make preview"))
    recipe = (ROOT / "Makefile").read_text().partition("\npreview:")[2].partition("\n\n")[0].partition("@")[2]
    command = recipe.replace("$(BIN)/python", sys.executable).replace("$$", "$")
    environment = {**os.environ, "FILE": preview.partition("FILE=")[2]}
    done = subprocess.run(command, shell=True, cwd=project.folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    project.preview = done.stdout
    project.config = yaml.safe_load(re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)[0])
    project.study["replicates"] = 4
    project.study["methods"] = {"kmeans": {}, "ward": {}}
    project.study["scenarios"]["mine"]["grid"] = {"n_clusters": [2, 3]}
    project.run("all")
    (answer,) = (command for command in COMMANDS if " answer " in command)
    project.answered = project.run(*answer.split()[3:]).stdout
    return project


def test_the_preview_is_that_of_the_page(walk: Project) -> None:
    shown = re.search(r"^```\n(data/customers.*?)^```$", PAGE, re.M | re.S)
    assert shown
    for line in shown[1].splitlines():
        assert line.partition("  ...")[0] in walk.preview
    printed = yaml.safe_load(walk.preview[walk.preview.index("seed: 1") :])
    page = yaml.safe_load(re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)[0])
    params = printed["studies"]["clustering"]["scenarios"]["mine"]["params"]
    assert params.pop("categories") == "one_hot" and params.pop("dates") == "days"
    params["drop"] += ["since", "region"]
    assert printed == page


def test_every_row_without_a_gap_has_a_label(walk: Project) -> None:
    labels = pd.read_csv(walk.folder / ANSWER / "labels.csv")
    table = pd.read_csv(walk.folder / "data/customers.csv", sep=";", decimal=",")
    whole = table.dropna(subset=["age", "spent", "visits"])
    assert labels["id"].tolist() == whole["customer"].tolist() and (labels["row"] == whole.index + 1).all()
    means = whole.assign(label=labels["label"].to_numpy()).groupby("label")["age"].mean()
    assert sorted(means.round(-1)) == [20, 40, 60] or sorted(means.round()) == [20, 35, 60]
    assert labels["silhouette"].mean() > 0.7
    page = (walk.folder / ANSWER / "page.html").read_text()
    assert all(name in page for name in ("age", "spent", "visits"))
    assert f"Answer: {ANSWER}/labels.csv" in walk.answered


def test_nobody_is_ranked_without_a_truth(walk: Project) -> None:
    results = walk.folder / "results/clustering"
    assert pd.read_csv(results / "standings.csv")["standing"].isna().all()
    assert pd.read_csv(results / "comparisons.csv").empty
    criteria = pd.read_csv(results / "figures/how_many.csv")
    three = criteria[(criteria["n_clusters"] == 3) & (criteria["method"] == "kmeans")].set_index("metric")["mean"]
    assert three["stability"] == 1.0 and three["silhouette"] > 0.7 and three["silhouette_gap"] > 0.2
    page = (walk.folder / "results/report.html").read_text()
    assert "no truth: no ranking" in page.lower() and "<h1>Seedbed: methods on your data</h1>" in page
    front = page[page.index("<header") : page.index("</header>")]
    assert "mine: customers.csv" in front and "is about what this config runs" in front
    assert "best" not in front and front.index("Your data") < front.index("claims")


def test_customers_who_come_later_have_a_label_too(walk: Project) -> None:
    table = pd.read_csv(walk.folder / "data/customers.csv", sep=";", decimal=",")
    table.dropna(subset=["age", "visits"]).head(5).to_csv(walk.folder / "data/new_customers.csv", index=False)
    labels = pd.read_csv(walk.folder / ANSWER / "labels.csv")["label"].head(5)
    assert python(walk.folder, CODE[1]).splitlines()[-1] == str(labels.to_numpy())
