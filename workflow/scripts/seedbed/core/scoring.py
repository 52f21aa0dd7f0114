"""Scores of one scenario: every metric of every method and replicate, as one tidy table."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .blocks import load_arrays
from .canonical import to_json
from .errors import UserError
from .files import message_of_damage, read_json, reading
from .isolation import one_line
from .statistics import mean_interval
from .statuses import STATUSES, USABLE
from .study import load_target
from .tables import COST_COLUMNS, RUN_COLUMNS, SCORE_COLUMNS, TUNING_COLUMNS, write_table


def score_scenario(spec: dict[str, Any], data: list[str], arrays: list[str], rows: list[str]) -> tuple:
    """Tables of scores and of runs.

    Parameters
    ----------
    spec : dict
        ``study``, ``scenario``, ``methods`` (ids), ``blocks`` (names), ``metrics`` (id -> dotted target).
    data, arrays, rows : list of str
        Files: one of data per block; one of results and one of rows per method and block, methods
        outermost, in the order of ``spec``.

    Returns
    -------
    scores, runs : pandas.DataFrame
        ``scores`` depends on the config alone; ``runs`` holds the statuses and the costs. A metric that
        is undefined for a fit is NaN there, and a metric that raises is NaN with a note in the log.
    """
    metrics = {name: load_target(target) for name, target in spec["metrics"].items()}
    files = iter(zip(arrays, rows, strict=True))
    scores, runs = [], []
    blocks = [load_arrays(path) for path in data]
    for method in spec["methods"]:
        for block in blocks:
            array_file, row_file = next(files)
            results = load_arrays(array_file)
            for row in read_rows(row_file, block):
                cell = {"study": spec["study"], "scenario": spec["scenario"], "method": method}
                runs.append({**cell, **row})
                if row["status"] in USABLE:
                    replicate = row["replicate"]
                    if replicate not in results:
                        raise UserError(message_of_damage(array_file, f"it has nothing of replicate {replicate}"))
                    values = _evaluate(metrics, block[replicate], results[replicate])
                    cell["replicate"] = replicate
                    scores += [{**cell, "metric": name, "value": value} for name, value in values]
    return _table(scores, SCORE_COLUMNS, {"value": float}), _table(
        runs, RUN_COLUMNS + COST_COLUMNS, dict.fromkeys(COST_COLUMNS, float)
    )


def write_scores(
    spec: dict[str, Any], data: list[str], arrays: list[str], rows: list[str], scores_file: str, runs_file: str
) -> None:
    """Write the tables of :func:`score_scenario`."""
    scores, runs = score_scenario(spec, data, arrays, rows)
    write_table(scores, scores_file)
    write_table(runs, runs_file)


def read_rows(path: str, replicates: Iterable[int]) -> list[dict[str, Any]]:
    """The rows that :func:`~seedbed.core.fitting.fit_block` wrote, one per replicate of the data."""
    with reading(path):
        rows = json.loads(Path(path).read_text(encoding="utf-8"))
        expected = {"replicate", "status", "message", *COST_COLUMNS}
        wrong = [row for row in rows if set(row) != expected or row["status"] not in STATUSES]
        if wrong:
            raise ValueError(f"a row is {one_line(str(wrong[0]))}")
        if sorted(row["replicate"] for row in rows) != sorted(replicates):
            raise ValueError("it is not about the replicates of the data")
        return rows


def _evaluate(metrics: dict, data: dict, result: dict) -> Iterable[tuple[str, float]]:
    for name, metric in metrics.items():
        try:
            value = float(metric(data, result))
        except UserError:  # a file that lacks an array is to be made anew
            raise
        except Exception:
            traceback.print_exc()
            value = np.nan
        yield name, value


def _table(records: list[dict], columns: list[str], types: dict) -> pd.DataFrame:
    return pd.DataFrame(records, columns=columns).astype({"replicate": int, **types})


def tuning_table(cells: list[list[str]], files: Sequence[str]) -> pd.DataFrame:
    """One row per candidate: ``scenario, method, params`` (JSON), its score, its cost, and whether it was chosen.

    ``cells`` are the pairs (scenario, method) of ``files``.
    """
    rows = []
    for (scenario, method), path in zip(cells, files, strict=True):
        record = read_json(path)
        with reading(path):
            for one in record["candidates"]:
                values = np.array([value for value in one["values"] if value is not None], float)
                score = one["mean"], mean_interval(values)[1], len(values), len(one["values"])
                cell = [scenario, method, to_json(one["params"])]
                rows.append([*cell, *score, one["cpu_seconds"], one["params"] == record["chosen"]])
    return pd.DataFrame(rows, columns=TUNING_COLUMNS)
