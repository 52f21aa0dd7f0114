"""The cores of a job: as many as it has threads, and not those of another job.

Threads are limited by variables of the environment, processes by nothing: a method with a pool of processes would take
the whole machine, and be timed against one that does not. So a job's fits are pinned to cores, which no other job of
anybody's on this machine has taken. A core is taken by a name among the kernel's own ("abstract") sockets: there is no
file to leave behind, and the name is free again when its process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "OMP_NUM_THREADS"  # Snakemake sets it to the rule's threads
_MACHINE = "seedbed/core"  # the names of all jobs on this machine begin with it
_MOST_SHARERS = 64


@contextlib.contextmanager
def own_cores() -> Iterator[set[int]]:
    """The cores for what a job starts inside this block; all that it was given if it was given no more than it needs.

    A scheduler that has chosen cores (Slurm with its affinity plugin, ``taskset``, a container's limit) is believed:
    only among these is there something to choose. Where more jobs run than there are cores, they share evenly.
    """
    allowed = _allowed()
    number = _threads()
    if not number or number >= len(allowed):
        yield allowed
        return
    held: list[socket.socket] = []
    try:
        taken = allowed
        with contextlib.suppress(OSError):  # no such sockets here
            taken = _take(_in_order(allowed), number, held) or allowed
        yield taken
    finally:
        for name in held:
            name.close()


def pin(cores: set[int]) -> None:
    """Bind this process, and what it starts, to these cores; where that is refused it runs where it can."""
    if cores:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, cores)


def _allowed() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _threads() -> int:
    """Zero where nobody has said how many."""
    text = os.environ.get(VARIABLE, "")
    return int(text) if text.isdecimal() else 0


def _take(cores: list[int], number: int, held: list[socket.socket]) -> set[int]:
    """The first free cores; when all are taken, the first that have fewest jobs."""
    taken: set[int] = set()
    for layer in range(_MOST_SHARERS):
        for core in cores:
            if core not in taken and (name := _name(core, layer)) is not None:
                held.append(name)
                taken.add(core)
                if len(taken) == number:
                    return taken
    return set()


def _name(core: int, layer: int) -> socket.socket | None:
    """A name that one process of this machine can have at a time; None if another has it."""
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0{_MACHINE}/{core}/{layer}")
        return name
    except OSError as error:
        name.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return None


def _in_order(cores: set[int]) -> list[int]:
    """The first thread of every physical core before the second ones, which share its arithmetic.

    Containers do not see one another's names, so each begins at a core of its own.
    """
    start = _container() % len(cores)
    places = {core: (place - start) % len(cores) for place, core in enumerate(sorted(cores))}
    return sorted(cores, key=lambda core: (_rank_among_siblings(core), places[core]))


def _container() -> int:
    """A number of the network that the names belong to."""
    with contextlib.suppress(OSError):
        return os.stat("/proc/self/ns/net").st_ino
    return 0


def _rank_among_siblings(core: int) -> int:
    path = Path(f"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list")
    try:
        siblings = sorted(_listed(path.read_text()))
        return siblings.index(core)
    except (OSError, ValueError):
        return 0


def _listed(text: str) -> Iterator[int]:
    """``0,4-5`` as numbers."""
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
