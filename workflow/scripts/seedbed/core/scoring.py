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
from .files import atomic_path
from .statuses import USABLE
from .study import load_target

SCORE_COLUMNS = ["study", "scenario", "method", "replicate", "metric", "value"]
RUN_COLUMNS = ["study", "scenario", "method", "replicate", "status", "message"]
COST_COLUMNS = ["wall_seconds", "cpu_seconds", "peak_memory_mb"]


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
            for row in json.loads(Path(row_file).read_text()):
                cell = {"study": spec["study"], "scenario": spec["scenario"], "method": method}
                runs.append({**cell, **row})
                if row["status"] in USABLE:
                    replicate = row["replicate"]
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


def _evaluate(metrics: dict, data: dict, result: dict) -> Iterable[tuple[str, float]]:
    for name, metric in metrics.items():
        try:
            value = float(metric(data, result))
        except Exception:
            traceback.print_exc()
            value = np.nan
        yield name, value


def _table(records: list[dict], columns: list[str], types: dict) -> pd.DataFrame:
    return pd.DataFrame(records, columns=columns).astype({"replicate": int, **types})


def tuning_table(cells: list[list[str]], files: Sequence[str]) -> pd.DataFrame:
    """One row per candidate: ``scenario, method, params`` (JSON), ``mean, n_scored, n_expected, cpu_seconds, chosen``.

    ``cells`` are the pairs (scenario, method) of ``files``.
    """
    rows = []
    for (scenario, method), path in zip(cells, files, strict=True):
        record = json.loads(Path(path).read_text(encoding="utf-8"))
        for one in record["candidates"]:
            expected, scored = len(one["values"]), len(one["values"]) - one["values"].count(None)
            chosen = one["params"] == record["chosen"]
            rows.append(
                [scenario, method, to_json(one["params"]), one["mean"], scored, expected, one["cpu_seconds"], chosen]
            )
    names = ["scenario", "method", "params", "mean", "n_scored", "n_expected", "cpu_seconds", "chosen"]
    return pd.DataFrame(rows, columns=names)


def write_table(table: pd.DataFrame, path: str) -> None:
    """Write Parquet or CSV by suffix; equal tables give equal bytes."""
    with atomic_path(path) as part:
        if path.endswith(".parquet"):
            table.to_parquet(part, index=False)
        else:
            table.to_csv(part, index=False, lineterminator="\n")


def read_table(path: str) -> pd.DataFrame:
    """Read what :func:`write_table` wrote."""
    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)
