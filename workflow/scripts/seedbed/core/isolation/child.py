"""The life of a forked child that calls a stranger's code: limits, the call, the answer, and always the end.

Nothing that the call leaves behind (closed streams, another folder, a low recursion limit, threads, a second self) may
keep the child from answering, and on no way does it return into the code of its parent.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from os import _exit, getpid  # what a stranger puts into `os` is not called
from typing import Any

from seedbed.core.errors import SkipFit
from seedbed.core.messages import describe, one_line, text_of

from .call_outcome import LENGTH, Outcome, to_bytes
from .processes import die_with_parent, size_mb, status

MB = 2**20
_RECURSION_LIMIT = sys.getrecursionlimit()


def live(call: Callable[[], Any], writer: int, memory_mb: float, afterwards: Callable[[], None] | None = None) -> None:
    """Answer with what becomes of ``call``, and end; if it went well, ``afterwards`` is done in between.

    Parameters
    ----------
    call : callable
        Takes nothing; its result is made of numbers, text, arrays, and lists and dicts of these.
    writer : int
        Where the bytes of the :class:`~seedbed.core.isolation.call_outcome.Outcome` are written to.
    memory_mb : float
        MiB that the child may use above what it holds now.
    """
    try:
        os.setpgid(0, 0)
        die_with_parent()
        _close_input()
        well = reply(call, writer, limit_memory(memory_mb, final=afterwards is None))
        if well and afterwards is not None:
            _fill_standard_descriptors()
            afterwards()
    finally:
        _exit(0)


def reply(call: Callable[[], Any], writer: int, idle_mb: float) -> bool:
    """Make the call, write what became of it, close ``writer``, and say whether there is a value.

    A fork that the call made, and that came back here, has nothing to say: it ends. ``idle_mb`` are the resident MiB
    that are not the call's own.
    """
    born = getpid()
    answer, well = _answer(call, idle_mb)
    if getpid() != born:
        _exit(0)
    _flush()
    _write(writer, len(answer).to_bytes(LENGTH, "big") + answer)
    with contextlib.suppress(OSError):  # the call may have done so
        os.close(writer)
    return well


def _close_input() -> None:
    """Nobody types what a class might ask for."""
    with contextlib.suppress(OSError):
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        if nothing:
            os.close(nothing)


def _fill_standard_descriptors() -> None:
    """If the call has closed them: what is opened next would get their numbers, and what is printed to them."""
    while (nothing := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(nothing)


def _answer(call: Callable[[], Any], idle_mb: float) -> tuple[bytes, bool]:
    """The outcome as bytes, and whether it has a value."""
    try:
        _forget_peak()
        outcome = _measured(call)
        outcome.peak_memory_mb = max(_peak_mb() - idle_mb, 0.0)
        return to_bytes(outcome), outcome.status in ("ok", "not_converged")
    except MemoryError:
        return to_bytes(Outcome("out_of_memory", "the result did not fit into the limit")), False
    except BaseException as error:
        return to_bytes(Outcome("error", describe(error))), False


def _measured(call: Callable[[], Any]) -> Outcome:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        wall, cpu = time.perf_counter(), _cpu_seconds()
        outcome = _called(call)
        outcome.cpu_seconds, outcome.wall_seconds = _cpu_seconds() - cpu, time.perf_counter() - wall
    said = [(item.category, text_of(item.message)) for item in caught]
    for text in dict.fromkeys(f"{category.__name__}: {text}" for category, text in said):
        _note(text + "\n")
    unconverged = [text for category, text in said if "ConvergenceWarning" in (c.__name__ for c in category.__mro__)]
    if outcome.status == "ok" and unconverged:
        outcome.status, outcome.message = "not_converged", one_line(unconverged[0])
    return outcome


def _called(call: Callable[[], Any]) -> Outcome:
    try:
        return Outcome("ok", value=call())
    except SkipFit as reason:
        return Outcome("skipped", one_line(text_of(reason)))
    except MemoryError as error:
        return Outcome("out_of_memory", one_line(text_of(error)) or "MemoryError")
    except BaseException as error:  # also SystemExit and KeyboardInterrupt: a method may raise anything
        sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION_LIMIT))
        with contextlib.suppress(Exception):
            _note("".join(traceback.format_exception(error)))
        return Outcome("error", describe(error))
    finally:
        sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION_LIMIT))


def _note(text: str) -> None:
    """Into the job's log, whatever became of ``sys.stderr``."""
    _flush()
    with contextlib.suppress(OSError):
        _write(2, text.encode("utf-8", "backslashreplace"))


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # closed, None, or a stranger's
            stream.flush()


def _write(descriptor: int, answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(descriptor, left) :]


def _cpu_seconds() -> float:
    """CPU time of this process and of the children it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def limit_memory(memory_mb: float, final: bool) -> float:
    """Limit private memory to what it is now and ``memory_mb`` more; return the resident MiB now.

    A limit that is not ``final`` can be raised again by the forks of this process.
    """
    text = status("self")
    held = size_mb(text, b"VmData")
    if held is not None:
        limit = int((held + memory_mb) * MB)
        hardest = resource.getrlimit(resource.RLIMIT_DATA)[1]
        with contextlib.suppress(ValueError, OSError):  # a lower limit of the system's, or of the import's, stays
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit if final else hardest))
    return size_mb(text, b"VmRSS") or 0.0


def _forget_peak() -> None:
    """Reset the high-water mark that :func:`_peak_mb` reads."""
    with contextlib.suppress(OSError):
        descriptor = os.open("/proc/self/clear_refs", os.O_WRONLY)
        os.write(descriptor, b"5")
        os.close(descriptor)


def _peak_mb() -> float:
    peak = size_mb(status("self"), b"VmHWM")
    if peak is None:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MB if sys.platform == "darwin" else 1024)
    return peak
