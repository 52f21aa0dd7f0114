"""A job's fits, and every process that they start, run on the cores of the job."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from seedbed.core.isolation import cores
from seedbed.core.isolation.cores import own_cores
from seedbed.core.isolation.host import Host

ALL = os.sched_getaffinity(0)
HOLD = """
import sys
sys.path.insert(0, sys.argv[1])
from seedbed.core.isolation import cores
cores._MACHINE = sys.argv[2]
with cores.own_cores() as mine:
    print(*mine, flush=True)
    sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(len(ALL) < 2, reason="there is one core")


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A machine of the test's own: other jobs may run on this one."""
    name = f"seedbed-test-{os.getpid()}"
    monkeypatch.setattr(cores, "_MACHINE", name)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    yield name
    os.sched_setaffinity(0, ALL)


def hold(machine: str) -> tuple[subprocess.Popen, set[int]]:
    """A job that has taken its cores and waits."""
    folder = str(cores.Path(cores.__file__).parents[3])
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, folder, machine], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, set(map(int, process.stdout.readline().split()))


def end(*processes: subprocess.Popen) -> None:
    for process in processes:
        process.kill()
        process.communicate()


def affinities(_: int) -> list[list[int]]:
    """Of a fit, and of a process that it starts."""
    command = [sys.executable, "-c", "import os; print(*os.sched_getaffinity(0))"]
    child = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [sorted(os.sched_getaffinity(0)), sorted(map(int, child.split()))]


def test_fits_and_their_children_stay_on_the_cores_of_the_job() -> None:
    with Host(lambda: affinities, name="importing", seconds=20, memory_mb=500) as host:
        fit, child = host.run(0).value
        assert fit == child and len(fit) == 1
        assert host.run(1).value == [fit, fit]
    assert os.sched_getaffinity(0) == ALL


def test_concurrent_jobs_take_different_cores_until_there_are_none(machine: str) -> None:
    jobs = [hold(machine) for _ in range(2 * len(ALL))]
    taken = [core for _, mine in jobs for core in mine]
    assert sorted(taken[: len(ALL)]) == sorted(ALL)
    assert sorted(taken) == sorted([*ALL, *ALL])  # the others share, evenly
    freed, mine = jobs[0]
    end(freed)
    with own_cores() as again:
        assert again == mine
    end(*(process for process, _ in jobs))


def test_cores_that_a_scheduler_has_chosen_are_kept(machine: str) -> None:
    chosen = {max(ALL)}
    os.sched_setaffinity(0, chosen)
    with own_cores() as first, own_cores() as second:
        assert first == second == chosen


@pytest.mark.parametrize(("threads", "number"), [("2", 2), ("1", 1), ("", len(ALL)), ("1000", len(ALL))])
def test_as_many_cores_as_threads(monkeypatch: pytest.MonkeyPatch, threads: str, number: int) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", threads)
    with own_cores() as mine:
        assert len(mine) == number and mine <= ALL


def test_second_threads_of_a_core_come_last(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = {0: "0,4", 1: "1,5", 2: "2,6", 3: "3,7", 4: "0,4", 5: "1,5", 6: "2,6", 7: "3,7"}
    ranks = {core: sorted(cores._listed(text)).index(core) for core, text in pairs.items()}
    monkeypatch.setattr(cores, "_rank_among_siblings", ranks.get)
    monkeypatch.setattr(cores, "_container", lambda: 6)
    assert cores._in_order(set(pairs)) == [0, 1, 2, 3, 6, 7, 4, 5]
    assert list(cores._listed("0-2,8\n")) == [0, 1, 2, 8]
