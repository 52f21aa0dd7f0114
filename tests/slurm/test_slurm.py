"""The toy run on a real Slurm of one node: same tables, killed jobs submitted again, cancelled runs resumed."""

from __future__ import annotations

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

pytestmark = pytest.mark.skipif(
    bool(missing_commands()), reason=f"Slurm is not installed (missing: {', '.join(missing_commands())})"
)
PATIENCE_SECONDS = 300
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


def submit(project: Project, slurm: OneNodeSlurm, *targets: str) -> subprocess.Popen:
    """Start a run whose jobs go to Slurm."""
    project.write_config()
    return subprocess.Popen(
        [sys.executable, "-c", SNAKEMAKE, *OPTIONS, "--", *targets],
        cwd=project.folder,
        env={**os.environ, **slurm.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(run: subprocess.Popen) -> str:
    """Its output, once it has ended well."""
    output = run.communicate(timeout=PATIENCE_SECONDS)[0]
    assert run.returncode == 0, output
    return output


def wait_until(condition: Callable[[], object], run: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline or run.poll() is not None:
            run.kill()
            pytest.fail(f"waited in vain; the run said:\n{run.communicate()[0]}")
        time.sleep(0.05)


def states(slurm: OneNodeSlurm) -> dict[str, str]:
    """State of every job that the cluster has seen."""
    rows = slurm.ask("squeue", "--states=all", "--noheader", "--format=%i %T").split()
    return dict(zip(rows[::2], rows[1::2], strict=True))


def test_the_run_gives_the_same_tables(finished_project: Project, slurm: OneNodeSlurm, tmp_path: Path) -> None:
    project = new_project(tmp_path / "project")
    before = states(slurm)
    output = finish(submit(project, slurm))
    assert "Report: results/report.html" in output
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
    gate = {"method": "toy_gate:Gate", "limits": {"seconds": 600}}
    project.study["methods"] = {"coin": project.study["methods"]["coin"], "gate": gate}
    waiting = project.folder / "waiting"

    def next_job(run: subprocess.Popen) -> tuple[str, psutil.Process]:
        """The job of Slurm that has come to the gate, and the process that the node's daemon has started for it."""
        wait_until(waiting.exists, run)
        job, fit = waiting.read_text().split()
        waiting.unlink()
        process = psutil.Process(int(fit))
        return job, next(one for one in process.parents() if one.parent().name().startswith("slurmstepd"))

    run = submit(project, slurm, "results/clustering/scores.parquet")
    job, process = next_job(run)
    process.kill()
    job, _ = next_job(run)  # within the same submission, if that has survived
    slurm.ask("scancel", job)
    resubmitted, _ = next_job(run)
    assert resubmitted != job and states(slurm)[job] == "CANCELLED"

    run.send_signal(signal.SIGINT)
    run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode != 0
    assert states(slurm)[resubmitted] in ("CANCELLED", "COMPLETING")

    run = submit(project, slurm, "results/clustering/scores.parquet")
    next_job(run)
    (project.folder / "gate").touch()
    finish(run)
    assert set(project.table("runs")["status"]) == {"ok"}
    cell = "scenario == 'isotropic' and method == 'coin'"
    old, new = (one.table("scores").query(cell).reset_index(drop=True) for one in (finished_project, project))
    assert len(new) > 0 and new.equals(old)
