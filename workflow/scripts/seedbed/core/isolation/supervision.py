"""Watch a child and all that it starts, and stop it at its limits.

The limit on time is CPU time, of the child and of its descendants together: what a fit needs does not depend on what
else the machine does. A clock stands behind it, at :data:`PATIENCE` times the limit, for what sleeps; it does not
count the time for which no core was free.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from dataclasses import dataclass, field

from .call_outcome import LENGTH, Outcome, from_bytes
from .processes import Family, family_mb, queued_seconds, resident_mb, usage

PATIENCE = 10.0  # the wall-clock ceiling, in multiples of the limit on CPU time
MB = 2**20
_POLL_SECONDS = 0.05


@dataclass
class Watch:
    """The limits of one call and what is known of it; ``baseline`` are the MiB that are not its own."""

    child: int
    family: Family
    seconds: float
    memory_mb: float
    baseline: float
    patience: float = PATIENCE
    start: float = field(default_factory=time.perf_counter)
    cpu_seconds: float = 0.0
    earlier: tuple[float, float] = field(init=False)  # what a child that has lived before had used and waited
    peak_memory_mb: float = 0.0
    stopped: Outcome | None = None

    def __post_init__(self) -> None:
        found = usage(self.child)
        self.earlier = found.cpu_seconds if found is not None else 0.0, queued_seconds(self.child)

    def answer(self, reader: int) -> bytes:
        """The bytes that the child writes; ``stopped`` says why there are none.

        They are preceded by their number: a descendant may hold the pipe open when the child has written all.
        """
        answer, looked, ended = bytearray(), self.start, False
        while self.stopped is None and not is_whole(answer):
            if select.select([reader], [], [], 0 if ended else _POLL_SECONDS)[0]:
                part = os.read(reader, MB)
                if not part:
                    break
                answer += part
            elif ended:
                break
            else:
                ended = has_ended(self.child)
            if time.perf_counter() - looked >= _POLL_SECONDS:
                self.look(len(answer) / MB)
                looked = time.perf_counter()
        return bytes(answer[LENGTH:]) if self.stopped is None else b""

    def look(self, answered_mb: float) -> None:
        """Compare what the family has used with the limits."""
        members = self.family.members(self.child)
        used = sum(found.cpu_seconds for found in map(usage, members) if found is not None) - self.earlier[0]
        self.cpu_seconds = max(self.cpu_seconds, used)
        if len(members) == 1:
            held = resident_mb(self.child) - self.baseline
        else:
            held = family_mb(members, self.baseline)
            self.peak_memory_mb = max(self.peak_memory_mb, held)
        if max(held, answered_mb) > self.memory_mb:
            self._stop("out_of_memory", f"needed more than the limit of {self.memory_mb:g} MB")
        elif self.cpu_seconds > self.seconds:
            self._stop("timeout", f"stopped after the limit of {self.seconds:g} s of CPU time")
        elif self.wall > self.patience * self.seconds + max(map(queued_seconds, members)) - self.earlier[1]:
            waited = f"{self.patience * self.seconds:g} s, {self.patience:g} times its limit"
            self._stop("timeout", f"stopped after {waited} of {self.seconds:g} s of CPU time")

    @property
    def wall(self) -> float:
        """Seconds on the clock since the call began."""
        return time.perf_counter() - self.start

    def _stop(self, status: str, message: str) -> None:
        self.stopped = Outcome(status, message, wall_seconds=self.wall, cpu_seconds=self.cpu_seconds)

    def outcome(self, answer: bytes, exit_status: int) -> Outcome:
        """What the child answered, or why it did not."""
        if self.stopped is not None:
            return self.stopped
        try:
            outcome = from_bytes(answer)
        except ValueError:
            return Outcome("error", f"the process died: {describe_exit(exit_status)}", wall_seconds=self.wall)
        outcome.peak_memory_mb = max(outcome.peak_memory_mb, self.peak_memory_mb)
        return outcome


def is_whole(answer: bytearray) -> bool:
    """Whether all has come that its first bytes announce."""
    return len(answer) >= LENGTH and len(answer) >= LENGTH + int.from_bytes(answer[:LENGTH], "big")


def has_ended(child: int) -> bool:
    """Also of a child of a child of ours, which somebody else waits for."""
    try:
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        found = usage(child)
        return found is None or found.ended


def kill_group(leader: int) -> None:
    """The child, and what it left running in its process group."""
    for end in (os.killpg, os.kill):  # it may not have come so far as to lead a group
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(leader, signal.SIGKILL)


def describe_exit(code: int) -> str:
    """How a process ended, from what ``waitpid`` says."""
    if os.WIFSIGNALED(code):
        return f"killed by {signal.Signals(os.WTERMSIG(code)).name}"
    return f"exit status {os.waitstatus_to_exitcode(code)} without a result"
