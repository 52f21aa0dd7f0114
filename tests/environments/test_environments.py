"""Each rule in an environment of its own, which holds what its file lists: that suffices, and nothing else is seen."""

from __future__ import annotations

import base64
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
import stand_in_conda
from project import ROOT, Project, identical_parts

ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))


@pytest.fixture(scope="module")
def conda_run(run_with_conda, new_small_project) -> Project:
    project = new_small_project()
    run_with_conda(project)
    return project


def test_one_environment_per_rule_gives_the_same_tables(conda_run: Project, small_run: Project) -> None:
    assert identical_parts(conda_run) == identical_parts(small_run)


def test_every_job_ran_in_the_environment_of_its_rule(conda_run: Project) -> None:
    """Snakemake's own record of each output names the environment file that it was made with."""
    used = defaultdict(set)
    for file in (conda_run.folder / ".snakemake/metadata").rglob("*"):
        if file.is_file():
            record = json.loads(file.read_text())
            used[base64.b64decode(record["conda_env"] or "").decode()].add(record["rule"])
    assert set(used) == {path.read_text() for path in ENVIRONMENTS}
    rules = {name for path in (ROOT / "workflow/rules").glob("*.smk") for name in declared_rules(path)}
    optional = {"run_benchmark", "archive", "verify"}  # targets of their own
    assert set.union(*used.values()) | optional == rules


def declared_rules(path: Path) -> list[str]:
    """The rules of a file that have an environment."""
    bodies = re.split(r"^rule (\w+):$", path.read_text(), flags=re.M)[1:]
    return [name for name, body in zip(bodies[::2], bodies[1::2], strict=True) if "conda:" in body]


def test_a_job_sees_what_its_environment_lists_and_no_more(conda_run: Project) -> None:
    packages = json.loads((conda_run.folder / "results/provenance.json").read_text())["packages"]
    listed = stand_in_conda.closure(stand_in_conda.requested(ROOT / "envs/report.yaml"))
    assert {name.lower().replace("_", "-") for name in packages} == listed


def test_an_import_that_is_not_declared_fails(run_with_conda, project: Project) -> None:
    project.study["methods"] = {"undeclared": {"method": "toy_undeclared:Undeclared"}}
    target = "results/clustering/runs.parquet"
    project.run(target)
    assert set(project.table("runs")["status"]) == {"ok"}  # everything is there where the tests run
    run_with_conda(project, target)
    runs = project.table("runs")
    assert set(runs["status"]) == {"error"}
    assert set(runs["message"]) == {"ModuleNotFoundError: No module named 'matplotlib'"}


@pytest.mark.parametrize(
    ("file", "package", "module", "target"),
    [
        ("base.yaml", "scikit-learn", "sklearn", "results/clustering/isotropic/scores.parquet"),
        ("report.yaml", "jinja2", "jinja2", "results/report.html"),
    ],
)
def test_a_package_that_an_environment_lacks_is_missed(
    run_with_conda, project: Project, file: str, package: str, module: str, target: str
) -> None:
    path = project.folder / "envs" / file
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if package not in line))
    done = run_with_conda(project, target, check=False)
    assert done.returncode != 0 and f"No module named '{module}'" in done.stdout
