"""The tables of a study: what each holds, written and read as Parquet or CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from seedbed.core.files import atomic_path, reading
from seedbed.core.statuses import STATUSES

SCORE_COLUMNS = ["study", "scenario", "method", "replicate", "metric", "value"]
RUN_COLUMNS = ["study", "scenario", "method", "replicate", "status", "message"]
COST_COLUMNS = ["wall_seconds", "cpu_seconds", "peak_memory_mb"]
SUMMARY_COLUMNS = [
    "scenario", "method", "metric", "mean", "standard_error", "low", "high", "n_scored", "n_expected",
]  # fmt: skip
COMPARISON_COLUMNS = [
    "scenario", "metric", "method", "peer", "scale", "difference", "low", "high", "n", "p_value", "p_holm",
]  # fmt: skip
STANDING_COLUMNS = [
    "scenario", "method", "metric", "standing", "low", "high", "n_scored", "n_failed", "n_expected", "zero", "one",
    "score", "least", "most",
]  # fmt: skip
TUNING_COLUMNS = [
    "scenario", "method", "params", "mean", "standard_error", "n_scored", "n_expected", "cpu_seconds", "chosen", "edge",
]  # fmt: skip
BENCHMARK_COLUMNS = [
    "study", "case", "contender", "status", "cpu_seconds_min", "cpu_seconds_median", "ratio_to_ours", "target",
    "peak_memory_mb", "accuracy", "accuracy_label", "versions", "job",
]  # fmt: skip

# Columns of names and words: 1e5 and null are names too, and a list of turns can hold one number.
TEXTS = [
    "study", "scenario", "method", "peer", "metric", "scale", "params", "edge", "zero", "one", "case", "contender",
    "status", "clock", "cpu_seconds_each", "accuracy_label", "versions", "machine", "command", "job",
]  # fmt: skip

# What a table must have to be read: one that another version left is named, not misread.
REQUIRED = {
    "scores": SCORE_COLUMNS,
    "runs": RUN_COLUMNS + COST_COLUMNS,
    "summary": SUMMARY_COLUMNS,
    "costs": [
        "scenario",
        "method",
        *STATUSES,
        *(f"{cost}{end}" for cost in COST_COLUMNS for end in ("", "_low", "_high")),
        "not_reproducible",
    ],
    "comparisons": COMPARISON_COLUMNS,
    "standings": STANDING_COLUMNS,
    "tunings": TUNING_COLUMNS,
    "benchmark": BENCHMARK_COLUMNS,
}


def write_table(table: pd.DataFrame, path: str) -> None:
    """Write Parquet or CSV by suffix; equal tables give equal bytes."""
    with atomic_path(path) as part:
        if path.endswith(".parquet"):
            table.to_parquet(part, index=False)
        else:
            table.to_csv(part, index=False, lineterminator="\n")


def read_table(path: str) -> pd.DataFrame:
    """Read what :func:`write_table` wrote.

    Raises
    ------
    UserError
        If the file is damaged, or lacks a column that a table of its name has.
    """
    with reading(path):
        table = pd.read_parquet(path) if path.endswith(".parquet") else _read_csv(path)
        missing = [name for name in REQUIRED.get(Path(path).stem, ()) if name not in table]
        if missing:
            raise ValueError(f"it has no column {', '.join(missing)}")
        if "replicate" in table and "status" in table and not set(table["status"]) <= {*STATUSES}:
            raise ValueError("it has a status that is not known")
        return table


def _read_csv(path: str) -> pd.DataFrame:
    return pd.read_csv(path, dtype=dict.fromkeys(TEXTS, "str"), keep_default_na=False, na_values=[""])
