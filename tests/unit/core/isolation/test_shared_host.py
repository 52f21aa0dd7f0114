"""Calls that share one process, until one fails or leaves a process behind; and which fits do."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from seedbed.core.errors import SkipFit
from seedbed.core.isolation.host import Host
from seedbed.core.job_records.fits import FitJob
from seedbed.core.jobs.fitting import host_of

MB = 2**20
JOB = FitJob(
    seed=1,
    code="",
    study="clustering",
    scenario="isotropic",
    method="kmeans",
    adapter="seedbed.studies.clustering.adapter:fit",
    target="sklearn.cluster:KMeans",
    params={},
    limits={"seconds": 20.0, "memory_mb": 500.0},
)


@contextmanager
def shared(*calls: Callable[[], Any], seconds: float = 20.0, memory_mb: float = 500.0) -> Iterator[Host]:
    limits = {"seconds": seconds, "memory_mb": memory_mb}
    with Host(lambda: lambda task: calls[task](), name="importing", apart=False, **limits) as host:
        yield host


def spin(seconds: float) -> int:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return os.getpid()


def test_calls_that_go_well_share_a_process() -> None:
    def skip() -> None:
        raise SkipFit("no truth")

    with shared(os.getpid, skip) as host:
        first = host.run(0).value
        assert host.run(1).status == "skipped"
        assert host.run(0).value == first != os.getpid()
    with Host(lambda: lambda _: os.getpid(), name="importing", seconds=20, memory_mb=500) as host:
        assert host.run(0).value != host.run(0).value


def fail() -> None:
    raise ValueError("bad")


@pytest.mark.parametrize(
    ("call", "status", "message"),
    [
        (fail, "error", "ValueError: bad"),
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), "error", "killed by SIGSEGV"),
        (lambda: os._exit(3), "error", "exit status 3"),
        (lambda: spin(60), "timeout", "0.5 s of CPU time"),
        (lambda: np.ones(2**27), "out_of_memory", ""),
        (lambda: os.close(1) or fail(), "error", "ValueError"),
        (lambda: lambda: 1, "error", "cannot be sent"),
    ],
)
def test_one_that_fails_costs_itself(call: Callable, status: str, message: str) -> None:
    with shared(os.getpid, call, seconds=0.5, memory_mb=100) as host:
        first = host.run(0).value
        outcome = host.run(1)
        assert outcome.status == status and message in outcome.message
        again = host.run(0)
        assert again.status == "ok" and again.value != first


@pytest.mark.slow
def test_limits_and_costs_are_those_of_a_call() -> None:
    def hold() -> float:
        return float(np.ones(12 * MB).sum())  # 96 MiB

    with shared(lambda: spin(0.3), hold, seconds=0.5, memory_mb=150) as host:
        spun = [host.run(0) for _ in range(4)]
        held = [host.run(1) for _ in range(4)]
    assert [one.status for one in spun + held] == ["ok"] * 8
    assert len({one.value for one in spun}) == 1
    assert all(0.3 <= one.cpu_seconds < 0.45 for one in spun)
    assert all(96 <= one.peak_memory_mb < 130 for one in held), "what was freed counts for the next that uses it"


def test_what_one_keeps_counts_for_the_next() -> None:
    kept: list[np.ndarray] = []

    def keep() -> int:
        kept.append(np.ones(5 * MB))  # 40 MiB
        return len(kept)

    gc.collect()  # what the tests before have left would be freed in the host, and make room there
    with shared(keep, memory_mb=150) as host:
        outcomes = [host.run(0)]
        while outcomes[-1].status == "ok" and len(outcomes) < 20:
            outcomes.append(host.run(0))
        again = host.run(0)
    assert [one.value for one in outcomes[:3]] == [1, 2, 3]
    assert outcomes[2].peak_memory_mb - outcomes[0].peak_memory_mb > 70
    assert outcomes[-1].status == "out_of_memory" and again.value == 1


def test_a_process_that_is_left_behind_ends_with_its_host() -> None:
    def leave() -> list[int]:
        return [os.getpid(), subprocess.Popen(["sleep", "60"]).pid]

    with shared(leave, os.getpid) as host:
        first, left = host.run(0).value
        assert host.run(1).value != first
    with pytest.raises(ProcessLookupError):
        os.kill(left, 0)


def test_a_thread_that_is_left_behind_ends_with_its_host() -> None:
    def leave() -> int:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        return os.getpid()

    with shared(leave, os.getpid) as host:
        first = host.run(0).value
        again = host.run(1)
        assert again.status == "ok" and again.value != first


def test_a_fork_that_comes_back_says_nothing() -> None:
    def split() -> int:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
        return child

    with shared(split, os.getpid) as host:
        outcome = host.run(0)
        assert outcome.status == "ok" and outcome.value > 0
        assert host.run(1).status == "ok"


@pytest.mark.parametrize(
    ("changes", "apart"),
    [
        ({}, False),
        ({"target": "seedbed.clustering:KMeansSDP"}, False),
        ({"own": True}, True),
        ({"target": "my_methods:Mine"}, True),
        ({"adapter": "mine.adapter:fit"}, True),
        ({"target": "seedbedlings:Mine"}, True),
    ],
)
def test_a_strangers_fits_have_a_process_each(changes: dict[str, Any], apart: bool) -> None:
    assert host_of(replace(JOB, **changes), lambda fit: lambda task: task).apart is apart
