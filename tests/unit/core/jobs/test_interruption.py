"""The handler of interrupts: what it ends, and where it keeps out. Tests of whole runs interrupt these too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from seedbed.core.jobs import interruption
from seedbed.core.jobs.interruption import WORDS, end_when_interrupted

SCRIPTS = Path(interruption.__file__).parents[3]
RUN = """
import os, signal, subprocess, sys, threading, time
from pathlib import Path
from types import SimpleNamespace
sys.modules["snakemake.cli"] = sys
from seedbed.core.jobs.interruption import end_when_interrupted

class Executor:
    active_jobs = ["one", "two"]
    _tmpdir = "scripts"
    def cancel_jobs(self, jobs):
        Path("cancelled").write_text(" ".join(jobs))
        {cancelling}

Path("scripts").mkdir()
assert end_when_interrupted(SimpleNamespace(scheduler=SimpleNamespace(_executor=Executor())))
daemon = subprocess.Popen(["setsid", "sleep", "600"])
Path("daemon").write_text(str(daemon.pid))
with threading._active_limbo_lock:  # whoever starts a thread now waits for ever
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(600)
"""


@pytest.mark.slow
@pytest.mark.parametrize("cancelling", ["pass", "raise OSError", "time.sleep(600)"])
def test_jobs_of_a_cluster_are_cancelled_and_processes_ended(tmp_path: Path, cancelling: str) -> None:
    """Also where the executor fails or hangs, and where the code that is interrupted holds a lock."""
    run = subprocess.run(
        [sys.executable, "-c", RUN.format(cancelling=cancelling)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        stderr=subprocess.PIPE,
        text=True,
        timeout=240,
    )
    assert run.returncode == -signal.SIGINT and run.stderr.strip() == WORDS
    assert (tmp_path / "cancelled").read_text() == "one two" and not (tmp_path / "scripts").exists()
    daemon = int((tmp_path / "daemon").read_text())
    assert not psutil.pid_exists(daemon) or psutil.Process(daemon).status() == psutil.STATUS_ZOMBIE


def test_a_program_that_uses_snakemake_deals_with_its_own_interrupts(monkeypatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.delitem(sys.modules, "snakemake.cli", raising=False)
    assert not end_when_interrupted(None)
    monkeypatch.setitem(sys.modules, "snakemake.cli", sys)
    monkeypatch.setattr(signal, "getsignal", lambda number: print)  # a handler of its own
    assert not end_when_interrupted(None)
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "snakemake.cli", sys)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(end_when_interrupted(None)))
    thread.start()
    thread.join()
    assert answers == [False] and signal.getsignal(signal.SIGINT) is before


JOB = """
import subprocess, time
daemon = subprocess.Popen(["sleep", "600"], start_new_session=True)
print(daemon.pid, flush=True)
time.sleep(600)
"""
LATE = """
import os, subprocess, sys
from pathlib import Path
from seedbed.core.jobs import interruption

job = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
Path("daemon").write_text(job.stdout.readline())
look, looks = interruption.processes_of, []
def processes_of(run):
    looks.append(run)
    return [job.pid] if len(looks) == 1 else look(run)  # the daemon was started just after the first look
interruption.processes_of = processes_of
interruption.end_processes(os.getpid())
"""


def test_a_daemon_that_a_job_starts_while_it_is_ended_does_not_get_away(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    subprocess.run([sys.executable, "-c", LATE, JOB], cwd=tmp_path, env=environment, check=True, timeout=240)
    daemon = int((tmp_path / "daemon").read_text())
    assert not psutil.pid_exists(daemon) or psutil.Process(daemon).status() == psutil.STATUS_ZOMBIE
