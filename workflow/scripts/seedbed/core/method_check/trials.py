"""The fits of a check, under the limits of a run and in processes of their own, as a job would do them."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from seedbed.core.blocks import FAILURE
from seedbed.core.errors import UserError
from seedbed.core.hard_tables import hard_tables
from seedbed.core.isolation.call_outcome import Outcome
from seedbed.core.isolation.host import Host
from seedbed.core.job_records.fits import FitJob
from seedbed.core.jobs.drawing import draw_replicate
from seedbed.core.jobs.fitting import host_of
from seedbed.core.method_class import load_fit
from seedbed.core.seeds import data_generator, method_seed
from seedbed.core.statuses import USABLE
from seedbed.core.study import load_target

from .asked import NAME, Asked
from .observed import Witness, observe

LOG = "logs/check-method.log"  # what the class prints
Data = dict[str, np.ndarray]


@dataclass(frozen=True)
class Trial:
    """One fit: in which scenario, under which title, to which data."""

    scenario: str
    title: str  # of a hard case
    data: Data


class Trials:
    """Fits by their scenario and title; each is made when it is asked for, and once."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self._stack = asked, contextlib.ExitStack()
        self.trials = [trial for name in asked.scenarios for trial in self._trials_of(name)]
        self._found: dict[tuple[str, str], Outcome] = {}

    def __enter__(self) -> Trials:
        Path(LOG).parent.mkdir(exist_ok=True)
        Path(LOG).write_bytes(b"")
        for name in self.asked.plan.study.libraries:  # as the server of a run has them
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        job = FitJob.from_json(self.asked.plan.fit_job(self.asked.scenarios[0], NAME))
        seconds, memory_mb = job.limits["seconds"], job.limits["memory_mb"]
        host = Host(self._load(job), name=f"importing {job.target}", seconds=seconds, memory_mb=memory_mb)
        self.host = self._stack.enter_context(host)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def fit(self, scenario: str, title: str = "") -> Outcome:
        """What became of it; the value is what :func:`~seedbed.core.method_check.observed.observe` returns."""
        key = scenario, title
        if key not in self._found:
            self._found[key] = self.host.run(self._number(*key))
        return self._found[key]

    def parameters(self) -> list[str]:
        """What the class's constructor takes, as far as it tells: it is imported in the host alone."""
        return (self.host.run(len(self.trials)).value or {}).get("parameters", [])

    def again(self, scenario: str) -> Again:
        """The same fit anew, its arrays alone."""
        return Again(self.host, self._number(scenario, ""))

    def data(self, scenario: str) -> Data:
        """The replicate that a scenario is tried on."""
        return self.trials[self._number(scenario, "")].data

    def titles(self, scenario: str) -> list[str]:
        """The hard cases of a scenario."""
        return [trial.title for trial in self.trials if trial.scenario == scenario and trial.title]

    def reference(self, scenario: str, method: str) -> Data | None:
        """What control or oracle answer; None where they do not."""
        job = FitJob.from_json(self.asked.plan.fit_job(scenario, method))
        data, seed = self.data(scenario), method_seed(job.seed, job.study, scenario, 0, method)
        with host_of(job, lambda fit: lambda task: _silent(lambda: fit(job.params, data, seed))) as host:
            outcome = host.run(0)
        return outcome.value if outcome.status in USABLE else None

    def place(self) -> str:
        """``my_methods.py, line 3: ``: the last line of the user's own that was on the way of a failure."""
        found = re.findall(r'File "([^"\n]+)", line (\d+)', Path(LOG).read_text(encoding="utf-8", errors="replace"))
        own = [(Path(file), line) for file, line in found if Path(file).is_relative_to(Path.cwd())]
        outside = [one for one in own if not {"workflow", "site-packages"} & {*one[0].parts}]
        return f"{outside[-1][0].relative_to(Path.cwd())}, line {outside[-1][1]}: " if outside else ""

    def _number(self, scenario: str, title: str) -> int:
        return next(n for n, one in enumerate(self.trials) if (one.scenario, one.title) == (scenario, title))

    def _trials_of(self, scenario: str) -> list[Trial]:
        plan, study = self.asked.plan.scenarios[scenario], self.asked.plan.study
        rng = data_generator(self.asked.plan.seed, study.name, scenario, 0)
        data = draw_replicate(load_target(plan.generator), rng, plan.params)
        if FAILURE in data:
            raise UserError(f"The scenario {scenario} cannot be drawn: {data[FAILURE]}")
        cases = (load_target(study.hard_cases) if study.hard_cases else hard_tables)(data)
        return [Trial(scenario, "", data), *(Trial(scenario, title, case) for title, case in cases.items())]

    def _load(self, job: FitJob) -> Callable[[], Callable[[int], dict]]:
        here = Path.cwd()

        def load() -> Callable[[int], dict]:
            _print_to(LOG)
            witness, start = Witness(here), time.perf_counter()
            fit = load_fit(job)
            seconds = time.perf_counter() - start

            def task(number: int) -> dict:
                if number == len(self.trials):
                    return {"parameters": _parameters(job.target)}
                trial = self.trials[number]
                seed = method_seed(job.seed, job.study, trial.scenario, 0, NAME)
                return {"import_seconds": seconds, **observe(fit, job.params, trial.data, seed, witness)}

            return task

        return load


class Again:
    """Looks like a host to :func:`~seedbed.core.jobs.second_fit.compare_with_another`."""

    def __init__(self, host: Host, number: int) -> None:
        self.host, self.number = host, number

    def run(self, task: int) -> Outcome:
        """The arrays of another fit, of the replicate that it was made for."""
        return arrays_of(self.host.run(self.number))


def arrays_of(outcome: Outcome) -> Outcome:
    """An outcome of :func:`~seedbed.core.method_check.observed.observe` without what was seen."""
    return replace(outcome, value=outcome.value["result"]) if outcome.status in USABLE else outcome


def _parameters(target: str) -> list[str]:
    try:
        return [*inspect.signature(load_target(target)).parameters]
    except (TypeError, ValueError):  # a class in C, which does not tell
        return []


def _print_to(path: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for stream in (1, 2):
        os.dup2(log, stream)
    sys.stdout = sys.stderr = os.fdopen(log, "w", buffering=1, errors="backslashreplace")


def _silent(call: Callable[[], Any]) -> Any:
    _print_to(LOG)
    return call()
