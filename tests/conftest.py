from __future__ import annotations

import fcntl
import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from browser_window import chromium
from made_results import config_of_all_studies, make_results
from own_study import working_beside_the_skeleton
from playwright.sync_api import Browser
from project import ROOT, Project
from seedbed.core.planning.plan import Plan

# What numba compiles when it is imported is compiled once: not in every copy of the repository that a test runs, and
# not by two workers at a time.
COMPILED = (
    "seedbed.studies.directional.peers.own_bessel",
    "seedbed.studies.directional.peers.expression_table",
    "seedbed.reduction.fccov.ball_loops",
)


def pytest_configure(config: pytest.Config) -> None:
    """Before the workers start."""
    if config.getoption("numprocesses", None):
        compile_kernels()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each folder of tests is a marker: ``-m "not slurm and not browser"``."""
    here = Path(__file__).parent
    for item in items:
        item.add_marker(item.path.relative_to(here).parts[0])


def pytest_collection_finish() -> None:
    """What thousands of tests are made of stays: to look through it again and again took an eighth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def compile_kernels() -> None:
    command = [sys.executable, "-c", f"import {', '.join(COMPILED)}"]
    subprocess.run(command, cwd=ROOT / "workflow/scripts", check=True)


def run_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Project]) -> Project:
    """A finished project, run with two cores by the first worker that asks for it."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / name
    folder.mkdir(exist_ok=True)
    output = folder / "output"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        project = make(folder / "project")
        if not output.exists():
            output.write_text(project.run().stdout)
    project.output = output.read_text()
    return project


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The toy config, run once; copy it before changing anything."""
    return run_once(tmp_path_factory, "finished", Project)


@pytest.fixture
def project(finished_project: Project, tmp_path) -> Project:
    """A finished project of the test's own."""
    return finished_project.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def new_small_project() -> Callable[[Path], Project]:
    """Makes projects with the small config, which passes through every rule of every study."""
    compile_kernels()

    def make(folder: Path) -> Project:
        return Project(folder, yaml.safe_load((ROOT / "tests/config/small.yaml").read_text()))

    return make


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory, new_small_project: Callable[[Path], Project]) -> Project:
    """The small config, run once; copy it before changing anything."""
    return run_once(tmp_path_factory, "small", new_small_project)


@pytest.fixture
def beside_the_skeleton(tmp_path: Path) -> Iterator[Path]:
    """A working directory that has the skeleton as a study of its own."""
    with working_beside_the_skeleton(tmp_path):
        yield tmp_path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    """A folder with drawn results of all studies and their report, and the plan that they are of."""
    folder = tmp_path_factory.mktemp("made results")  # a path with a space
    return folder, make_results(folder, config_of_all_studies())


@pytest.fixture(scope="session")
def report(made: tuple[Path, Plan]) -> Path:
    """The report of the drawn results."""
    return made[0] / "results" / "report.html"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process, of the report and of the site: a second driver cannot be started beside it."""
    with chromium() as window:
        yield window
