"""Everything that the page shows of one study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..core.claims import read_verdicts
from ..core.statuses import USABLE
from ..core.tables import read_table
from .bundle import read_figures
from .formulas import display_formula, with_formulas
from .ledger import ledger_row, share_text
from .standings_map import heat_maps, overview
from .styles import method_styles

RESULTS = Path("results")
TABLES = ("summary", "costs", "comparisons", "standings", "tunings")


def describe_study(names: dict[str, Any]) -> dict[str, Any]:
    """The tables, claims, figures and failures of a study, ready for the template; ``runs`` for the record."""
    folder = RESULTS / names["study"]
    tables = {name: read_table(str(folder / f"{name}.csv")) for name in TABLES}
    runs = read_table(str(folder / "runs.parquet"))
    roles = {name: method["role"] for name, method in names["methods"].items()}
    views, pictures = read_figures(folder / "figures")
    used = list(dict.fromkeys(method for scenario in names["scenarios"] for method in scenario["methods"]))
    claims = read_verdicts(folder / "claims.json")
    return names | {
        "folder": names["study"],
        "method_text": [with_formulas(part) for part in names["method"].split("\n\n") if part.strip()],
        "formulas": [display_formula(line) for line in names["formula"].splitlines() if line.strip()],
        "styles": method_styles(dict(names["registered"]), roles),
        "used": used,
        "runs": runs,
        "claims": [ledger_row(claim, names) for claim in claims],
        "overview": overview(names, tables["standings"]),
        "maps": heat_maps(names, tables["standings"]),
        "blocks": [describe_scenario(names, scenario, tables) for scenario in names["scenarios"]],
        "tunings": _tunings(names, tables["tunings"]),
        "failures": failures(runs, names),
        "costs": study_costs(names, runs),
        "views": views,
        "pictures": pictures,
    }


def describe_scenario(names: dict, scenario: dict[str, Any], tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """The table of one scenario: methods in the order of the main metric, best first."""
    summary = tables["summary"][tables["summary"]["scenario"] == scenario["name"]]
    costs = tables["costs"][tables["costs"]["scenario"] == scenario["name"]].set_index("method")
    cells = {(row.method, row.metric): row for row in summary.itertuples()}
    scored = set(summary.loc[summary["n_scored"] > 0, "metric"])
    metrics = [metric for metric in scenario["metrics"] if metric in scored] or scenario["metrics"][:1]
    rows = [
        {
            "method": method,
            **names["methods"][method],
            "cells": [_cell(cells.get((method, metric))) for metric in metrics],
            "cost": costs.loc[method].to_dict() if method in costs.index else None,
        }
        for method in scenario["methods"]
    ]
    sign = 1 if names["metrics"][metrics[0]]["direction"] == "lower" else -1
    rows.sort(key=lambda row: np.nan_to_num(sign * row["cells"][0]["mean"], nan=np.inf))
    about = [{"name": metric, **names["metrics"][metric]} for metric in metrics]
    return {**scenario, "metrics": about, "rows": rows, "best": _best(rows)}


def _cell(row: Any) -> dict[str, Any]:
    if row is None:
        return {"mean": np.nan, "error": np.nan, "low": np.nan, "high": np.nan, "n": 0, "expected": 0}
    return {
        "mean": row.mean,
        "error": row.standard_error,
        "low": row.low,
        "high": row.high,
        "n": row.n_scored,
        "expected": row.n_expected,
    }


def _best(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For the line that stands for a folded scenario: the best contestant, and the best of ours."""
    contestants = [row for row in rows if row["role"] in ("ours", "baseline") and row["cells"][0]["n"]]
    ours = [row for row in contestants if row["role"] == "ours"]
    return contestants[:1] + (ours[:1] if ours[:1] != contestants[:1] else [])


def _tunings(names: dict[str, Any], table: pd.DataFrame) -> list[dict[str, Any]]:
    """What was tried for each tuned method, the chosen parameters first."""
    rows = table.sort_values(["method", "scenario", "chosen"], ascending=[True, True, False], kind="stable")
    labels = {name: method["label"] for name, method in names["methods"].items()}
    return [{**row, "label": labels.get(row["method"], row["method"])} for row in rows.to_dict("records")]


def failures(runs: pd.DataFrame, names: dict[str, Any]) -> list[dict[str, Any]]:
    """One line per scenario, method, status and message, with the share and the replicates that it befell."""
    bad = runs[runs["status"] != "ok"]
    expected = runs.groupby(["scenario", "method"]).size()
    groups = bad.groupby(["scenario", "method", "status", "message"], sort=False)["replicate"]
    return [
        {
            "scenario": scenario,
            "method": method,
            "label": names["methods"][method]["label"] if method in names["methods"] else method,
            "status": status,
            "message": message,
            "share": share_text(len(replicates), int(expected[scenario, method])),
            "count": len(replicates),
            "replicates": ", ".join(map(str, replicates)),
        }
        for (scenario, method, status, message), replicates in groups
    ]


def study_costs(names: dict[str, Any], runs: pd.DataFrame) -> dict[str, Any]:
    """What the study took, and how much of it came out."""
    usable = runs["status"].isin(USABLE)
    expected = names["replicates"] * sum(len(scenario["methods"]) for scenario in names["scenarios"])
    times = runs.loc[usable, "cpu_seconds"].to_numpy(float)
    low, middle, high = np.quantile(times, [0.05, 0.5, 0.95]) if len(times) else [np.nan] * 3
    return {
        "expected": expected,
        "answered": int(usable.sum()),
        "share": share_text(int(usable.sum()), expected),
        "missing": max(0, expected - len(runs)),
        "counts": {str(key): int(count) for key, count in runs["status"].value_counts().items()},
        "cpu_seconds": float(runs["cpu_seconds"].sum()),
        "wall_seconds": float(runs["wall_seconds"].sum()),
        "typical": {"low": float(low), "middle": float(middle), "high": float(high)},
        "peak_memory_mb": float(runs["peak_memory_mb"].max()) if len(runs) else np.nan,
    }
