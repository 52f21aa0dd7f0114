from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seedbed.core.errors import SkipFit
from seedbed.core.isolation.call_outcome import Outcome, from_bytes, to_bytes
from seedbed.core.isolation.isolation import run_isolated
from seedbed.core.isolation.processes import adopt_orphans, queued_seconds
from seedbed.core.statuses import STATUSES
from sklearn.exceptions import ConvergenceWarning

LIMITS = {"seconds": 20.0, "memory_mb": 500.0}


def test_value_and_cost() -> None:
    def work() -> np.ndarray:
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass
        return np.ones(2**22)  # 32 MiB

    outcome = run_isolated(work, **LIMITS)
    assert outcome.status == "ok" and outcome.value.sum() == 2**22
    assert 0.2 <= outcome.cpu_seconds < 1 and outcome.wall_seconds >= 0.2
    assert 32 <= outcome.peak_memory_mb < 120


def test_the_parents_memory_does_not_count() -> None:
    held = np.ones(2**24)  # 128 MiB
    outcome = run_isolated(lambda: 1, seconds=20, memory_mb=50)
    assert outcome.status == "ok" and outcome.peak_memory_mb < 20 and held.sum() == 2**24


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (ValueError("bad\n value"), "error", "ValueError: bad value"),
        (SkipFit("no truth"), "skipped", "no truth"),
        (MemoryError("too much"), "out_of_memory", "too much"),
        (SystemExit(2), "error", "SystemExit: 2"),
        (KeyboardInterrupt(), "error", "KeyboardInterrupt"),
    ],
)
def test_what_is_raised_becomes_a_status(error: BaseException, status: str, message: str) -> None:
    def fail() -> None:
        raise error

    outcome = run_isolated(fail, **LIMITS)
    assert (outcome.status, outcome.value) == (status, None) and message in outcome.message


def test_not_converged_keeps_the_value() -> None:
    def work() -> int:
        warnings.warn("more iterations", ConvergenceWarning, stacklevel=1)
        return 5

    outcome = run_isolated(work, **LIMITS)
    assert (outcome.status, outcome.value, outcome.message) == ("not_converged", 5, "more iterations")


def test_time_limit_kills_the_whole_group(tmp_path) -> None:
    note = tmp_path / "pids"

    def hang() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        grandchild = os.fork()
        if grandchild:
            note.write_text(str(grandchild))
        time.sleep(60)

    outcome = run_isolated(hang, seconds=0.05, memory_mb=100)
    assert outcome.status == "timeout" and 0.5 <= outcome.wall_seconds < 5
    grandchild = int(note.read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _alive(grandchild):
        time.sleep(0.02)
    assert not _alive(grandchild)


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_memory_limit() -> None:
    outcome = run_isolated(lambda: np.ones(2**27), seconds=20, memory_mb=100)  # 1 GiB
    assert outcome.status == "out_of_memory"


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_a_crash_becomes_an_error(number: signal.Signals) -> None:
    outcome = run_isolated(lambda: os.kill(os.getpid(), number), **LIMITS)
    assert outcome.status == "error" and number.name in outcome.message


def test_an_exit_without_a_result() -> None:
    outcome = run_isolated(lambda: os._exit(0), **LIMITS)
    assert outcome.status == "error" and "without a result" in outcome.message


def test_a_result_that_cannot_be_sent() -> None:
    outcome = run_isolated(lambda: lambda: 1, **LIMITS)
    assert outcome.status == "error" and "cannot be sent" in outcome.message


def test_arrays_text_and_nested_values_arrive_as_they_were() -> None:
    value = {"a": np.arange(6.0).reshape(2, 3), "b": [1, None, {"c": np.array(["x", "ü"])}], "d": float("inf")}
    sent = run_isolated(lambda: value, **LIMITS).value
    np.testing.assert_array_equal(sent["a"], value["a"])
    assert sent["b"][:2] == [1, None] and sent["b"][2]["c"].tolist() == ["x", "ü"] and sent["d"] == float("inf")


class Treacherous:
    """Would act in whichever process unpickles it."""

    def __reduce__(self):
        return os.mkdir, ("unpickled",)


def _pipes() -> set[int]:
    return {d for d in range(3, 64) if os.path.exists(f"/proc/self/fd/{d}") and stat.S_ISFIFO(os.fstat(d).st_mode)}


def test_a_result_cannot_act_in_the_parent(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for value in (Treacherous(), [Treacherous()], np.array([Treacherous()])):
        assert run_isolated(lambda value=value: value, **LIMITS).status == "error"

    others = _pipes()  # where pytest listens

    def forge() -> None:  # writes to the pipe itself, and ends before the engine can
        import pickle

        for descriptor in _pipes() - others:
            with contextlib.suppress(OSError):
                os.write(descriptor, pickle.dumps(Treacherous()))
        os._exit(0)

    assert run_isolated(forge, **LIMITS).status == "error"
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda tail: to_bytes(Outcome("ok", value=1))[:-5] + tail))
def test_any_bytes_are_an_answer_or_none(answer: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert from_bytes(answer).status in STATUSES


def test_a_large_result() -> None:
    outcome = run_isolated(lambda: np.arange(2**22), **LIMITS)
    assert outcome.value[-1] == 2**22 - 1


def test_state_of_the_parent_is_untouched() -> None:
    state = {"n": 0}
    run_isolated(lambda: state.update(n=1), **LIMITS)
    assert state == {"n": 0}


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def in_children(work: Callable[[], None], number: int, own_session: bool = False) -> None:
    """Forks that are waited for, or that put themselves where only their ancestors can be told."""
    children = []
    for _ in range(number):
        child = os.fork()
        if child == 0:
            if own_session:
                os.setsid()
            work()
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


@pytest.mark.slow
@pytest.mark.parametrize("own_session", [False, True])
def test_cpu_time_of_children_counts(own_session: bool) -> None:
    outcome = run_isolated(lambda: in_children(lambda: burn(60), 2, own_session), seconds=0.6, memory_mb=200)
    assert outcome.status == "timeout" and outcome.message == "stopped after the limit of 0.6 s of CPU time"
    assert 0.6 <= outcome.cpu_seconds < 3


@pytest.mark.slow
def test_time_on_the_clock_does_not_count() -> None:
    assert run_isolated(lambda: time.sleep(0.8), seconds=0.4, memory_mb=200).status == "ok"


@pytest.mark.slow
def test_time_without_a_core_does_not_count() -> None:
    """Six processes on one core: the clock runs several times as fast as the fit."""
    core = min(os.sched_getaffinity(0))

    def work() -> None:
        os.sched_setaffinity(0, {core})
        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(5)]
        try:
            burn(0.3)
        finally:
            for process in others:
                process.kill()  # not waited for: their time is not this process's
        assert queued_seconds(os.getpid()) > 0.3

    assert run_isolated(work, seconds=1e3, memory_mb=200).status == "ok"


def test_sleep_ends_at_the_ceiling() -> None:
    outcome = run_isolated(lambda: time.sleep(60), seconds=0.05, memory_mb=100)
    assert outcome.status == "timeout" and 0.5 <= outcome.wall_seconds < 10
    assert outcome.message == "stopped after 0.5 s, 10 times its limit of 0.05 s of CPU time"


@pytest.mark.slow
def test_memory_of_children_counts() -> None:
    def hold() -> None:
        held = np.ones(2**24)  # 128 MiB
        time.sleep(60 * held[0])

    for inherited in (1, 2**27):  # a GiB that is the parent's hides nothing of what the children take
        large = np.ones(inherited)
        outcome = run_isolated(lambda: in_children(hold, 3), seconds=20, memory_mb=250)
        assert outcome.status == "out_of_memory" and outcome.wall_seconds < 60
        del large


@pytest.mark.slow
def test_memory_that_children_share_counts_once() -> None:
    def work() -> float:
        held = np.ones(2**24)
        in_children(lambda: time.sleep(1.2), 3)
        return held[0]

    outcome = run_isolated(work, seconds=20, memory_mb=250)
    assert outcome.status == "ok", outcome.message


def test_a_result_larger_than_the_memory_it_may_have() -> None:
    def forge() -> None:
        import struct

        for descriptor in _pipes() - others:
            with contextlib.suppress(OSError):
                os.write(descriptor, struct.pack(">Q", 2**40))
                while True:
                    os.write(descriptor, bytes(2**20))

    others = _pipes()
    assert run_isolated(forge, seconds=20, memory_mb=100).status == "out_of_memory"


def test_a_second_self_says_nothing() -> None:
    """Both come back from the call; one of them is the child."""
    outcome = run_isolated(lambda: os.fork() and 1, **LIMITS)
    assert (outcome.status, outcome.value) == ("ok", 1)


def test_the_child_never_comes_back(tmp_path: Path) -> None:
    """Neither ``finally`` nor a hook of the parent's is run twice."""

    def close() -> None:
        sys.stdout = sys.stderr = None
        os._exit = print

    try:
        assert run_isolated(close, **LIMITS).status == "ok"
    finally:
        with (tmp_path / "ends").open("a") as note:
            note.write("once")
    assert (tmp_path / "ends").read_text() == "once"


def test_orphans_are_adopted_for_as_long_as_a_call_takes() -> None:
    before = adopt_orphans(False)
    run_isolated(lambda: 1, **LIMITS)
    assert adopt_orphans(before) is False
