"""One fit in a child process: a crash, a hang or a memory hog costs one row and nothing else.

The child is forked from a parent that has already imported the method, so isolation costs milliseconds,
not an import. Limits: wall-clock time (the child's process group is killed) and memory above the
parent's own (an address-space limit, and a watch on the resident size).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from .errors import SkipFit
from .outcome import Outcome, from_bytes, to_bytes

MB = 2**20
_POLL_SECONDS = 0.05
_PR_SET_PDEATHSIG = 1
_prctl = getattr(ctypes.CDLL(None), "prctl", None)  # looked up here, and not in every fork


def run_isolated(function: Callable[[], Any], *, seconds: float, memory_mb: float) -> Outcome:
    """Call ``function`` in a forked child under limits.

    Parameters
    ----------
    function : callable
        Takes nothing; its result is made of numbers, text, arrays, and lists and dicts of these.
    seconds : float
        Wall-clock limit; beyond it the outcome is ``timeout``.
    memory_mb : float
        MiB that the child may use above what the parent holds; beyond it ``out_of_memory``.

    Returns
    -------
    Outcome
        ``not_converged`` carries the value: a ``ConvergenceWarning`` was raised on the way.
    """
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    start, baseline = time.perf_counter(), _resident_mb("self")
    child = os.fork()
    if child == 0:
        os.close(reader)
        _serve(function, writer, memory_mb)  # never returns
    os.close(writer)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpgid(child, child)  # also done by the child: whoever comes first
    try:
        answer, stopped = _await(child, reader, start + seconds, baseline + memory_mb)
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # also what the fit left running
        _, code = os.waitpid(child, 0)
    wall = time.perf_counter() - start
    if stopped == "timeout":
        return Outcome("timeout", f"stopped after the limit of {seconds:g} s", wall_seconds=wall)
    if stopped == "out_of_memory":
        return Outcome("out_of_memory", f"needed more than the limit of {memory_mb:g} MB", wall_seconds=wall)
    try:
        return from_bytes(answer)
    except ValueError:
        return Outcome("error", f"the process died: {_describe_exit(code)}", wall_seconds=wall)


def _await(child: int, reader: int, deadline: float, memory_limit: float) -> tuple[bytes, str | None]:
    """All bytes that the child wrote, or the reason for which it has to be stopped."""
    parts = []
    while True:
        left = deadline - time.perf_counter()
        if left <= 0:
            return b"", "timeout"
        ready, _, _ = select.select([reader], [], [], min(left, _POLL_SECONDS))
        if ready:
            part = os.read(reader, 1 << 20)
            if not part:
                return b"".join(parts), None
            parts.append(part)
        elif _resident_mb(str(child)) > memory_limit:
            return b"", "out_of_memory"
        elif _has_ended(child):  # a grandchild may still hold the pipe open
            return _drain(reader, parts), None


def _drain(reader: int, parts: list[bytes]) -> bytes:
    while select.select([reader], [], [], 0)[0] and (part := os.read(reader, 1 << 20)):
        parts.append(part)
    return b"".join(parts)


def _has_ended(child: int) -> bool:
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _serve(function: Callable[[], Any], writer: int, memory_mb: float) -> None:
    """The child's life: limits, the call, the answer, the end."""
    try:
        os.setpgid(0, 0)
        _die_with_parent()
        baseline = _limit_memory(memory_mb)
        outcome = _measured(function)
        outcome.peak_memory_mb = max(_peak_mb() - baseline, 0.0)
        answer = to_bytes(outcome)
    except MemoryError:
        answer = to_bytes(Outcome("out_of_memory", "the result did not fit into the limit"))
    except BaseException as error:
        answer = to_bytes(Outcome("error", one_line(f"{type(error).__name__}: {error}")))
    _write(writer, answer)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _write(descriptor: int, answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(descriptor, left) :]


def _measured(function: Callable[[], Any]) -> Outcome:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        wall, cpu = time.perf_counter(), _cpu_seconds()
        outcome = _called(function)
        outcome.cpu_seconds, outcome.wall_seconds = _cpu_seconds() - cpu, time.perf_counter() - wall
    for text in dict.fromkeys(f"{item.category.__name__}: {item.message}" for item in caught):
        print(text, file=sys.stderr)
    unconverged = [item for item in caught if "ConvergenceWarning" in (c.__name__ for c in item.category.__mro__)]
    if outcome.status == "ok" and unconverged:
        outcome.status, outcome.message = "not_converged", one_line(str(unconverged[0].message))
    return outcome


def _called(function: Callable[[], Any]) -> Outcome:
    try:
        return Outcome("ok", value=function())
    except SkipFit as reason:
        return Outcome("skipped", one_line(str(reason)))
    except MemoryError as error:
        return Outcome("out_of_memory", one_line(str(error)) or "MemoryError")
    except BaseException as error:  # also SystemExit and KeyboardInterrupt: a method may raise anything
        traceback.print_exc()
        return Outcome("error", one_line(f"{type(error).__name__}: {error}"))


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeoutError`` in the main thread when the block takes too long (for imports)."""

    def expire(_signal: int, _frame: Any) -> None:
        raise TimeoutError(f"not done after the limit of {seconds:g} s")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def one_line(text: str) -> str:
    """White space collapsed, shortened: a message must fit into a table."""
    text = " ".join(text.split())
    return text if len(text) <= 300 else text[:297] + "..."


def _cpu_seconds() -> float:
    """CPU time of this process and of the children it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _die_with_parent() -> None:
    """A killed job must not leave its fit behind (Linux)."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(memory_mb: float) -> float:
    """Limit private memory to what it is now and ``memory_mb`` more; return the resident MiB now."""
    with contextlib.suppress(OSError):
        descriptor = os.open("/proc/self/clear_refs", os.O_WRONLY)
        os.write(descriptor, b"5")  # resets the high-water mark that _peak_mb reads
        os.close(descriptor)
    status = _status("self")
    held = _size_mb(status, b"VmData")
    if held is not None:
        limit = int((held + memory_mb) * MB)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    return _size_mb(status, b"VmRSS") or 0.0


def _peak_mb() -> float:
    peak = _size_mb(_status("self"), b"VmHWM")
    if peak is None:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MB if sys.platform == "darwin" else 1024)
    return peak


def _resident_mb(process: str) -> float:
    return _size_mb(_status(process), b"VmRSS") or 0.0


def _status(process: str) -> bytes:
    """``/proc/<process>/status``; empty where there is no such file.

    Read without a file object: every page that a fork touches is copied, and text files touch many.
    """
    with contextlib.suppress(OSError):
        descriptor = os.open(f"/proc/{process}/status", os.O_RDONLY)
        try:
            return os.read(descriptor, 8192)
        finally:
            os.close(descriptor)
    return b""


def _size_mb(status: bytes, field: bytes) -> float | None:
    """A size from a process's status in MiB; None where it does not say."""
    _, found, after = status.partition(b"\n" + field + b":")
    return int(after.split(None, 1)[0]) / 1024 if found else None


def _describe_exit(code: int) -> str:
    if os.WIFSIGNALED(code):
        return f"killed by {signal.Signals(os.WTERMSIG(code)).name}"
    return f"exit status {os.waitstatus_to_exitcode(code)} without a result"
