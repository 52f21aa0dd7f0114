"""The benchmark as the page shows it: ratios of CPU time, with their range over the turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seedbed.core.job_records.summaries import BenchmarkTable
from seedbed.core.judging.listed_turns import listed_turns
from seedbed.report.numbers import number

ABSENT = {"clock": "cpu", "warm": False}  # from older tables


def describe_benchmark(found: BenchmarkTable, table: pd.DataFrame) -> dict[str, Any]:
    """The table of one study, and whether the code has changed since it was measured."""
    ours = {case: rows.iloc[0] for case, rows in table.groupby("case", sort=False)}
    rows = [
        {
            "clock": "cpu",
            "warm": False,
            **row.replace({np.nan: None}).to_dict(),
            "spread": ratio_range(row, ours[row["case"]]),
        }
        for _, row in table.iterrows()
    ]
    return {
        "study": str(table["study"].iloc[0]),
        "path": "/".join(Path(found.path).parts[-2:]),
        "rows": rows,
        "outdated": set(table["job"]) != {found.job},
        "versions": str(table["versions"].iloc[0]),
        "machine": str(table["machine"].iloc[0]) if "machine" in table else "",
    }


def ratio_range(row: pd.Series, ours: pd.Series) -> str:
    """Smallest and largest ratio over the turns; of a table that does not list all of them, minimum and median."""
    mine, theirs = listed_turns(ours), listed_turns(row)
    if len(mine) == len(theirs) > 0:
        ratios = theirs / mine
    else:
        ratios = np.array([row[key] / ours[key] for key in ("cpu_seconds_min", "cpu_seconds_median")], float)
    ratios = ratios[np.isfinite(ratios)]
    return f"[{number(ratios.min())}, {number(ratios.max())}]" if len(ratios) else "–"
