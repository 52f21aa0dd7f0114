"""Tuning: the parameters of a method, chosen on data sets that no replicate of the study is among.

A shared learning rate, say, would compare the rate with the methods; a rate chosen on the replicates themselves
would flatter whoever has more to choose from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seedbed.core.blocks import FAILURE
from seedbed.core.files import write_json
from seedbed.core.isolation.call_outcome import Outcome
from seedbed.core.job_records.fits import TuneJob
from seedbed.core.seeds import named_sequence
from seedbed.core.statuses import USABLE
from seedbed.core.study import load_target

from .drawing import draw_replicate
from .fitting import host_of, no_data
from .tuning_choice import best_candidate


def tune_method(job: TuneJob, output: str) -> None:
    """Try every candidate on every tuning data set, and write the best and all values (JSON).

    Parameters
    ----------
    job : TuneJob
        What to choose among, and by what.
    output : str
        The file to write: ``chosen`` (parameters), ``direction`` and ``candidates``, each with its ``params``,
        ``mean``, the ``values`` and ``statuses`` per data set, and ``cpu_seconds``.

    Notes
    -----
    The best is the one with the fewest failures, then the best mean, then the earlier in the list. If all
    candidates fail everywhere, the first is chosen, and its fits will say why. The streams are named
    ``tuning, study, scenario, replicate``, which no replicate of the study is; all candidates share them.
    """
    generator, metric = load_target(job.generator), load_target(job.metric)
    axes = [("tuning", job.study, job.scenario, replicate) for replicate in range(job.replicates)]
    data = [
        draw_replicate(generator, np.random.default_rng(named_sequence(job.seed, *names)), job.scenario_params)
        for names in axes
    ]
    sequences = [named_sequence(job.seed, *names, job.method) for names in axes]
    seeds = [int(sequence.generate_state(1, np.uint32)[0] >> 1) for sequence in sequences]
    chosen = [{**job.params, **candidate} for candidate in job.candidates]

    def work(fit: Callable) -> Callable[[int], float]:
        """Task by task: every candidate in turn, on every data set."""

        def value(task: int) -> float:
            candidate, world = divmod(task, len(data))
            return float(metric(data[world], fit(chosen[candidate], data[world], seeds[world])))

        return value

    tried = []
    with host_of(job, work) as host:
        for number, candidate in enumerate(job.candidates):
            tasks = range(number * len(data), (number + 1) * len(data))
            outcomes = [
                no_data(one) if FAILURE in one else host.run(task) for task, one in zip(tasks, data, strict=True)
            ]
            tried.append({"params": candidate, **_record(outcomes)})
            values = tried[-1]["values"]
            print(f"{job.cell} / {candidate}: {values}", flush=True)
    record = {"direction": job.direction, "candidates": tried}
    write_json({"chosen": best_candidate([record]), **record}, output)


def _record(outcomes: list[Outcome]) -> dict[str, Any]:
    """Null where there is no value."""
    values = [one.value if one.status in USABLE and np.isfinite(one.value) else None for one in outcomes]
    known = [value for value in values if value is not None]
    return {
        "mean": float(np.mean(known)) if known else None,
        "values": values,
        "statuses": [one.status for one in outcomes],
        "messages": [one.message for one in outcomes],
        "cpu_seconds": float(np.nansum([one.cpu_seconds for one in outcomes])),
    }
