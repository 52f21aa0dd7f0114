from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from made_results import config_of_all_studies, make_results
from project import ROOT, Project
from seedbed.core.plan import Plan

# The kernels are compiled here once, and not once in every copy of the repository that a test runs.
COMPILED = ("seedbed.directional.own_bessel", "seedbed.reduction.ball_loops")


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The toy config, run once with two cores; copy it before changing anything."""
    project = Project(tmp_path_factory.mktemp("finished") / "project")
    project.output = project.run().stdout
    return project


@pytest.fixture
def project(finished_project: Project, tmp_path) -> Project:
    """A finished project of the test's own."""
    return finished_project.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def new_small_project(tmp_path_factory: pytest.TempPathFactory):
    """Makes projects with the small config, which passes through every rule of every study."""
    for module in COMPILED:
        subprocess.run([sys.executable, "-c", f"import {module}"], cwd=ROOT / "workflow/scripts", check=True)

    def make() -> Project:
        config = yaml.safe_load((ROOT / "tests/config/small.yaml").read_text())
        return Project(tmp_path_factory.mktemp("small") / "project", config)

    return make


@pytest.fixture(scope="session")
def small_run(new_small_project) -> Project:
    """The small config, run once with two cores; copy it before changing anything."""
    project = new_small_project()
    project.output = project.run().stdout
    return project


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    """A folder with drawn results of all studies and their report, and the plan that they are of."""
    folder = tmp_path_factory.mktemp("made results")  # a path with a space
    return folder, make_results(folder, config_of_all_studies())


@pytest.fixture(scope="session")
def report(made: tuple[Path, Plan]) -> Path:
    """The report of the drawn results."""
    return made[0] / "results" / "report.html"
