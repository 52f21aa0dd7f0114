"""Snakemake's scheduler is shown few jobs and woken seldom; one that is not known is left as it is."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from seedbed.core.jobs import scheduling
from seedbed.core.jobs.scheduling import (
    KNOWN,
    KNOWN_SEARCHES,
    Lazy,
    OneTimer,
    ReadyJobs,
    code_of,
    digest_of,
    relieve_jobs,
    relieve_scheduler,
    startable,
)
from snakemake import jobs as snakemake_jobs
from snakemake.io import flag
from snakemake.scheduling.job_scheduler import JobScheduler


@dataclass(frozen=True)
class Job:
    number: int
    rules: tuple[str, ...] = ("fit",)
    priority: int = 0


def test_ready_jobs_are_a_set() -> None:
    """Compared with Python's own, over random steps."""
    rng, ours, theirs = random.Random(0), ReadyJobs(), set()
    jobs = [Job(number, (rng.choice("ab"),), rng.randrange(2)) for number in range(20)]
    for _ in range(400):
        some = set(rng.sample(jobs, rng.randrange(6)))
        step = rng.choice(["update", "__ior__", "__isub__", "add", "discard"])
        for one in (ours, theirs):
            if step in ("add", "discard"):
                getattr(one, step)(jobs[len(some)])
            else:
                getattr(one, step)(some)
        assert set(ours) == theirs and len(ours) == len(theirs)
        assert all((job in ours) == (job in theirs) for job in jobs)
        first = list(ours.first(2))
        kinds = {(job.priority, job.rules) for job in theirs}
        assert set(first) <= theirs and {(job.priority, job.rules) for job in first} == kinds
        assert len(first) == sum(min(2, sum((job.priority, job.rules) == kind for job in theirs)) for kind in kinds)


def test_jobs_of_a_rule_start_in_the_order_in_which_they_became_ready() -> None:
    jobs = [Job(number) for number in range(5)]
    ready = ReadyJobs(jobs)
    ready -= {jobs[1]}
    ready.add(jobs[1])
    assert [job.number for job in ready.first(3)] == [0, 2, 3]


def fake_workflow(kind: type = JobScheduler, jobs: int = 50, **limits: int) -> SimpleNamespace:
    """As much of a workflow as the cure touches, with a scheduler that has 2 cores."""
    dag = SimpleNamespace(_ready_jobs={Job(number) for number in range(jobs)}, needrun_jobs=lambda: [Job(99)])
    dag.ready_jobs = dag._ready_jobs
    dag.finished = lambda job: False
    scopes = SimpleNamespace(is_local=lambda name: name == "turns")
    workflow = SimpleNamespace(dag=dag, resource_scopes=scopes, scheduler=object.__new__(kind))
    limits = {"_cores": 2, "_nodes": sys.maxsize, "_job_count": sys.maxsize, **limits}
    vars(workflow.scheduler).update(workflow=workflow, resources=limits, global_resources=limits)
    vars(workflow.scheduler).update(running=set(), failed=set(), _open_jobs=threading.Semaphore(0))
    return workflow


def test_the_installed_scheduler_is_known() -> None:
    """After an update of Snakemake: read what changed in the parts that are listed, then add the digest."""
    assert code_of(object.__new__(JobScheduler)) in KNOWN
    assert digest_of([snakemake_jobs.Job.is_pipe_or_service_input]) in KNOWN_SEARCHES


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Snakemake's own, which is back after the test."""
    original = snakemake_jobs.Job.is_pipe_or_service_input
    monkeypatch.setattr(snakemake_jobs.Job, "is_pipe_or_service_input", original)
    return original


@pytest.mark.parametrize(("kind", "relieved"), [(None, True), ("temp", True), ("pipe", False), ("service", False)])
def test_jobs_look_for_pipes_where_there_is_one(search: Callable, kind: str | None, relieved: bool) -> None:
    files = ["a.npz", flag("b.npz", kind) if kind else "b.npz"]
    assert relieve_jobs(SimpleNamespace(rules=[SimpleNamespace(output=[]), SimpleNamespace(output=files)])) is relieved
    assert (snakemake_jobs.Job.is_pipe_or_service_input is search) is not relieved
    assert not relieved or snakemake_jobs.Job.is_pipe_or_service_input(object(), "a.npz") is False


def test_a_search_that_is_not_known_is_left_as_it_is(search: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snakemake_jobs.Job, "is_pipe_or_service_input", another_selector)
    assert not relieve_jobs(SimpleNamespace(rules=[]))
    assert snakemake_jobs.Job.is_pipe_or_service_input is another_selector


def test_the_scheduler_sees_what_could_start() -> None:
    workflow = fake_workflow()
    scheduler = workflow.scheduler
    assert relieve_scheduler(workflow)
    assert isinstance(scheduler, JobScheduler) and len(scheduler.open_jobs) == 2
    scheduler.resources = {**scheduler.resources, "_cores": 0}
    assert len(scheduler.open_jobs) == 1  # none can start, but the scheduler must not think that there is none
    workflow.dag._ready_jobs.clear()
    assert scheduler.open_jobs == [] and [*scheduler.remaining_jobs] == [Job(99)] and scheduler.remaining_jobs


@pytest.mark.parametrize(("name", "all_jobs"), [("mem_mb", True), ("turns", False)])
def test_jobs_that_differ_in_what_they_need_are_all_seen(name: str, all_jobs: bool) -> None:
    workflow = fake_workflow(**{name: 1000})
    assert startable(workflow.scheduler) == (sys.maxsize if all_jobs else 2)


def another_selector(self: JobScheduler, jobs: set) -> set:
    return jobs


@pytest.mark.parametrize(
    "part", [another_selector, None, JobScheduler.run], ids=["other code", "no such part", "a part of another name"]
)
def test_an_unknown_scheduler_is_left_as_it_is(part: object) -> None:
    parts = {name: vars(JobScheduler)[name] for name in scheduling.PARTS}
    kind = type("Other", (JobScheduler,), {**parts, "job_selector": part})
    workflow = fake_workflow(kind)
    before = dict(vars(workflow.scheduler))
    assert not relieve_scheduler(workflow)
    assert type(workflow.scheduler) is kind and vars(workflow.scheduler) == before
    assert type(workflow.dag._ready_jobs) is set


def test_one_timer_waits_whatever_is_asked() -> None:
    rung = threading.Event()
    timer, before = OneTimer(rung.set), threading.active_count()
    for _ in range(50):
        timer(600)
    assert threading.active_count() <= before + 1
    timer(0.01)  # sooner than the one that waits
    assert rung.wait(60)
    rung.clear()
    timer(0.01)
    assert rung.wait(60), "a timer that has rung can be set again"
    deadline = time.monotonic() + 60
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before, "the timer that was replaced goes on waiting"


def test_what_nobody_looks_at_is_not_computed() -> None:
    calls = []
    lazy = Lazy(lambda: calls.append(1) or [1, 2])
    assert calls == []
    assert lazy[1] == 2 and len(lazy) == 2 and [*lazy] == [1, 2] and calls
