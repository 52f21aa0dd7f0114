"""One log per job: what it prints, what its children print, and its traceback."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from seedbed.core.errors import UserError
from seedbed.core.isolation.relay import VARIABLE, fork_relay

from .package_path import leave_run_environment

_PATIENCE_SECONDS = 10


@contextlib.contextmanager
def job_log(path: str) -> Iterator[None]:
    """Send stdout and stderr to ``path``, and to the terminal what belongs there, file descriptors included.

    Output of C libraries and of forked fits is caught too; :mod:`seedbed.core.isolation.relay` says what the terminal
    gets. A traceback goes into the log before the job ends with status 1; of a
    :class:`~seedbed.core.errors.UserError` only the message.
    """
    leave_run_environment()
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    _flush()
    escape_streams()
    saved = os.dup(1), os.dup(2)
    relay, writer = fork_relay(path, saved[1])
    os.dup2(writer, 1)
    os.dup2(writer, 2)
    os.close(writer)
    os.environ[VARIABLE] = str(relay)
    failed = False
    try:
        yield
    except BaseException as error:
        failed = True
        print_error(error)
    finally:
        del os.environ[VARIABLE]
        _flush()
        os.dup2(saved[0], 1)
        os.dup2(saved[1], 2)
        _wait_for(relay)
        os.close(saved[0])
        os.close(saved[1])
    if failed:
        sys.exit(1)


def forgive_loggers() -> None:
    """A logger that fails prints no traceback of its own.

    Snakemake's shows the log of a job that failed from a thread of its own; if the job is started again meanwhile, its
    log is gone, and shown when the second try has failed too.
    """
    logging.raiseExceptions = False


def escape_streams() -> None:
    """What cannot be encoded is printed as an escape: half a letter in a file's name stops no job."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            cast(io.TextIOWrapper, stream).reconfigure(errors="backslashreplace")


def open_streams() -> None:
    """The streams of an interpreter that was started with the descriptors that this process has got."""
    for number, name in enumerate(("stdout", "stderr"), start=1):
        live = name == "stderr" or os.isatty(number)
        buffer = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
        stream = io.TextIOWrapper(buffer, getattr(sys, name).encoding, "backslashreplace", line_buffering=live)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


def _wait_for(relay: int) -> None:
    """Until it has passed on everything; but a process that a fit left behind may still hold the pipe."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    pause = 1e-3
    while os.waitpid(relay, os.WNOHANG)[0] == 0:
        if time.monotonic() > deadline:
            os.kill(relay, signal.SIGKILL)
            os.waitpid(relay, 0)
            return
        time.sleep(pause)
        pause = min(2 * pause, 0.1)


def print_error(error: BaseException) -> None:
    """The message of a user's mistake, the traceback of anything else; whoever ended the job has said why."""
    if isinstance(error, UserError):
        print(error, file=sys.stderr)
    elif isinstance(error, KeyboardInterrupt):
        print("Interrupted.", file=sys.stderr)
    elif not isinstance(error, SystemExit):
        traceback.print_exception(error)
