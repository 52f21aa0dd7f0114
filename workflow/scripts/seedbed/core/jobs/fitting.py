"""Fit one method to one block of replicates; whatever happens, every replicate gets a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from seedbed.core.blocks import FAILURE, save_arrays
from seedbed.core.files import read_json, reading, write_json
from seedbed.core.isolation.call_outcome import Outcome
from seedbed.core.isolation.host import Host
from seedbed.core.job_processes.fork_server import folder_of_run
from seedbed.core.job_records.fits import FitJob, MethodJob
from seedbed.core.method_class import load_fit
from seedbed.core.seeds import method_seed

from .kept_input import KeptInput
from .second_fit import compare_with_another
from .tuning_choice import best_candidate

_SHIPPED = "seedbed.", "sklearn."
SECONDS = "seconds"  # an array of this name is the adapter's own measure of CPU time, and no result


def fit_block(job: FitJob, data_file: str, tuning_files: Sequence[str], arrays_file: str, rows_file: str) -> None:
    """Fit, and save the arrays (NPZ) and one row per replicate (JSON).

    Parameters
    ----------
    job : FitJob
        What to fit. Of a class that is not one of ours the first replicate of all is fitted twice, see
        :mod:`seedbed.core.jobs.second_fit`.
    tuning_files : sequence of str
        None, or what :func:`~seedbed.core.jobs.tuning.tune_method` found for the method, and for those that are tuned
        together with it.
    data_file, arrays_file, rows_file : str
        The block of data; the results; the rows with ``replicate``, ``status``, ``message``,
        ``wall_seconds``, ``cpu_seconds``, ``peak_memory_mb`` (MiB above the idle process).
    """
    params = {**job.params, **(read_choice(tuning_files) if tuning_files else {})}
    kept = KeptInput(data_file)
    data = kept.replicates
    cell = job.seed, job.study, job.scenario
    seeds = {replicate: method_seed(*cell, replicate, job.method) for replicate in data}
    arrays, rows, name = {}, [], f"{job.cell} / replicate"
    with host_of(job, lambda fit: lambda r: _checked(fit(params, data[r], seeds[r]))) as host:
        for replicate in data:
            outcome = host.run(replicate) if FAILURE not in data[replicate] else no_data(data[replicate])
            if replicate == 0 and job.own:
                outcome = compare_with_another(outcome, host, replicate, SECONDS)
            if kept.mend():
                outcome = Outcome("error", f"it removed or changed its input, {data_file}, which was made anew")
            result = outcome.value or {}
            outcome.cpu_seconds = float(result.pop(SECONDS, outcome.cpu_seconds))
            if result:
                arrays[replicate] = result
            rows.append(_row(replicate, outcome))
            print(
                f"{name} {replicate}: {outcome.status} {outcome.message} ({outcome.wall_seconds:.3g} s)",
                flush=True,
            )
    save_arrays(arrays_file, arrays)
    write_json(rows, rows_file)


def host_of(job: MethodJob, work: Callable[[Callable], Callable[[int], Any]]) -> Host:
    """A host that imports the method of a job; ``work`` makes of its ``fit(params, data, seed)`` what a task does.

    Fits of the methods that we ship share its process: of each a test wants the same bits of a second fit there.
    """
    apart = job.own or not all(target.startswith(_SHIPPED) for target in (job.adapter, job.target))
    name = f"importing {job.target}"
    return Host(lambda: work(load_fit(job)), name=name, scratch=folder_of_run(), apart=apart, **job.limits)


def no_data(data: dict[str, np.ndarray]) -> Outcome:
    """The row of a replicate whose generator raised."""
    return Outcome("error", f"no data: {data[FAILURE]}")


def read_choice(tuning_files: Sequence[str]) -> dict[str, Any]:
    """The parameters that were chosen on data sets of their own, for one method or for several together."""
    records = [read_json(path) for path in tuning_files]
    with reading(tuning_files[0]):
        return dict(best_candidate(records))


def _checked(result: Any) -> dict[str, np.ndarray]:
    """The adapter's result as plain arrays; objects would need pickle, and are refused, as is a time that is none."""
    if not isinstance(result, dict) or not result:
        raise TypeError(f"the adapter must return a dict of arrays, not {type(result).__name__}")
    arrays = {name: np.asarray(value) for name, value in result.items()}
    bad = [name for name, array in arrays.items() if array.dtype.hasobject]
    if bad:
        raise TypeError(f"results must be numeric or text arrays; {', '.join(bad)} hold Python objects")
    if SECONDS in arrays and (arrays[SECONDS].ndim or arrays[SECONDS].dtype.kind not in "iuf"):
        raise TypeError(f"'{SECONDS}' is the adapter's own measure of CPU time, and must be a single number")
    return arrays


def _row(replicate: int, outcome: Outcome) -> dict[str, Any]:
    """NaN is written as null: the file is plain JSON."""
    numbers = {name: getattr(outcome, name) for name in ("wall_seconds", "cpu_seconds", "peak_memory_mb")}
    known = {name: round(value, 9) if np.isfinite(value) else None for name, value in numbers.items()}
    return {"replicate": replicate, "status": outcome.status, "message": outcome.message, **known}
