"""Fit one method to one block of replicates; whatever happens, every replicate gets a row."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .blocks import load_arrays, save_arrays
from .drawing import FAILURE
from .files import read_json, reading, write_json
from .isolation import Outcome, one_line, run_isolated, time_limit
from .seeds import method_seed
from .study import load_target

SECONDS = "seconds"  # an array of this name is the adapter's own measure of CPU time, and no result


def fit_block(
    spec: dict[str, Any], data_file: str, tuning_files: Sequence[str], arrays_file: str, rows_file: str
) -> None:
    """Fit, and save the arrays (NPZ) and one row per replicate (JSON).

    Parameters
    ----------
    spec : dict
        ``adapter`` and ``target`` (dotted), ``params``, ``seed``, ``study``, ``scenario``, ``method``,
        ``limits`` (``seconds`` and ``memory_mb`` per replicate).
    tuning_files : sequence of str
        None, or one: the parameters that :func:`~seedbed.core.tuning.tune_method` chose.
    data_file, arrays_file, rows_file : str
        The block of data; the results; the rows with ``replicate``, ``status``, ``message``,
        ``wall_seconds``, ``cpu_seconds``, ``peak_memory_mb`` (MiB above the idle process).
    """
    limits, params = spec["limits"], dict(spec["params"])
    for path in tuning_files:
        params |= read_choice(path)
    fit = import_fit(spec)
    name = f"{spec['study']} / {spec['scenario']} / {spec['method']} / replicate"
    arrays, rows = {}, []
    for replicate, data in sorted(load_arrays(data_file).items()):
        if isinstance(fit, Outcome):
            outcome = replace(fit)
        elif FAILURE in data:
            outcome = Outcome("skipped", f"no data: {data[FAILURE]}")
        else:
            seed = method_seed(spec["seed"], spec["study"], spec["scenario"], replicate, spec["method"])
            outcome = run_isolated(lambda data=data, seed=seed: _checked(fit(params, data, seed)), **limits)
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


def import_fit(spec: dict[str, Any]) -> Callable[[dict, dict, int], dict] | Outcome:
    """``fit(params, data, seed)``: the adapter bound to its method, imported once; or why that failed.

    If the adapter's module has ``prepare(estimator_class)``, it is called once too: for what a method loads or
    compiles when it is first used, and every replicate would otherwise load in a process of its own.
    """
    start = time.perf_counter()
    try:
        with time_limit(spec["limits"]["seconds"]):
            adapter, estimator_class = load_target(spec["adapter"]), load_target(spec["target"])
            prepare = getattr(sys.modules[adapter.__module__], "prepare", None)
            if prepare is not None:
                prepare(estimator_class)
    except TimeoutError as error:
        return Outcome("timeout", f"importing {spec['target']}: {error}", wall_seconds=time.perf_counter() - start)
    except BaseException as error:  # a user's module may raise anything, also SystemExit
        traceback.print_exc()
        message = one_line(f"importing {spec['target']}: {type(error).__name__}: {error}")
        return Outcome("error", message, wall_seconds=time.perf_counter() - start)
    return lambda params, data, seed: adapter(estimator_class, params, data, seed)


def read_choice(tuning_file: str) -> dict[str, Any]:
    """The parameters that were chosen for a method on data sets of their own."""
    record = read_json(tuning_file)
    with reading(tuning_file):
        return dict(record["chosen"])


def _checked(result: Any) -> dict[str, np.ndarray]:
    """The adapter's result as plain arrays; objects would need pickle, and are refused."""
    if not isinstance(result, dict) or not result:
        raise TypeError(f"the adapter must return a dict of arrays, not {type(result).__name__}")
    arrays = {name: np.asarray(value) for name, value in result.items()}
    bad = [name for name, array in arrays.items() if array.dtype.hasobject]
    if bad:
        raise TypeError(f"results must be numeric or text arrays; {', '.join(bad)} hold Python objects")
    return arrays


def _row(replicate: int, outcome: Outcome) -> dict[str, Any]:
    """NaN is written as null: the file is plain JSON."""
    numbers = {name: getattr(outcome, name) for name in ("wall_seconds", "cpu_seconds", "peak_memory_mb")}
    known = {name: round(value, 9) if np.isfinite(value) else None for name, value in numbers.items()}
    return {"replicate": replicate, "status": outcome.status, "message": outcome.message, **known}
