"""What the system says about processes: their time, their memory, and who descends from whom (Linux).

Read without file objects: every page that a fork touches is copied, and text files touch many. Where there is no
``/proc`` every answer is "unknown", and limits are kept by the clock alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 1, 36, 37
_prctl = getattr(ctypes.CDLL(None), "prctl", None)  # looked up here, and not in every fork
_TICK = os.sysconf("SC_CLK_TCK")
_MOST_ROUNDS = 50  # of killing what the killed had left behind


@dataclass(frozen=True)
class Usage:
    """A process's parent, and the CPU seconds of it and of the children that it waited for."""

    ended: bool  # and not yet waited for
    parent: int
    cpu_seconds: float


def die_with_parent() -> None:
    """A killed job must not leave its fit behind."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans(wanted: bool = True) -> bool:
    """What our descendants leave behind becomes our child, whatever session it put itself into; or no longer.

    Returns
    -------
    bool
        Whether it was so before.
    """
    before = ctypes.c_int(0)
    if _prctl is not None:
        _prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(before))
        _prctl(_PR_SET_CHILD_SUBREAPER, int(wanted))
    return bool(before.value)


def usage(process: int | str) -> Usage | None:
    """None of a process that has gone."""
    fields = _read(process, "stat").rpartition(b")")[2].split()  # the name may hold spaces and brackets
    if len(fields) < 15:
        return None
    return Usage(fields[0] in (b"Z", b"X"), int(fields[1]), sum(map(int, fields[11:15])) / _TICK)


def queued_seconds(process: int) -> float:
    """How long it was ready to run and no core was free; zero where the system does not say."""
    fields = _read(process, "schedstat").split()
    return int(fields[1]) / 1e9 if len(fields) == 3 else 0.0


def resident_mb(process: int | str) -> float:
    """Zero of a process that has gone."""
    return size_mb(status(process), b"VmRSS") or 0.0


def family_mb(members: Iterable[int], inherited: float) -> float:
    """What several processes hold beyond the MiB that they inherited, where what they share counts once.

    The larger of two numbers that are both too small: pages of which each counts its share, less all that was
    inherited (of which others hold a share too), and pages that one process has for itself.
    """
    proportional, private = 0.0, 0.0
    for process in members:
        rollup = b"\n" + _read(process, "smaps_rollup")
        size = size_mb(rollup, b"Pss")
        proportional += resident_mb(process) if size is None else size
        private += sum(size_mb(rollup, name) or 0.0 for name in (b"Private_Clean", b"Private_Dirty"))
    return max(proportional - inherited, private)


def status(process: int | str) -> bytes:
    """``/proc/<process>/status``; empty where there is no such file."""
    return _read(process, "status")


def size_mb(text: bytes, field: bytes) -> float | None:
    """A size from a process's status in MiB; None where it does not say."""
    _, found, after = text.partition(b"\n" + field + b":")
    return int(after.split(None, 1)[0]) / 1024 if found else None


def parents() -> dict[int, int]:
    """Every process that can be seen, and its parent."""
    with contextlib.suppress(OSError):
        seen = {int(name): usage(name) for name in os.listdir("/proc") if name.isdigit()}
        return {process: found.parent for process, found in seen.items() if found is not None}
    return {}


def descendants(roots: Iterable[int], table: dict[int, int]) -> list[int]:
    """The roots and all below them."""
    children: dict[int, list[int]] = {}
    for process, parent in table.items():
        children.setdefault(parent, []).append(process)
    found = list(dict.fromkeys(roots))
    for process in found:  # grows while it is read
        found += [child for child in children.get(process, ()) if child not in found]
    return found


class Family:
    """A child of ours, its descendants, and the orphans that were handed to us since this object was made.

    Looking through all processes takes milliseconds, so it is done for at most a twentieth of the time.
    """

    def __init__(self) -> None:
        self._adopted = adopt_orphans()
        self.strangers_to_us: set[int] = set()
        self.strangers_to_us |= {*self._orphans(parents())} if has_children() else set()
        self._next, self._members = 0.0, []

    def leave_out(self, process: int) -> None:
        """A child that we know, and that is neither counted nor ended."""
        self.strangers_to_us.add(process)

    def start(self) -> None:
        """A child begins to work; most have ended before it is worth while to look for more."""
        self._next, self._members = time.perf_counter() + 0.2, []

    def members(self, root: int) -> list[int]:
        """The processes that ``root`` is responsible for, itself first; those of a moment ago."""
        now = time.perf_counter()
        if now >= self._next:
            table = parents()
            self._members = descendants([root, *self._orphans(table)], table)
            self._next = time.perf_counter() + max(0.2, 20 * (time.perf_counter() - now))
        return self._members or [root]

    def _orphans(self, table: dict[int, int]) -> list[int]:
        here = os.getpid()
        return [child for child, parent in table.items() if parent == here and child not in self.strangers_to_us]

    def end_if_seen(self) -> None:
        """After a call that was seen to leave its process; what was not seen ends with the job."""
        if len(self._members) > 1:
            self.end()

    def close(self) -> None:
        """The end of them all; orphans that come later are not ours."""
        self.end()
        adopt_orphans(self._adopted)

    def end(self) -> None:
        """Kill what is left of the family, daemons too; and what these leave behind, in turn."""
        end_children(self.strangers_to_us)


def end_children(spared: Collection[int] = ()) -> None:
    """Kill the children of this process but for these, and what they leave behind, if it adopts orphans, in turn."""
    for _ in range(_MOST_ROUNDS):
        left = [child for child in own_children() if child not in spared]
        if not left:
            return
        for process in left:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def own_children() -> list[int]:
    """The children of this process, adopted ones too; ended ones that nobody has waited for among them."""
    if not has_children():
        return []
    here = f"/proc/{os.getpid()}/task"
    lists = (
        [_read(f"{os.getpid()}/task/{task}", "children") for task in os.listdir(here)] if os.path.isdir(here) else []
    )
    if any(lists):  # a number that was cut off is another process's
        return [int(word) for text in lists for word in text[: text.rfind(b" ") + 1].split()]
    return [child for child, parent in parents().items() if parent == os.getpid()]  # an older kernel, or a long list


def has_children() -> bool:
    """Whether this process has children, ended ones included: cheaper than to look for them."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _read(process: int | str, name: str) -> bytes:
    with contextlib.suppress(OSError):
        descriptor = os.open(f"/proc/{process}/{name}", os.O_RDONLY)
        try:
            return os.read(descriptor, 8192)
        finally:
            os.close(descriptor)
    return b""
