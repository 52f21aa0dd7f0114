"""One log per job: what it prints, what its children print, and its traceback."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from .errors import UserError
from .package_path import leave_run_environment

_PATIENCE_SECONDS = 10


@contextlib.contextmanager
def job_log(path: str) -> Iterator[None]:
    """Send stdout and stderr to the terminal and to ``path``, file descriptors included.

    Output of C libraries and of forked fits is caught too. A traceback goes into the log before the job
    ends with status 1; of a :class:`~seedbed.core.errors.UserError` only the message.
    """
    leave_run_environment()
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    tee = subprocess.Popen(["tee", path], stdin=subprocess.PIPE, stdout=saved[1], start_new_session=True)
    os.dup2(tee.stdin.fileno(), 1)
    os.dup2(tee.stdin.fileno(), 2)
    tee.stdin.close()
    failed = False
    try:
        yield
    except BaseException as error:
        failed = True
        print_error(error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(saved[0], 1)
        os.dup2(saved[1], 2)
        try:
            tee.wait(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:  # a process that a fit left behind still holds the pipe
            tee.kill()
        os.close(saved[0])
        os.close(saved[1])
    if failed:
        sys.exit(1)


def print_error(error: BaseException) -> None:
    """The message of a user's mistake, the traceback of anything else; whoever ended the job has said why."""
    if isinstance(error, UserError):
        print(error, file=sys.stderr)
    elif not isinstance(error, SystemExit):
        traceback.print_exception(error)
