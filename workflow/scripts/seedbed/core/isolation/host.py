"""A process that imports a class once for all fits of a job, and forks itself for every fit of a stranger's.

Importing may do anything to the process that does it: end it, close its streams, change its folder, start threads.
So neither the job nor Snakemake does it. The job starts a host, which imports; a fit of a stranger's class is a fork of
the host, and finds the state that the import left behind, and nothing of other fits. Fits of classes that are known to
leave nothing behind are made by the host itself, one after the other: a fork is 15 ms of CPU time where hundreds of
libraries are loaded. The job itself watches them all.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from os import close, fork, getpid, waitpid  # what a stranger puts into `os` is not called
from typing import Any, TypedDict

from seedbed.core.messages import one_line
from seedbed.core.statuses import FAILED

from .call_outcome import Outcome
from .child import limit_memory, live, reply
from .cores import own_cores, pin
from .isolation import fork_and_watch
from .processes import Family, has_children, resident_mb, usage
from .relay import method_begins, method_ended
from .scratch import scratch_folder, use_scratch
from .supervision import PATIENCE, Watch, has_ended, kill_group

_WORD = 8  # bytes of every number that a host and its job tell one another
_GRACE_SECONDS = 10.0
_LOST = "the process that had imported the class died or did not answer, twice"


class _Limits(TypedDict):
    seconds: float
    memory_mb: float


class Host:
    """Runs numbered calls in forks of a process that has done the imports.

    Parameters
    ----------
    load : callable
        Called in the host, once; returns the function that is called with the number of a task.
    seconds, memory_mb : float
        Limits of the import, and of every call; see :func:`~seedbed.core.isolation.isolation.run_isolated`.
    name : str
        What the import is called in the message of one that failed.
    scratch : str, optional
        The folder in which one for temporary files of the calls is made.
    apart : bool
        Every call has a fork of its own. Otherwise the calls share the host, until one fails or leaves a process or a
        thread behind: the next one begins another.
    """

    def __init__(
        self,
        load: Callable[[], Callable[[int], Any]],
        *,
        name: str,
        seconds: float,
        memory_mb: float,
        scratch: str | None = None,
        apart: bool = True,
    ) -> None:
        self.limits: _Limits = {"seconds": seconds, "memory_mb": memory_mb}
        self.load, self.name, self.scratch, self.apart = load, name, scratch, apart
        self.failure: Outcome | None = None  # of the import, which is not tried again
        self.process: int | None = None
        self.family, self.stack = Family(), contextlib.ExitStack()

    def __enter__(self) -> Host:
        self.cores = self.stack.enter_context(own_cores())
        self.folder = self.stack.enter_context(scratch_folder(self.scratch))
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self.family.close()
        self.stack.close()

    def run(self, task: int) -> Outcome:
        """The outcome of one task, or that of the import if that failed."""
        if self.failure is not None:
            return replace(self.failure)
        method_begins()
        outcome = self._attempt(task) or self._attempt(task) or Outcome("error", _LOST)
        method_ended(outcome.status in FAILED)
        return outcome

    def _attempt(self, task: int) -> Outcome | None:
        """None if the host ended before the task began: an earlier one may have killed it."""
        if self.failure is None and not self._is_alive():
            self._start()
        if self.failure is not None:
            return replace(self.failure)
        assert self.process is not None  # or the import has failed
        start = time.perf_counter()
        reader, writer = os.pipe()
        try:
            child = self._ask(task, writer)
            os.close(writer)
            if child is None:
                self._end()
                return None
            self.family.start()
            watch = Watch(child, self.family, baseline=self.idle_mb, start=start, **self.limits)
            answer = b""
            try:
                answer = watch.answer(reader)
            finally:
                lives = bool(answer) and not self.apart
                code = 0 if lives else self._stop(child)
            outcome = watch.outcome(answer, code)
            if lives and outcome.status in FAILED:
                self._end()
            return outcome
        finally:
            os.close(reader)
            self.family.end_if_seen()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        function: list[Callable[[int], Any]] = []
        serve = _serve_forks if self.apart else _serve_here

        def load() -> None:
            ours.close()
            pin(self.cores)
            use_scratch(self.folder)
            function.append(self.load())

        outcome, self.process = fork_and_watch(
            load, self.family, **self.limits, afterwards=lambda: serve(theirs, function[0], self.limits["memory_mb"])
        )
        theirs.close()
        if self.process is None:
            ours.close()
            status = "error" if outcome.status == "skipped" else outcome.status  # not the adapter's to say here
            self.failure = replace(outcome, status=status, message=one_line(f"{self.name}: {outcome.message}"))
        else:
            self.family.leave_out(self.process)
            self.channel, self.idle_mb = ours, resident_mb(self.process)

    def _ask(self, task: int, writer: int) -> int | None:
        """The process that has begun the task; None if the host does not answer."""
        with contextlib.suppress(OSError):
            self.channel.settimeout(PATIENCE * self.limits["seconds"])
            socket.send_fds(self.channel, [_word(task)], [writer])
            child = _hear(self.channel)
            found = usage(child)
            # a number that is none of the host's children is not one that we would kill
            ours = child == self.process or found is None or found.parent == self.process
            return child if child and ours else None
        return None

    def _stop(self, child: int) -> int:
        """End the process of a call; its exit status.

        The host says what became of a child that it had for the call; it waits for it only now, so that its number is
        nobody else's.
        """
        if child == self.process:
            return self._end()
        kill_group(child)
        try:
            self.channel.settimeout(_GRACE_SECONDS)
            self.channel.sendall(_word(0))
            return _hear(self.channel)
        except OSError:
            self._end()
            return 0

    def _is_alive(self) -> bool:
        if self.process is not None and has_ended(self.process):
            self._end()
        return self.process is not None

    def _end(self) -> int:
        """The exit status of the host; zero where there is none."""
        process, self.process = self.process, None
        if process is None:
            return 0
        self.channel.close()
        kill_group(process)
        return os.waitpid(process, 0)[1]


def _serve_here(channel: socket.socket, function: Callable[[int], Any], memory_mb: float) -> None:
    """The host's life after the import: one task after the other, until the job hangs up.

    The limit on memory, and what a call needs, count from here for all of them: what one has freed the next one uses.
    """
    idle_mb = limit_memory(memory_mb, final=True)
    while (asked := _next_task(channel)) is not None:
        task, writer = asked
        channel.sendall(_word(getpid()))
        reply(partial(function, task), writer, idle_mb)
        if has_children() or threading.active_count() > 1:
            return


def _serve_forks(channel: socket.socket, function: Callable[[int], Any], memory_mb: float) -> None:
    """The same with a fork for every task."""
    while (asked := _next_task(channel)) is not None:
        task, writer = asked
        child = fork()
        if child == 0:
            channel.close()
            live(partial(function, task), writer, memory_mb)  # never returns
        close(writer)
        channel.sendall(_word(child))
        _hear(channel)
        status = 0
        with contextlib.suppress(ChildProcessError):  # the import has told the system not to keep them
            _, status = waitpid(child, 0)
        channel.sendall(_word(status))


def _next_task(channel: socket.socket) -> tuple[int, int] | None:
    """Its number, and where its answer is written to; None when the job has hung up."""
    word, descriptors, _, _ = socket.recv_fds(channel, _WORD, 1)
    return (int.from_bytes(word, "big"), descriptors[0]) if word else None


def _word(number: int) -> bytes:
    return number.to_bytes(_WORD, "big")


def _hear(channel: socket.socket) -> int:
    """Zero from one that hung up."""
    return int.from_bytes(channel.recv(_WORD), "big")
