"""What a job and its methods print: all of it in the log, the useful part of it on the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from seedbed.core.isolation import relay

JOB = """
import os, sys
from seedbed.core.isolation.host import Host
from seedbed.core.job_processes.job_log import job_log

def work(task):
    {action}
    return 1

with job_log("logs/job.log"):
    print("the job begins")
    with Host(lambda: work, name="importing", seconds=20, memory_mb=500) as host:
        for task in range(2):
            outcome = host.run(task)
            print("task", task, outcome.status)
    print("the job ends")
"""


def run(folder: Path, action: str) -> tuple[list[str], list[str]]:
    """The lines on the terminal and in the log."""
    environment = {**os.environ, "PYTHONPATH": str(Path(relay.__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", JOB.format(action=action)],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode()
    return done.stdout.decode().splitlines(), (folder / "logs/job.log").read_text().splitlines()


OWN = ["the job begins", "task 0 ok", "task 1 ok", "the job ends"]


def test_what_a_fit_prints_that_goes_well_is_for_the_log(tmp_path: Path) -> None:
    terminal, log = run(tmp_path, "[print('line', i) for i in range(20_000)]; os.system('echo from a child')")
    assert terminal == OWN
    lines = [f"line {i}" for i in range(20_000)] + ["from a child"]
    assert log == [OWN[0], *lines, OWN[1], *lines, *OWN[2:]]


def test_of_a_fit_that_fails_the_terminal_gets_the_last_lines(tmp_path: Path) -> None:
    terminal, log = run(tmp_path, "[print('line', i) for i in range(100)]; raise ValueError('why')")
    first = terminal.index("task 0 error")
    assert terminal[1].startswith("The last 20 of 1") and terminal[1].endswith("all are in logs/job.log:")
    assert first == 22 and terminal[first - 1] == "ValueError: why" and "Traceback" in "".join(terminal[2:first])
    assert [line for line in log if line.startswith("line ")] == [f"line {i}" for i in range(100)] * 2


def test_few_lines_are_shown_as_they_are(tmp_path: Path) -> None:
    terminal, _ = run(tmp_path, "print('half a line', end='', flush=True); os._exit(1)")
    assert terminal == [OWN[0], "half a line", "task 0 error", "half a line", "task 1 error", OWN[-1]]


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_that_is_printed_steers_the_terminal(tmp_path: Path, fails: bool) -> None:
    action = "os.write(1, b'\\x1b]0;title\\x07 \\x00 \\xff \\xc2\\x9b1m tab\\there\\rand\\r\\n' + 70000 * b'x')"
    terminal, log = run(tmp_path, action + "; raise KeyboardInterrupt" * fails)
    for text in ("\n".join(terminal), "\n".join(log)):
        assert all(character.isprintable() or character in "\n\t" for character in text)
    assert "\\x1b]0;title\\x07 \\x00 \\xff \\x9b1m tab\there" in log and "and" in log


def test_marks_that_a_method_writes_itself_take_nothing_from_the_log(tmp_path: Path) -> None:
    _, log = run(tmp_path, "[print(f'{chr(30)}seedbed {word}') for word in ('well', 'begin', 'x')]; print('end')")
    assert log.count("end") == 2 and log[-1] == OWN[-1]


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/job.log").symlink_to("/dev/full")
    environment = {**os.environ, "PYTHONPATH": str(Path(relay.__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", JOB.format(action="print(1)")],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0 and "logs/job.log: No space left on device; the rest is lost" in done.stdout
    assert [line for line in done.stdout.splitlines() if "device" not in line] == OWN
