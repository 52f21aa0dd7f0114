"""Snakemake's scheduler, shown as many jobs as could start, and woken no more often than there is reason to.

Snakemake 9.27 looks at every ready job whenever one ends, and whenever it has looked starts a timer of a second that
makes it look again: the cost of a run grows with the square of its jobs, and a thread waits for every job that has
ended. Its jobs look for pipes among all that they wait for. ``docs/decisions/scheduler.md`` has the analysis and what
was measured.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, MutableSet, Sequence
from itertools import islice
from typing import Any

PARTS = ("schedule", "job_selector", "open_jobs", "remaining_jobs", "_schedule_reevalutation")
# Digests of these parts of a scheduler, as they were when what replaces some of them was written (Snakemake 9.27).
KNOWN = {"f71ee2ffbb799d57"}
KNOWN_SEARCHES = {"e1e6678cceb7fe9e"}  # likewise, of a job's search for pipes
_OF_EVERY_JOB = {"_cores", "_nodes"}  # resources of which a job needs one at least


def relieve_scheduler(workflow: Any) -> bool:
    """Cure the scheduler of a run that begins.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Of Snakemake's main process, when its ``onstart`` is called.

    Returns
    -------
    bool
        False where the scheduler's code is not known: it is left as it is, and the run costs more.
    """
    scheduler, dag = workflow.scheduler, workflow.dag
    try:
        if code_of(scheduler) not in KNOWN or dag.ready_jobs is not dag._ready_jobs:
            return False
        kind, ready = type(scheduler), ReadyJobs(dag.ready_jobs)
        remaining = kind.remaining_jobs.fget
        parts = {
            "open_jobs": property(lambda self: list(ready.first(startable(self)))),
            "remaining_jobs": property(lambda self: Lazy(lambda: remaining(self))),
        }
        scheduler.__class__ = type(kind.__name__, (kind,), parts)
        scheduler._schedule_reevalutation = OneTimer(scheduler._open_jobs.release)
        dag._ready_jobs = ready
    except (AttributeError, OSError, TypeError):
        return False
    return True


def relieve_jobs(workflow: Any) -> bool:
    """Let the jobs of a run look for no pipe, where no rule has one and the search is the one that is known.

    A job looks for each of its inputs through all the jobs that it waits for: the scores of a scenario of 5000 fits
    wait for 5000 jobs with 10,000 files, for seconds of CPU time.
    """
    from snakemake.io import is_flagged
    from snakemake.jobs import Job

    try:
        known = digest_of([Job.is_pipe_or_service_input]) in KNOWN_SEARCHES
        outputs = [file for rule in workflow.rules for file in rule.output]
        if not known or any(is_flagged(file, kind) for file in outputs for kind in ("pipe", "service")):
            return False
    except (AttributeError, OSError, TypeError):
        return False
    Job.is_pipe_or_service_input = lambda self, path: False
    return True


def code_of(scheduler: Any) -> str:
    """The digest of a scheduler's code, as far as it matters here; OSError if there is no source."""
    parts = [vars(type(scheduler))[name] for name in PARTS]
    return digest_of([part.fget if isinstance(part, property) else part for part in parts])


def digest_of(functions: Iterable[Any]) -> str:
    """The digest of the source of some functions; OSError if there is none."""
    return hashlib.sha256("".join(map(inspect.getsource, functions)).encode()).hexdigest()[:16]


def startable(scheduler: Any) -> int:
    """How many jobs could start now at most; all, where jobs of one rule may differ in what they need."""
    scopes, limits = scheduler.workflow.resource_scopes, scheduler.global_resources
    others = limits.keys() - _OF_EVERY_JOB - {"_job_count"}
    if any(limits[name] < sys.maxsize and not scopes.is_local(name) for name in others):
        return sys.maxsize
    return max(1, min(scheduler.resources.get(name, sys.maxsize) for name in _OF_EVERY_JOB))


class ReadyJobs(MutableSet):
    """A set of jobs that knows the first few of every rule, without going through the others."""

    def __init__(self, jobs: Iterable[Any] = ()) -> None:
        self._kind: dict[Any, tuple[int, str]] = {}
        self._jobs: dict[tuple[int, str], dict[Any, None]] = {}  # in the order in which they became ready
        self.update(jobs)

    def first(self, count: int) -> Iterator[Any]:
        """At most ``count`` jobs of every rule and priority, those that have waited longest."""
        for jobs in self._jobs.values():
            yield from islice(jobs, count)

    def add(self, job: Any) -> None:
        if job not in self._kind:
            self._kind[job] = kind = (job.priority, "+".join(sorted(job.rules)))
            self._jobs.setdefault(kind, {})[job] = None

    def update(self, *others: Iterable[Any]) -> None:
        for jobs in others:
            for job in jobs:
                self.add(job)

    def discard(self, job: Any) -> None:
        if job in self._kind:
            del self._jobs[self._kind.pop(job)][job]

    def __contains__(self, job: Any) -> bool:
        return job in self._kind

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kind)

    def __len__(self) -> int:
        return len(self._kind)


class Lazy(Sequence):
    """What a function returns, called when somebody looks."""

    def __init__(self, function: Callable[[], Sequence[Any]]) -> None:
        self._function = function

    def __getitem__(self, index: Any) -> Any:
        return self._function()[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._function())

    def __len__(self) -> int:
        return len(self._function())


class OneTimer:
    """Calls a function after a delay. Of several calls that wait, only the first to be due is made."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function, self._lock = function, threading.Lock()
        self._due, self._timer = 0.0, None

    def __call__(self, delay: float) -> None:
        with self._lock:
            due = time.monotonic() + delay
            if self._timer is not None and self._due <= due:
                return
            if self._timer is not None:
                self._timer.cancel()
            self._due, self._timer = due, threading.Timer(delay, self._ring)
            self._timer.daemon = True  # nobody waits for it when the run has ended
            self._timer.start()

    def _ring(self) -> None:
        with self._lock:
            self._timer = None
        self._function()
