"""Scores of one scenario: every metric of every method and replicate, as one tidy table."""

from __future__ import annotations

import contextlib
import inspect
import json
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seedbed.core.blocks import MissingArray, load_arrays
from seedbed.core.canonical import to_json
from seedbed.core.errors import UserError
from seedbed.core.files import message_of_damage, read_json, reading
from seedbed.core.job_records.scores import CollectJob, ScoreJob, Tuning
from seedbed.core.judging.tables import (
    COST_COLUMNS,
    RUN_COLUMNS,
    SCORE_COLUMNS,
    TUNING_COLUMNS,
    read_table,
    write_table,
)
from seedbed.core.messages import describe, one_line
from seedbed.core.statistics.intervals import mean_interval
from seedbed.core.statuses import STATUSES, USABLE
from seedbed.core.study import load_target

from .tuning_choice import at_the_edge, best_candidate


def score_scenario(job: ScoreJob, data: list[str], arrays: list[str], rows: list[str]) -> tuple:
    """Tables of scores and of runs.

    Parameters
    ----------
    job : ScoreJob
        Which methods and metrics.
    data, arrays, rows : list of str
        Files: one of data per block; one of results and one of rows per method and block, methods
        outermost, in the order of the job.

    Returns
    -------
    scores, runs : pandas.DataFrame
        ``scores`` depends on the config alone; ``runs`` holds the statuses and the costs. A metric that
        is undefined for a fit is NaN there; where one raises, the fit has no scores, and its row is an error that
        names the metric and what the adapter returned.
    """
    targets = {name: load_target(target) for name, target in job.metrics.items()}
    metrics = {name: (metric, _compares(metric)) for name, metric in targets.items()}
    files = iter(zip(arrays, rows, strict=True))
    scores, runs = [], []
    blocks = [load_arrays(path) for path in data]
    for method in job.methods:
        last = _Last()
        for block in blocks:
            array_file, row_file = next(files)
            results = load_arrays(array_file)
            for row in read_rows(row_file, block):
                cell = {"study": job.study, "scenario": job.scenario, "method": method}
                replicate = row["replicate"]
                if row["status"] in USABLE:
                    if replicate not in results:
                        raise UserError(message_of_damage(array_file, f"it has nothing of replicate {replicate}"))
                    values, failure = _evaluate(metrics, block[replicate], results[replicate], last.before(replicate))
                    last = _Last(replicate, (block[replicate], results[replicate]))
                    row |= {"status": "error", "message": failure} if failure else {}
                    scores += [{**cell, "replicate": replicate, "metric": name, "value": x} for name, x in values]
                runs.append({**cell, **row})
    return _table(scores, SCORE_COLUMNS, {"value": float}), _table(
        runs, RUN_COLUMNS + COST_COLUMNS, dict.fromkeys(COST_COLUMNS, float)
    )


def write_scores(
    job: ScoreJob, data: list[str], arrays: list[str], rows: list[str], scores_file: str, runs_file: str
) -> None:
    """Write the tables of :func:`score_scenario`."""
    scores, runs = score_scenario(job, data, arrays, rows)
    write_table(scores, scores_file)
    write_table(runs, runs_file)


def write_study(job: CollectJob, inputs: Mapping[str, Sequence[str]], outputs: Mapping[str, str]) -> None:
    """Write a study's tables of scores, runs and tunings from those of its scenarios; both say which by name."""
    for name in ("scores", "runs"):
        write_table(pd.concat([read_table(path) for path in inputs[name]], ignore_index=True), outputs[name])
    write_table(tuning_table(job.tunings, inputs["tunings"]), outputs["tunings"])


def read_rows(path: str, replicates: Iterable[int]) -> list[dict[str, Any]]:
    """The rows that :func:`~seedbed.core.jobs.fitting.fit_block` wrote, one per replicate of the data."""
    with reading(path):
        rows = json.loads(Path(path).read_text(encoding="utf-8"))
        expected = {"replicate", "status", "message", *COST_COLUMNS}
        wrong = [row for row in rows if set(row) != expected or row["status"] not in STATUSES]
        if wrong:
            raise ValueError(f"a row is {one_line(str(wrong[0]))}")
        if sorted(row["replicate"] for row in rows) != sorted(replicates):
            raise ValueError("it is not about the replicates of the data")
        return rows


@dataclass(frozen=True)
class _Last:
    """The last replicate that a method answered, for metrics that compare it with the next one."""

    replicate: int = -2
    arrays: tuple[Mapping, Mapping] | None = None

    def before(self, replicate: int) -> tuple[Mapping, Mapping] | None:
        """Its data and its answer, if it is the one just before."""
        return self.arrays if self.replicate == replicate - 1 else None


def _compares(metric: Callable) -> bool:
    """Whether it asks for the replicate before; one in C may not say what it takes."""
    with contextlib.suppress(TypeError, ValueError):
        return "before" in inspect.signature(metric).parameters
    return False


def _evaluate(
    metrics: dict[str, tuple[Callable, bool]], data: dict, result: dict, before: tuple[Mapping, Mapping] | None
) -> tuple[list[tuple[str, float]], str]:
    """The value of every metric, each with whether it asks for the replicate before; or none, and why."""
    values = []
    for name, (metric, compares) in metrics.items():
        try:
            more = {"before": before} if compares else {}
            values.append((name, float(metric(data, result, **more))))
        except Exception as error:
            traceback.print_exc()
            reason = f"it needs the array '{error.name}'" if isinstance(error, MissingArray) else describe(error)
            arrays = ", ".join(f"{key} {array.dtype} {array.shape}" for key, array in result.items())
            return [], one_line(f"the metric '{name}' failed: {reason}; the adapter returned {arrays}")
    return values, ""


def _table(records: list[dict], columns: list[str], types: dict) -> pd.DataFrame:
    return pd.DataFrame(records, columns=columns).astype({"replicate": int, **types})


def tuning_table(cells: Sequence[Tuning], files: Sequence[str]) -> pd.DataFrame:
    """One row per candidate: ``scenario, method, params`` (JSON), its score, its cost, and whether it was chosen.

    ``cells`` are the scenario, the method and the methods it is tuned with, of each of ``files``. Of a chosen candidate
    ``edge`` names the parameters whose value is the smallest or the largest that was tried.
    """
    records = {(scenario, method): read_json(path) for (scenario, method, _), path in zip(cells, files, strict=True)}
    rows = []
    for (scenario, method, together), path in zip(cells, files, strict=True):
        with reading(path):
            best = best_candidate([records[scenario, other] for other in together])
            candidates = records[scenario, method]["candidates"]
            for one in candidates:
                values = np.array([value for value in one["values"] if value is not None], float)
                score = one["mean"], mean_interval(values)[1], len(values), len(one["values"])
                chosen = one["params"] == best
                edge = ", ".join(at_the_edge(best, candidates)) if chosen else ""
                rows.append([scenario, method, to_json(one["params"]), *score, one["cpu_seconds"], chosen, edge])
    return pd.DataFrame(rows, columns=TUNING_COLUMNS)
