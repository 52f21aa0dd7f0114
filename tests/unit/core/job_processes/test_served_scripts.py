"""A rule's script in a fork of a server is run as by an interpreter of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from seedbed.core.job_processes import served_scripts
from seedbed.core.job_processes.fork_server import VARIABLE
from seedbed.core.job_processes.package_path import note_run_environment
from seedbed.core.job_processes.served_scripts import (
    KNOWN,
    code_of_scripts,
    environment_of,
    execute,
    is_plain,
    serve_scripts,
)
from snakemake.script import PythonScript

FACTS = """
import json, os, sys
import neighbour
facts = {
    "arguments": sys.argv, "name": __name__, "file": __file__, "folder": os.getcwd(), "path": sys.path,
    "environment": dict(os.environ), "neighbour": neighbour.__file__, "main": sys.modules["__main__"].__file__,
    "streams": [[stream.errors, stream.fileno()] for stream in (sys.__stdout__, sys.__stderr__)],
    "recursion": sys.getrecursionlimit(),
}
open(FILE, "w").write(json.dumps(facts))
print("said", flush=True)
print("complained", file=sys.stderr)
"""


def script_of(**given: Any) -> SimpleNamespace:
    """As much of Snakemake's object as is looked at."""
    plain = dict.fromkeys(("conda_env", "container_img", "env_modules", "bench_record", "shadow_dir"))
    return SimpleNamespace(**{**plain, "threads": 1, "resources": {"tmpdir": "/tmp", "_cores": 1}, **given})


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to run scripts in, of a run that offers servers; the run is a process that waits."""
    (tmp_path / "neighbour.py").write_text("")
    monkeypatch.chdir(tmp_path)
    with tempfile.TemporaryDirectory() as sockets, subprocess.Popen(["sleep", "600"]) as run:
        monkeypatch.setenv(VARIABLE, f"{run.pid}:{sockets}")
        yield tmp_path
        run.kill()


def never(*_: Any, **__: Any) -> None:
    raise AssertionError("an interpreter was started")


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_the_code_that_starts_a_script_is_known() -> None:
    """After an update of Snakemake: read what changed in what starts a script, then add the digest."""
    assert code_of_scripts() in KNOWN


def test_a_served_script_finds_what_an_interpreter_of_its_own_gives_it(
    served: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("PYTHONHASHSEED", "SEEDBED_RUN_PREFIX"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # are put back
    note_run_environment()
    facts = []
    for kind in ("started", "served"):
        path = write(served, "script.py", f"FILE = {str(served / kind)!r}\n{FACTS}")
        if kind == "served":
            execute(script_of(), path, False, never)
        else:
            subprocess.run([sys.executable, path], env=environment_of(script_of()), check=True)
        facts.append(json.loads((served / kind).read_text()))
        assert capfd.readouterr() == ("said\n", "complained\n")
    started, ours = facts
    del started["streams"]  # one difference is meant: what cannot be encoded is an escape, as job_log makes it
    assert ours.pop("streams") == [["backslashreplace", 1], ["backslashreplace", 2]]
    assert ours == started


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raise SystemExit(1)", 1),
        ("1 / 0", 1),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import sys; sys.exit(3)", 1),
        ("raise SystemExit", 0),
        ("import sys; sys.exit(0)", 0),
    ],
)
def test_a_script_that_fails_fails_its_job(served: Path, text: str, code: int) -> None:
    path = write(served, "script.py", text)
    if code == 0:
        execute(script_of(), path, False, never)
    else:
        with pytest.raises(subprocess.CalledProcessError) as caught:
            execute(script_of(), path, False, never)
        assert caught.value.returncode == code and path in caught.value.cmd


def test_threads_and_the_folder_for_temporary_files_are_the_jobs_own() -> None:
    found = environment_of(script_of(threads=3, resources={"tmpdir": "/var/tmp"}))
    assert found["OMP_NUM_THREADS"] == found["OPENBLAS_NUM_THREADS"] == found["VECLIB_MAXIMUM_THREADS"] == "3"
    assert found["TMPDIR"] == found["TMP"] == "/var/tmp"
    assert environment_of(script_of(resources={})).get("TMPDIR") == os.environ.get("TMPDIR")


@pytest.mark.parametrize(
    "given",
    [
        {"conda_env": "/env"},
        {"container_img": "image.sif"},
        {"env_modules": object()},
        {"bench_record": object()},
        {"shadow_dir": "shadow"},
        {"resources": {"shell_exec": "zsh"}},
    ],
)
def test_what_needs_more_than_this_interpreter_is_started_by_snakemake(served: Path, given: dict[str, Any]) -> None:
    assert is_plain(script_of()) and not is_plain(script_of(**given))
    calls = []
    execute(script_of(**given), "script.py", False, lambda *arguments, edit: calls.append(arguments[1]))
    assert calls == ["script.py"]


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_lost_server_is_done_without_unless_the_run_is_being_interrupted(
    served: Path, monkeypatch: pytest.MonkeyPatch, interrupted: bool
) -> None:
    def lose(*_: Any, **__: Any) -> None:
        if interrupted:
            monkeypatch.delenv(VARIABLE)  # as the handler of the interrupt does before it kills

    monkeypatch.setattr(served_scripts, "ask_server", lose)
    calls: list[str] = []
    start: Callable[..., None] = lambda script, name, edit: calls.append(name)  # noqa: E731
    if interrupted:
        with pytest.raises(subprocess.CalledProcessError):
            execute(script_of(), "script.py", False, start)
        assert calls == []
    else:
        execute(script_of(), "script.py", False, start)
        assert calls == ["script.py"]


@pytest.mark.parametrize("known", [True, False])
def test_scripts_are_served_only_by_a_snakemake_that_is_known(monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    own = PythonScript.execute_script
    monkeypatch.setattr(PythonScript, "execute_script", own)  # is put back
    if not known:
        monkeypatch.setattr(served_scripts, "KNOWN", {"another"})
    assert serve_scripts() == known
    assert (PythonScript.execute_script is own) != known
