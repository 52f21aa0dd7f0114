"""Tuning: the parameters of a method, chosen on data sets that no replicate of the study is among.

A shared learning rate, say, would compare the rate with the methods; a rate chosen on the replicates themselves
would flatter whoever has more to choose from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .drawing import FAILURE, draw_replicate
from .files import write_json
from .fitting import import_fit
from .isolation import Outcome, run_isolated
from .seeds import named_sequence
from .statuses import USABLE
from .study import load_target


def tune_method(spec: dict[str, Any], output: str) -> None:
    """Try every candidate on every tuning data set, and write the best and all values (JSON).

    Parameters
    ----------
    spec : dict
        ``generator`` (dotted) with ``scenario_params``; ``adapter`` and ``target`` (dotted) with ``params``;
        ``candidates``, a list of parameters to set on top of these; ``metric`` (dotted) and ``direction``;
        ``replicates``, the number of data sets; ``limits`` of one fit; ``seed``, ``study``, ``scenario``, ``method``.
    output : str
        The file to write: ``chosen`` (parameters) and ``candidates``, each with its ``params``, ``mean``, the
        ``values`` and ``statuses`` per data set, and ``cpu_seconds``.

    Notes
    -----
    The best is the one with the fewest failures, then the best mean, then the earlier in the list. If all
    candidates fail everywhere, the first is chosen, and its fits will say why. The streams are named
    ``tuning, study, scenario, replicate``, which no replicate of the study is; all candidates share them.
    """
    generator, metric, fit = load_target(spec["generator"]), load_target(spec["metric"]), import_fit(spec)
    axes = [("tuning", spec["study"], spec["scenario"], replicate) for replicate in range(spec["replicates"])]
    worlds = [
        (
            draw_replicate(
                generator, np.random.default_rng(named_sequence(spec["seed"], *names)), spec["scenario_params"]
            ),
            int(named_sequence(spec["seed"], *names, spec["method"]).generate_state(1, np.uint32)[0] >> 1),
        )
        for names in axes
    ]
    tried = []
    for candidate in spec["candidates"]:
        params = {**spec["params"], **candidate}
        outcomes = [_outcome(fit, metric, params, *world, spec["limits"]) for world in worlds]
        tried.append({"params": candidate, **_record(outcomes)})
        print(
            f"{spec['study']} / {spec['scenario']} / {spec['method']} / {candidate}: {tried[-1]['values']}", flush=True
        )
    sign = 1.0 if spec["direction"] == "lower" else -1.0
    best = min(
        tried, key=lambda one: (one["values"].count(None), np.inf if one["mean"] is None else sign * one["mean"])
    )
    write_json({"chosen": best["params"], "candidates": tried}, output)


def _outcome(
    fit: Callable | Outcome, metric: Callable, params: dict, data: dict, seed: int, limits: dict[str, float]
) -> Outcome:
    """One candidate on one data set; its value is the metric's."""
    if isinstance(fit, Outcome):
        return fit
    if FAILURE in data:
        return Outcome("skipped", f"no data: {data[FAILURE]}")
    return run_isolated(lambda: float(metric(data, fit(params, data, seed))), **limits)


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
