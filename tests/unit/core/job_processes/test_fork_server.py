"""A job in a fork of the server behaves as one that did its own imports."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from seedbed.core.errors import UserError
from seedbed.core.job_processes import fork_server, serving
from seedbed.core.job_processes.fork_server import VARIABLE, call_forked

HERE = Path(__file__).stem
SCRIPTS = str(Path(fork_server.__file__).parents[3])


def describe(path: str) -> None:
    """A call: where and in what it runs."""
    facts = {
        "process": os.getpid(),
        "parent": os.getppid(),
        "folder": os.getcwd(),
        "word": os.environ.get("SOME_WORD"),
        "loaded": "sklearn.mixture" in sys.modules,
    }
    Path(path).write_text(json.dumps(facts))
    print("out of the fork")


def fail(kind: str) -> None:
    """A call that fails."""
    if kind == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    raise UserError("a mistake") if kind == "user" else RuntimeError("a defect")


def wait(path: str) -> None:
    """A call that never ends."""
    Path(path).write_text(str(os.getpid()))
    time.sleep(600)


def leave(path: str) -> None:
    """A call that never ends, and has started a daemon."""
    daemon = subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=subprocess.DEVNULL)
    Path(path).write_text(str(daemon.pid))
    time.sleep(600)


@pytest.fixture(scope="module")
def run() -> Iterator[subprocess.Popen]:
    """Stands for the process of a run."""
    process = subprocess.Popen(["sleep", "600"])
    process.folder = tempfile.mkdtemp()
    yield process
    process.kill()
    process.wait()
    assert eventually(lambda: not Path(process.folder).exists()), "the server outlived its run"


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 120
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def client(call: str, variable: str, folder: Path) -> subprocess.Popen:
    """A job's process that makes one call."""
    code = f"from seedbed.core.job_processes.fork_server import call_forked; call_forked('clustering', {call})"
    path = os.pathsep.join([SCRIPTS, str(Path(__file__).parent)])
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, VARIABLE: variable, "SOME_WORD": "kept", "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("served", [True, False])
def test_a_call_is_made_in_the_place_of_its_client(run, tmp_path: Path, served: bool) -> None:
    variable = f"{run.pid}:{run.folder}" if served else ""
    job = client(f"'{HERE}:describe', 'facts.json'", variable, tmp_path)
    assert job.communicate()[0] == "out of the fork\n" and job.returncode == 0
    facts = json.loads((tmp_path / "facts.json").read_text())
    assert facts["folder"] == str(tmp_path) and facts["word"] == "kept"
    assert facts["loaded"] == served and (facts["process"] != job.pid) == served


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "text", "traceback"),
    [("user", "a mistake", False), ("other", "a defect", True), ("killed", "killed by SIGKILL", False)],
)
def test_a_call_that_fails_fails_its_job(run, tmp_path: Path, kind: str, text: str, traceback: bool) -> None:
    job = client(f"'{HERE}:fail', '{kind}'", f"{run.pid}:{run.folder}", tmp_path)
    output = job.communicate()[0]
    assert job.returncode == 1 and text in output and ("Traceback" in output) == traceback


def test_a_killed_job_takes_its_fork_along(run, tmp_path: Path) -> None:
    job = client(f"'{HERE}:wait', 'process'", f"{run.pid}:{run.folder}", tmp_path)
    file = tmp_path / "process"
    assert eventually(lambda: file.exists() and file.read_text() != "")
    fork = int(file.read_text())
    os.kill(job.pid, signal.SIGKILL)
    job.wait()
    assert eventually(lambda: not alive(fork))


def test_a_daemon_of_a_killed_job_is_ended_and_other_jobs_and_servers_are_not(run, tmp_path: Path) -> None:
    variable = f"{run.pid}:{run.folder}"
    other = client(f"'{HERE}:wait', 'other'", variable, tmp_path)
    job = client(f"'{HERE}:leave', 'daemon'", variable, tmp_path)
    files = tmp_path / "daemon", tmp_path / "other"
    assert eventually(lambda: all(file.exists() and file.read_text() != "" for file in files))
    daemon, fork = (int(file.read_text()) for file in files)
    os.kill(job.pid, signal.SIGKILL)
    job.wait()
    assert eventually(lambda: not alive(daemon))
    assert alive(fork) and other.poll() is None and all(map(alive, fork_server.servers_of(run.folder)))
    other.kill()
    other.wait()


def alive(process: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    return False


def test_a_server_that_cannot_be_reached_is_done_without(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, f"1:{tmp_path}")
    monkeypatch.setattr(fork_server, "_start", lambda *_: None)
    call_forked("clustering", f"{HERE}:describe", str(tmp_path / "facts.json"))
    assert json.loads((tmp_path / "facts.json").read_text())["process"] == os.getpid()


@pytest.mark.slow
def test_an_idle_server_ends_and_another_is_started(tmp_path: Path, monkeypatch) -> None:
    impatient = f"import {serving.__name__} as m; m.IDLE_SECONDS = 0.3; m.serve(*sys.argv[1:])"
    monkeypatch.setattr(fork_server, "_SERVE", fork_server._SERVE.replace("serve(*sys.argv[1:])", impatient))
    monkeypatch.setenv(VARIABLE, f"{os.getpid()}:{tmp_path}")
    servers = []
    for name in ("first", "second"):
        call_forked("clustering", f"{HERE}:describe", str(tmp_path / name))
        servers.append(json.loads((tmp_path / name).read_text())["parent"])
        assert eventually(lambda: not alive(servers[-1]))
    assert servers[0] != servers[1] and os.getpid() not in servers
