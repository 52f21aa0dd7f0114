from __future__ import annotations

import contextlib
import os
import signal
import stat
import time
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seedbed.core.errors import SkipFit
from seedbed.core.isolation import run_isolated, time_limit
from seedbed.core.outcome import Outcome, from_bytes, to_bytes
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

    outcome = run_isolated(hang, seconds=0.5, memory_mb=100)
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


def test_time_limit_of_a_block() -> None:
    with pytest.raises(TimeoutError), time_limit(0.1):
        time.sleep(5)
    with time_limit(5):
        pass
