"""Our code and its peers on the same problem, in the same run, as ratios."""

from __future__ import annotations

import copy
import gc
import importlib.metadata
import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from seedbed.core.isolation.isolation import Outcome, run_isolated
from seedbed.core.machine import machine
from seedbed.core.study import Case

COLUMNS = [
    "study", "case", "contender", "status", "clock", "cpu_seconds_min", "cpu_seconds_median", "cpu_seconds_each",
    "warm", "cpu_seconds_first", "ratio_to_ours", "target", "peak_memory_mb", "accuracy", "accuracy_label", "repeats",
    "versions", "machine", "command",
]  # fmt: skip
LIBRARIES = ("numpy", "scipy", "scikit-learn", "cvxpy", "scs", "clarabel", "numba", "torch", "mpmath")
LIMITS = {"seconds": 600.0, "memory_mb": 8000.0}


class Turn(NamedTuple):
    """One turn of a contender: its first call in the process, the call that counts (often the same), and how well."""

    first: float
    seconds: float
    accuracy: float


def run_cases(study: str, cases: tuple[Case, ...], command: str) -> pd.DataFrame:
    """Time every contender of every case.

    Contenders take turns, so that a slow spell of the machine hits all of them; each run is a forked
    child of its own, the problem is built before the clock starts, and accuracy is measured after it
    stops. ``ratio_to_ours`` is the contender's minimum time over ours: above one, ours is faster. The
    columns of seconds hold CPU time, except for a case whose ``clock`` is the wall's; what counts is a process's
    first call, or of a case that is ``warm`` its second, and ``cpu_seconds_first`` is the least of first calls.
    """
    rows = []
    for case in cases:
        print(f"{study}: {case.name}", flush=True)
        rows += _run_case(study, case, command)
    return pd.DataFrame(rows, columns=COLUMNS)


def _run_case(study: str, case: Case, command: str) -> list[dict[str, Any]]:
    problem = case.problem()
    runs: dict[str, list[Outcome]] = {name: [] for name in case.contenders}
    for _ in range(case.repeats):
        for name, contender in case.contenders.items():
            runs[name].append(run_isolated(_timed(case, contender, problem), **LIMITS))
    rows = [_summarise(case, name, outcomes) for name, outcomes in runs.items()]
    ours = rows[0]["cpu_seconds_min"]
    common = {
        "study": study,
        "case": case.name,
        "clock": case.clock,
        "warm": case.warm,
        "accuracy_label": case.accuracy_label,
        "repeats": case.repeats,
    }
    return [
        {
            **common,
            **row,
            "ratio_to_ours": row["cpu_seconds_min"] / ours,
            "versions": _versions(),
            "machine": machine(),
            "command": command,
        }
        for row in rows
    ]


def _timed(case: Case, contender: Callable, problem: Any) -> Callable[[], Turn]:
    clock = time.perf_counter if case.clock == "wall" else time.process_time

    def call(problem: Any) -> tuple[float, Any]:
        start = clock()
        result = contender(problem)
        return clock() - start, result

    def run() -> Turn:
        gc.freeze()  # collections look through what calls make, not through all that the parent has loaded
        first = call(copy.deepcopy(problem))[0] if case.warm else None  # a copy: nothing is remembered of the problem
        seconds, result = call(problem)
        return Turn(seconds if first is None else first, seconds, float(case.accuracy(problem, result)))

    return run


def _summarise(case: Case, name: str, outcomes: list[Outcome]) -> dict[str, Any]:
    finished = [outcome for outcome in outcomes if outcome.value is not None]
    turns = [Turn(*outcome.value) for outcome in finished]
    seconds = [turn.seconds for turn in turns] or [np.nan]
    each = [np.nan if outcome.value is None else Turn(*outcome.value).seconds for outcome in outcomes]
    failures = [f"{outcome.status}: {outcome.message}" for outcome in outcomes if outcome.value is None]
    return {
        "contender": name,
        "status": failures[0] if failures else "ok",
        "cpu_seconds_min": min(seconds),
        "cpu_seconds_median": median(seconds),
        "cpu_seconds_each": " ".join(f"{value:.6g}" for value in each),  # in turn: claims pair them
        "cpu_seconds_first": min((turn.first for turn in turns), default=np.nan),
        "target": case.target if name == case.peer else case.more_targets.get(name, np.nan),
        "peak_memory_mb": max((outcome.peak_memory_mb for outcome in finished), default=np.nan),
        "accuracy": max((turn.accuracy for turn in turns), default=np.nan),
    }


def _versions() -> str:
    found = []
    for library in LIBRARIES:
        try:
            found.append(f"{library} {importlib.metadata.version(library)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return "; ".join(found)
