"""Ctrl-C ends a run within seconds, whatever the run is doing, and leaves no process and no job of a cluster behind.

Snakemake raises ``KeyboardInterrupt`` wherever it stands, then waits for the threads of its executors: for a job that
was not interrupted, for as long as that takes; on a cluster up to three minutes, for the next look at the queue; and
forever, where the exception falls between the taking of a lock and its ``with``. What was finished is on the disk, and
a run bears ``kill -9``. So the handler of the signal itself ends the jobs, says so, and ends the process.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Collection
from typing import Any

from seedbed.core.isolation.processes import adopt_orphans, descendants, parents, usage
from seedbed.core.job_processes.fork_server import VARIABLE, servers_of

WORDS = "Interrupted. What was finished is kept: run the same command again to go on."
_SHOW_CURSOR = b"\x1b[?25h"  # a bar of progress hides it
_PATIENCE_SECONDS = 5.0
# Takes the place of this process and of its threads, which may be about to submit more: jobs bear the name of the run.
_CANCEL_AND_END = """
trap '' INT
for pause in 0 1; do
    sleep $pause
    timeout 5 scancel --name="$1" || echo "Jobs may be left in the queue; cancel them by: scancel --name=$1" >&2
done
trap - INT
kill -INT $$
"""


def end_when_interrupted(workflow: Any) -> bool:
    """From now on an interrupt ends this process and all that it has started.

    Also where it was started with interrupts ignored, as shells do that start a command in the background of a script:
    who sends one to a run means it.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Of Snakemake's main process.

    Returns
    -------
    bool
        False, and nothing is changed, in a program that uses Snakemake as a library, and where there is no ``/proc``.
    """
    own = "snakemake.cli" in sys.modules and threading.current_thread() is threading.main_thread()
    if not own or signal.getsignal(signal.SIGINT) not in (signal.default_int_handler, signal.SIG_IGN):
        return False
    if os.getpid() not in parents():
        return False
    signal.signal(signal.SIGINT, _Interrupt(workflow))
    return True


class _Interrupt:
    """The handler. It takes no lock and starts no thread: the code that it has broken into may hold any."""

    def __init__(self, workflow: Any) -> None:
        self.workflow, self.run = workflow, os.getpid()
        self.sockets = ""

    def __call__(self, *_: Any) -> None:
        if os.getpid() != self.run:  # a fork on its way to becoming something else
            os._exit(1)
        signal.signal(signal.SIGINT, self.at_once)
        self.sockets = os.environ.pop(VARIABLE, "").partition(":")[2]  # who loses a server now starts no other
        logging.disable(logging.CRITICAL)  # of jobs that are ended, nobody needs to hear that they failed
        try:
            self.end_jobs()
        finally:
            self.end()

    def end_jobs(self) -> None:
        """Local ones; and those of a cluster, as far as its executor knows how."""
        end_processes(self.run, last=servers_of(self.sockets))
        executor = self.cluster()
        if executor is not None and not _run_name(executor):
            with contextlib.suppress(Exception), _at_most(_PATIENCE_SECONDS):
                executor.cancel_jobs(list(executor.active_jobs))

    def cluster(self) -> Any:
        """The executor of a run on a cluster, once jobs may have been submitted."""
        executor = getattr(getattr(self.workflow, "scheduler", None), "_executor", None)
        return executor if hasattr(executor, "cancel_jobs") else None

    def at_once(self, *_: Any) -> None:
        """The second interrupt."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        end_processes(self.run, seconds=0.0)
        self.end()

    def end(self) -> None:
        """As a process ends that an interrupt has ended, so that the loops of shells end too."""
        executor = self.cluster()
        for folder in (self.sockets, getattr(executor, "_tmpdir", None)):
            shutil.rmtree(folder or "", ignore_errors=True)
        _say(WORDS)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if executor is not None and _run_name(executor) and shutil.which("scancel"):
            os.execv("/bin/sh", ["sh", "-c", _CANCEL_AND_END, "sh", _run_name(executor)])
        os.kill(self.run, signal.SIGINT)
        os._exit(128 + signal.SIGINT)


def _run_name(executor: Any) -> str:
    """Under which Slurm knows the jobs of this run."""
    return getattr(executor, "run_uuid", "")


def end_processes(run: int, seconds: float = _PATIENCE_SECONDS, last: Collection[int] = ()) -> None:
    """Kill what a run has started, also what its threads are starting meanwhile; once, if ``seconds`` is zero.

    Those that come ``last`` adopt what the others leave behind, as this process does: it is seen, whatever its session.
    """
    adopt_orphans()
    deadline = time.monotonic() + seconds
    while left := processes_of(run):
        late = time.monotonic() >= deadline
        for process in left if late else [one for one in left if one not in last] or left:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        if late:
            return
        time.sleep(0.02)


def processes_of(run: int) -> list[int]:
    """All that a run has started and that lives: its descendants, its fork servers and theirs."""
    table = parents()
    servers = [process for process in table if _is_server(process, run)]
    found = descendants([run, *servers], table)
    states = {process: usage(process) for process in found if process != run}
    return [process for process, state in states.items() if state is not None and not state.ended]


def _is_server(process: int, run: int) -> bool:
    with contextlib.suppress(OSError), open(f"/proc/{process}/environ", "rb") as file:
        return f"\0{VARIABLE}={run}:".encode() in b"\0" + file.read()
    return False


@contextlib.contextmanager
def _at_most(seconds: float) -> Any:
    def expire(*_: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _say(words: str) -> None:
    """Without the buffers of a stream, in the middle of which this process may stand."""
    with contextlib.suppress(OSError):
        if os.isatty(2):
            os.write(2, _SHOW_CURSOR)
        os.write(2, f"\n{words}\n".encode())
