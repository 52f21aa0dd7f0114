"""Ctrl-C ends a run within seconds, with one sentence, and leaves nothing behind; the next run goes on from there."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from project import Project, identical_parts
from seedbed.core.jobs.interruption import WORDS

PATIENCE_SECONDS = 300  # to come to a fit, which may take long on a busy machine
SECONDS = 30  # in which a run has to end: a second or two, on a machine that has time


def gated(folder: Path) -> Project:
    """A project with fits that wait for a file."""
    project = Project(folder)
    project.study["methods"]["gate"] = {"method": "toy_gate:Gate", "limits": {"seconds": 3600}}
    return project


@contextlib.contextmanager
def run_of(project: Project, **how: object) -> Iterator[subprocess.Popen]:
    """A run that is at its fits; whatever happens, nothing of it is left afterwards."""
    output = (project.folder / "output").open("w+")
    run = subprocess.Popen(
        project.command(), cwd=project.folder, start_new_session=True, stdout=output, stderr=subprocess.STDOUT, **how
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (project.folder / "waiting").exists():
            assert run.poll() is None and time.monotonic() < deadline, (project.folder / "output").read_text()
            time.sleep(0.05)
        yield run
    finally:
        for process in [run, *processes_in(project.folder)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        run.wait()


def processes_in(folder: Path) -> list[psutil.Process]:
    """What works in a folder: the run, its jobs, their fits, and what these have started."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).is_relative_to(folder):
                found.append(process)
    return found


def ends(run: subprocess.Popen, project: Project) -> str:
    """What a run said that ended in time and left nothing behind."""
    run.wait(SECONDS)
    assert run.returncode == -signal.SIGINT
    deadline = time.monotonic() + SECONDS
    while (left := processes_in(project.folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []
    return (project.folder / "output").read_text()


@pytest.mark.parametrize("keyboard", [True, False], ids=["from the keyboard", "to the run alone"])
@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_ends_a_run(tmp_path: Path, keyboard: bool, times: int) -> None:
    project = gated(tmp_path / "project")
    with run_of(project) as run:
        for _ in range(times):
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if keyboard else os.kill)(run.pid, signal.SIGINT)
        output = ends(run, project)
    assert output.rstrip().endswith(WORDS)
    assert "Traceback" not in output and "Error in rule" not in output and "Some jobs failed" not in output


def test_a_run_that_was_started_in_the_background_of_a_script_ends_too(tmp_path: Path) -> None:
    """Shells start such commands with interrupts ignored."""
    project = gated(tmp_path / "project")
    with run_of(project, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) as run:
        run.send_signal(signal.SIGINT)
        assert WORDS in ends(run, project)


def test_an_interrupted_run_goes_on(finished_project: Project, tmp_path: Path) -> None:
    project = gated(tmp_path / "project")
    with run_of(project) as run:
        run.send_signal(signal.SIGINT)
        ends(run, project)
    (project.folder / "gate").touch()
    project.run()
    expected = {name: data for name, data in identical_parts(finished_project).items() if "scores" not in name}
    found = identical_parts(project)
    assert len(expected) > 10 and {name: found[name] for name in expected} == expected


def test_an_interrupt_before_the_first_job_ends_in_the_same_words(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    with (project.folder / "workflow/rules/common.smk").open("a") as rules:
        rules.write('\nimport time\nPath("planning").touch()\ntime.sleep(600)\n')
    output = (project.folder / "output").open("w+")
    run = subprocess.Popen(project.command(), cwd=project.folder, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (project.folder / "planning").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        output = ends(run, project)
    finally:
        run.kill()
        run.wait()
    assert WORDS in output and "Traceback" not in output
