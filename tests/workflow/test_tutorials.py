"""The walk-throughs of docs/tutorials, from a fresh copy with the page alone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from in_r import needs_mclust
from project import ROOT, Project
from tutorial import Reader


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """With a fresh copy of the repository, and none of the tests' own classes."""
    project = Project(tmp_path / "clone")
    shutil.copy2(ROOT / "Makefile", project.folder)
    shutil.copy2(ROOT / "config.yaml", project.folder)
    return Reader(project)


def test_a_method_in_r_beside_ours(reader: Reader, tmp_path: Path) -> None:
    needs_mclust()
    results = reader.project.folder / "results/clustering"
    for section in reader.follow("docs/tutorials/my-method.md"):
        if section.startswith("4."):
            runs = pd.read_parquet(results / "runs.parquet")
            assert set(runs.loc[runs["method"] == "in_r", "status"]) == {"ok"}
            assert {"in_r", "ila_sdp"} <= set(pd.read_csv(results / "comparisons.csv")["method"])
            script = reader.project.folder / "cluster.R"
            script.write_text(script.read_text() + "# edited\n")
        if section.startswith("5."):
            assert re.search(r"^ *fit[ _]method +2 *$", reader.printed, re.M), "two scenarios of that method alone"
            assert not re.search(r"^ *draw[ _]data +\d", reader.printed, re.M)
    module = reader.project.folder / "my_methods.py"
    module.write_text(module.read_text().replace('"Rscript"', '"Rscript-is-not-here"'))
    reader.type("snakemake --cores 2 --configfile my_config.yaml")
    runs = pd.read_parquet(results / "runs.parquet")
    missing = runs[runs["method"] == "in_r"]
    assert set(missing["status"]) == {"skipped"} and set(runs.loc[runs["method"] == "kmeans", "status"]) == {"ok"}
    assert (
        "Rscript-is-not-here is not there: install R with mclust (Debian: r-base-core r-cran-mclust)" in reader.report
    )


def test_a_study_from_nothing_to_verdicts(reader: Reader) -> None:
    claims = reader.project.folder / "results/shrinkage/claims.json"
    verdicts, done = {}, []
    for section in reader.follow("docs/tutorials/my-study.md"):
        verdicts[section[0]] = {one["id"]: one["verdict"] for one in json.loads(claims.read_text())}
        done.append(section)
        if section.startswith("2."):
            config = (reader.project.folder / "my_config.yaml").read_text()
            slip = config.replace("near: {}", "near: {params: {dimension: 0}}")
            (reader.project.folder / "slip.yaml").write_text(slip)
            said = reader.type("snakemake -n --configfile slip.yaml", check=False)
            assert "dimension is 0; at least 1 is needed" in said and "Traceback" not in said
        if section.startswith("3."):
            assert "fit method" not in reader.printed and "fit_method" not in reader.printed
    page = (reader.project.folder / "results/report.html").read_text("utf-8")
    assert page.count("<mi>p</mi><mo>&#x02265;</mo><mn>3</mn>") == 1, "the formula of the question"
    assert "The longer <math" in page and "$" not in reader.report.partition("The longer")[2][:20]
    assert verdicts["2"] == verdicts["3"] == {}
    assert (
        verdicts["4"]
        == verdicts["5"]
        == {
            "beats_the_observation": "reproduced",
            "gain_fades": "reproduced",
        }
    )
    left = {path.name for path in (reader.project.folder / "studies/shrinkage").rglob("*.py")}
    assert left == {
        "__init__.py", "study.py", "scenarios.py", "methods.py", "adapter.py", "metrics.py", "controls.py",
        "normal_means.py", "estimators.py", "lengths.py", "cases.py",
    }  # fmt: skip
    summary = pd.read_csv(claims.with_name("summary.csv")).pivot(index="scenario", columns="method", values="mean")
    risk = summary.loc["away~distance=3"]
    assert risk["observed"] == pytest.approx(1, abs=0.05), "the risk of the observation is one a coordinate"
    assert risk["noisy"] == pytest.approx(2, abs=0.1), "with noise of its own it is two"
    assert risk["known_distance"] == pytest.approx(9 / 19, abs=0.03), "of the best factor a / (a + p), a = 9, p = 10"
    assert risk["known_distance"] < risk["james_stein"] < risk["observed"]
