"""The toy run on a real Slurm of one node: same tables, killed jobs submitted again, cancelled runs resumed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from one_node_slurm import OneNodeSlurm, missing_commands
from project import Project
from seedbed.core.jobs.interruption import WORDS

pytestmark = pytest.mark.skipif(
    bool(missing_commands()), reason=f"Slurm is not installed (missing: {', '.join(missing_commands())})"
)
PATIENCE_SECONDS = 600
OPTIONS = [
    "--workflow-profile=profiles/slurm",
    "--slurm-status-command=squeue",
    "--slurm-no-account",
    "--latency-wait=10",
]
# Asks for the states of jobs every second: the plugin waits longer and longer, since real jobs take longer.
SNAKEMAKE = """
from snakemake.cli import main
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor

RemoteExecutor.next_seconds_between_status_checks = property(lambda self: 1, lambda self, seconds: None)
main()
"""


@pytest.fixture(scope="module")
def slurm() -> Iterator[OneNodeSlurm]:
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))  # a short path: a socket lies there
    with OneNodeSlurm(folder) as cluster:
        yield cluster
    shutil.rmtree(folder, ignore_errors=True)


def new_project(folder: Path) -> Project:
    """One block for all replicates: scores do not depend on it, and there are fewer jobs to wait for."""
    project = Project(folder)
    project.study["replicates_per_job"] = 3
    return project


@contextlib.contextmanager
def submit(project: Project, slurm: OneNodeSlurm, *targets: str) -> Iterator[subprocess.Popen]:
    """A run whose jobs go to Slurm; however the test ends, nothing of it is left, here or in the queue."""
    project.write_config()
    run = subprocess.Popen(
        [sys.executable, "-c", SNAKEMAKE, *OPTIONS, "--", *targets],
        cwd=project.folder,
        env={**os.environ, **slurm.environment},
        stdout=(project.folder / "output").open("w"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield run
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        slurm.ask("scancel", *(job for job, state in states(slurm).items() if state in ("PENDING", "RUNNING")))


def said(project: Project) -> str:
    return (project.folder / "output").read_text()


def finish(run: subprocess.Popen, project: Project) -> str:
    """Its output, once it has ended well."""
    run.wait(PATIENCE_SECONDS)
    assert run.returncode == 0, said(project)
    return said(project)


def wait_until(condition: Callable[[], object], run: subprocess.Popen, project: Project) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline or run.poll() is not None:
            pytest.fail(f"waited in vain; the run said:\n{said(project)}")
        time.sleep(0.05)


def states(slurm: OneNodeSlurm) -> dict[str, str]:
    """State of every job that the cluster has seen."""
    rows = slurm.ask("squeue", "--states=all", "--noheader", "--format=%i %T").split()
    return dict(zip(rows[::2], rows[1::2], strict=True))


def test_the_run_gives_the_same_tables(finished_project: Project, slurm: OneNodeSlurm, tmp_path: Path) -> None:
    project = new_project(tmp_path / "project")
    before = states(slurm)
    with submit(project, slurm) as run:
        assert "Report: results/report.html" in finish(run, project)
    pattern = "clustering/**/scores.parquet"
    assert project.contents(pattern) == finished_project.contents(pattern)
    # ten jobs of three rules went to the cluster, those of a rule as one; the tables were made here
    submitted = {job: state for job, state in states(slurm).items() if job not in before}
    assert list(submitted.values()) == ["COMPLETED"] * 3


def test_killed_jobs_are_submitted_again_and_a_cancelled_run_resumes(
    finished_project: Project, slurm: OneNodeSlurm, tmp_path: Path
) -> None:
    project = new_project(tmp_path / "project")
    del project.study["scenarios"]["oriented"]
    gate = {"method": "toy_gate:Gate", "limits": {"seconds": 3600}}
    project.study["methods"] = {"coin": project.study["methods"]["coin"], "gate": gate}
    waiting, target = project.folder / "waiting", "results/clustering/scores.parquet"

    def next_job(run: subprocess.Popen) -> tuple[str, psutil.Process]:
        """The job of Slurm that has come to the gate, and the process that the node's daemon has started for it."""
        wait_until(waiting.exists, run, project)
        job, fit = waiting.read_text().split()
        waiting.unlink()
        process = psutil.Process(int(fit))
        return job, next(one for one in process.parents() if one.parent().name().startswith("slurmstepd"))

    with submit(project, slurm, target) as run:
        job, process = next_job(run)
        process.kill()
        job, _ = next_job(run)  # within the same submission, if that has survived
        slurm.ask("scancel", job)
        resubmitted, _ = next_job(run)
        assert resubmitted != job and states(slurm)[job] == "CANCELLED"
        interrupt(run, project)
        assert states(slurm)[resubmitted] in ("CANCELLED", "COMPLETING")

    with submit(project, slurm, target) as run:
        next_job(run)
        (project.folder / "gate").touch()
        finish(run, project)
    assert set(project.table("runs")["status"]) == {"ok"}
    cell = "scenario == 'isotropic' and method == 'coin'"
    old, new = (one.table("scores").query(cell).reset_index(drop=True) for one in (finished_project, project))
    assert len(new) > 0 and new.equals(old)


def interrupt(run: subprocess.Popen, project: Project, times: int = 1) -> None:
    """From the keyboard. It ends in seconds (the plugin looks at the queue every three minutes), in one sentence."""
    for _ in range(times):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGINT)
    run.wait(60)
    assert run.returncode == -signal.SIGINT
    assert said(project).rstrip().endswith(WORDS) and "Traceback" not in said(project)


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_while_jobs_are_submitted_leaves_none(slurm: OneNodeSlurm, tmp_path: Path, times: int) -> None:
    """Where the plugin does not know yet which jobs it has submitted."""
    project = new_project(tmp_path / "project")
    before = set(states(slurm))
    with submit(project, slurm, "results/clustering/scores.parquet") as run:
        wait_until(lambda: set(states(slurm)) - before, run, project)
        interrupt(run, project, times)
        ended = ("CANCELLED", "COMPLETING", "COMPLETED")
        assert all(state in ended for job, state in states(slurm).items() if job not in before)
