"""Run a program to its end: what it prints goes on, what it says when it fails becomes the message."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import warnings
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from seedbed.core.errors import SkipFit

from .exchange import ProgramError

DOES_NOT_APPLY = 77  # the exit status by which test harnesses have long known "skipped"
_KEPT = 50  # lines of what a program says
_SHOWN = 3
_LONGEST = 2**16
_NO_MEMORY = re.compile(r"MemoryError|bad_alloc|cannot allocate|could not allocate|out of memory", re.I)
_BEGINS = re.compile(r"\s*([\w.]*(error|exception)\b|fatal\b|panic)", re.I)
_IDLE = re.compile(r"\s*(execution halted|calls:|in addition: |warning message|backtrace)", re.I)
_UNCONVERGED = "ConvergenceWarning: "


class ConvergenceWarning(UserWarning):
    """A program has said that it would have liked to go on: the fit is ``not_converged``."""


def run_program(words: Sequence[str], folder: Path, source: str, install: str = "") -> None:
    """Run a command in a folder and wait for its end.

    What it prints is passed on as it comes. A line ``ConvergenceWarning: ...`` on its standard error is a warning.

    Parameters
    ----------
    words : sequence of str
        The program and its arguments; no shell reads them.
    folder : Path
        Where it runs.
    source : str
        What messages call it.
    install : str
        What to do where the program is not there.

    Raises
    ------
    SkipFit
        If there is no such program, or if it ends with the status 77: the fit is ``skipped``, for the reason that the
        program has given on its standard error.
    MemoryError
        If it says that it had no memory: within the limit of the fit, as all that the fit starts.
    ProgramError
        If it fails in any other way.
    """
    if shutil.which(words[0]) is None:
        raise SkipFit(f"{words[0]} is not there{f': {install}' if install else ', or cannot be executed'}")
    sys.stdout.flush()
    sys.stderr.flush()
    process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        said = _listen(process)
    finally:
        process.kill()
        code = process.wait()
    for line in said:
        if line.startswith(_UNCONVERGED):
            warnings.warn(line.removeprefix(_UNCONVERGED), ConvergenceWarning, stacklevel=3)
    if code:
        _fail(code, said, source, install)


def _listen(process: subprocess.Popen[bytes]) -> list[str]:
    """The last lines of its standard error, until it ends: what it has started may hold the stream open for longer."""
    assert process.stderr is not None  # it is a pipe
    source, rest, lines = process.stderr.fileno(), b"", deque(maxlen=_KEPT)
    while True:
        ended = process.poll() is not None
        if select.select([source], [], [], 0 if ended else 0.05)[0]:
            part = os.read(source, _LONGEST)
            if not part:
                break
            with contextlib.suppress(OSError):
                os.write(2, part)
            *whole, rest = (rest + part).split(b"\n")
            lines.extend(whole)
            rest = rest[-_LONGEST:]
        elif ended:
            break
    process.wait()
    return [line.decode("utf-8", "replace").rstrip() for line in [*lines, rest] if line.strip()]


def _fail(code: int, said: list[str], source: str, install: str) -> None:
    reason = reason_of(said)
    if code == DOES_NOT_APPLY:
        raise SkipFit(" ".join(said[-_SHOWN:]) or f"{source} says that it does not apply{install and f': {install}'}")
    if _NO_MEMORY.search("\n".join(said)):
        raise MemoryError(f"{source}: {reason}")
    how = f"was killed by {_signal(-code)}" if code < 0 else f"ended with the exit status {code}"
    raise ProgramError(f"{source} {how}{f': {reason}' if reason else ' and said nothing'}")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def reason_of(said: Sequence[str]) -> str:
    """Of the lines that a program has printed those that say what went wrong.

    From the last that begins like an error on, but for what R and others print after it; else the last one.

    >>> reason_of(["loading", "Error in f(x) : ", "  no such thing", "Calls: f", "Execution halted"])
    'Error in f(x) : no such thing'
    """
    told = [line for line in said if not _IDLE.match(line)]
    begins = [number for number, line in enumerate(told) if _BEGINS.match(line)]
    shown = told[begins[-1] :][:_SHOWN] if begins else told[-1:]
    return " ".join(" ".join(shown).split())
