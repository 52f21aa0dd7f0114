"""Everything that the page shows of one study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seedbed.core.job_records.reports import StudyDescription
from seedbed.core.judging.judged_claims import read_verdicts
from seedbed.core.judging.tables import read_table
from seedbed.core.labels import MetricLabel, ScenarioLabel, StudyLabels
from seedbed.core.planning.understood import what_was_understood
from seedbed.core.statuses import NOT_REPRODUCIBLE, USABLE
from seedbed.report.figures.reading import read_figures
from seedbed.report.formulas import display_formula, with_formulas
from seedbed.report.ledger.findings import findings
from seedbed.report.ledger.rows import ledger_row
from seedbed.report.ledger.words import share_text
from seedbed.report.notation import duration, significant
from seedbed.report.numbers import MISSING, known
from seedbed.report.own_data import about_own_data, is_unranked, own_first
from seedbed.report.standings.heat_maps import heat_maps, overview
from seedbed.report.standings.score_table import score_cells, score_columns
from seedbed.report.standings.which_method import kinds_of_scenarios, main_metric, rank_contestants, scale_text
from seedbed.report.styles import method_styles

from .bundle import pack_picture
from .packed_views import kept_views

TABLES = ("summary", "costs", "standings", "tunings")


def describe_study(names: StudyDescription, folder: Path, level: float = 0.95) -> dict[str, Any]:
    """The tables, claims, figures and failures of a study, ready for the template; ``runs`` for the record."""
    names = own_first(names)
    tables = {name: read_table(str(folder / f"{name}.csv")) for name in TABLES}
    runs, scores = (read_table(str(folder / f"{name}.parquet")) for name in ("runs", "scores"))
    tables["scores"] = scores
    views, pictures = read_figures(folder / "figures")
    used = list(dict.fromkeys(method for scenario in names.scenarios for method in scenario.methods))
    ledger = [ledger_row(claim, names, level) for claim in read_verdicts(folder / "claims.json")]
    maps = heat_maps(names, tables["standings"])
    blocks = [describe_scenario(names, scenario, tables, level) for scenario in names.scenarios]
    return vars(names) | {
        "folder": names.study,
        "method_text": [with_formulas(part) for part in names.method.split("\n\n") if part.strip()],
        "formulas": [display_formula(line) for line in names.formula.splitlines() if line.strip()],
        "styles": method_styles(dict(names.registered), names.roles),
        "used": used,
        "runs": runs,
        "claims": ledger,
        "findings": findings(ledger),
        "overview": overview(maps),
        "maps": maps,
        "kinds": kinds_of_scenarios(names, scores, tables["costs"], level),
        "blocks": blocks,
        "own": about_own_data(names, blocks, folder),
        "tunings": _tunings(names, tables["tunings"]),
        "failures": failures(runs, names),
        "costs": study_costs(names, runs),
        "views": views,
        "packed_views": kept_views(views, folder / "figures" / "views.json"),
        "pictures": {name: pack_picture(drawn) for name, drawn in pictures.items()},
    }


def describe_scenario(
    names: StudyDescription, scenario: ScenarioLabel, tables: dict[str, pd.DataFrame], level: float = 0.95
) -> dict[str, Any]:
    """The table of one scenario: methods in the order of the main metric, best first; of the config without a truth."""
    summary = tables["summary"][tables["summary"]["scenario"] == scenario.name]
    costs = tables["costs"][tables["costs"]["scenario"] == scenario.name].set_index("method")
    cells = {(row.method, row.metric): _cell(row, names.metrics[row.metric]) for row in summary.itertuples()}
    scored = set(summary.loc[summary["n_scored"] > 0, "metric"])
    main = names.ranking_metric(scored)
    metrics = [metric for metric in scenario.metrics if metric in scored] or [*scenario.metrics[:1]]
    metrics.sort(key=lambda metric: metric != main)  # the others as they stand
    rows = [
        {
            "method": method,
            **vars(names.methods[method]),
            "contestant": names.methods[method].is_contestant,
            "cells": [cells.get((method, metric), _NO_CELL) for metric in metrics],
            "cost": costs.loc[method].to_dict() if method in costs.index else None,
        }
        for method in scenario.methods
    ]
    unranked = is_unranked(names, scored)
    if not unranked:
        sign = 1 if names.metrics[metrics[0]].direction == "lower" else -1
        rows.sort(key=lambda row: np.nan_to_num(sign * row["cells"][0]["mean"], nan=np.inf))
    about = [names.metrics[metric] for metric in metrics]
    for row, shown in zip(rows, score_cells(rows, about, names.replicates), strict=True):
        row["shown"] = shown
    describe = names.describe.get(scenario.name)
    understood = what_was_understood(describe, scenario.params) if describe else ""
    scores = tables["scores"]
    leaders = _leaders(names, scenario, rows, scores[scores["scenario"] == scenario.name], level)
    columns = score_columns(about, level)
    found = {"metrics": about, "columns": columns, "rows": rows, "understood": understood, "unranked": unranked}
    return {**vars(scenario), **found, **leaders}


_NO_CELL = {"mean": np.nan, "error": np.nan, "low": np.nan, "high": np.nan, "n": 0, "expected": 0}


def _cell(row: Any, about: MetricLabel) -> dict[str, Any]:
    """Of a metric that is shown on logarithms no value, and so no mean, is below zero."""
    return {
        "mean": row.mean,
        "error": row.standard_error,
        "low": row.low if about.log_floor is None else max(0.0, row.low),
        "high": row.high,
        "n": row.n_scored,
        "expected": row.n_expected,
    }


def _leaders(
    names: StudyLabels, scenario: ScenarioLabel, rows: list[dict[str, Any]], scores: pd.DataFrame, level: float
) -> dict[str, Any]:
    """For the line that stands for a folded scenario: who may be best, and always the method under test."""
    metric = main_metric(names, scenario, scores)
    ranked = rank_contestants(names, [scenario], metric, scores, level) if metric else []
    by_name = {row["method"]: row for row in rows}
    scored = [name for name, row in by_name.items() if known(row["cells"][0]["mean"])]
    ours = [name for name in scenario.methods if names.methods[name].role == "ours" and name in scored]
    under_test = next((name for name in ours if names.methods[name].is_contestant), ours[0] if ours else None)
    under_test = under_test if metric else None
    first = {standing.method for standing in ranked if standing.first == 1}
    return {
        "best": [row for row in rows if row["method"] in first],
        "scale": scale_text(names, [scenario], metric, scores) if metric else "",
        "under_test": by_name[under_test] if under_test else None,
        "rank": next((standing.rank for standing in ranked if standing.method == under_test), ""),
        "n_ranked": len(ranked),
    }


def _tunings(names: StudyLabels, table: pd.DataFrame) -> list[dict[str, Any]]:
    """What was tried for each tuned method and scenario, the chosen parameters first, and how many were."""
    tried = table.groupby(["method", "scenario"]).size()
    rows = table.fillna({"edge": ""}).sort_values(
        ["method", "scenario", "chosen"], ascending=[True, True, False], kind="stable"
    )
    labels = names.method_labels
    return [
        {
            **row,
            "label": labels.get(row["method"], row["method"]),
            "parameters": parameters_text(row["params"]),
            "score": significant(row["mean"]) if known(row["mean"]) else MISSING,
            "tried": int(tried[row["method"], row["scenario"]]),
        }
        for row in rows.to_dict("records")
    ]


def parameters_text(params: str) -> str:
    """Parameters as the table of tunings has them, without those that stayed at nothing.

    >>> parameters_text('{"beta":0.5,"final_order":null,"order":2}')
    'beta = 0.5, order = 2'
    """
    values = json.loads(params).items()
    return ", ".join(f"{name.replace('_', ' ')} = {value}" for name, value in values if value is not None) or "none"


def failures(runs: pd.DataFrame, names: StudyLabels) -> list[dict[str, Any]]:
    """One line per scenario, method, status and message, with the share and the replicates that it befell.

    An answer that another fit with the same seed did not give is listed as ``not reproducible``.
    """
    differs = runs["message"].fillna("").str.startswith(NOT_REPRODUCIBLE)
    told = runs.assign(status=runs["status"].mask(differs, NOT_REPRODUCIBLE))
    bad = told[told["status"] != "ok"]
    expected = runs.groupby(["scenario", "method"]).size()
    groups = bad.groupby(["scenario", "method", "status", "message"], sort=False)["replicate"]
    return [
        {
            "scenario": scenario,
            "method": method,
            "label": names.methods[method].label if method in names.methods else method,
            "status": status,
            "message": message,
            "share": share_text(len(replicates), int(expected[scenario, method]), chance=status != "skipped"),
            "count": len(replicates),
            "replicates": ", ".join(map(str, replicates)),
        }
        for (scenario, method, status, message), replicates in groups
    ]


def study_costs(names: StudyLabels, runs: pd.DataFrame) -> dict[str, Any]:
    """What the study took, and how much of it came out."""
    usable = runs["status"].isin(USABLE)
    asked = names.replicates * sum(len(scenario.methods) for scenario in names.scenarios)
    expected = max(asked, len(runs))  # results of an earlier config may hold more
    skipped = int((runs["status"] == "skipped").sum())  # by design, an oracle on data without the truth, say
    times = runs.loc[usable, "cpu_seconds"].to_numpy(float)
    low, middle, high = np.quantile(times, [0.05, 0.5, 0.95]) if len(times) else [np.nan] * 3
    return {
        "expected": expected,
        "answered": int(usable.sum()),
        "share": share_text(int(usable.sum()), expected - skipped) + (f"; {skipped} skipped" if skipped else ""),
        "skipped": skipped,
        "missing": max(0, expected - len(runs)),
        "counts": {str(key): int(count) for key, count in runs["status"].value_counts().items()},
        "cpu_seconds": float(runs["cpu_seconds"].sum()),
        "wall_seconds": float(runs["wall_seconds"].sum()),
        "typical": {"middle": float(middle), "text": duration(middle, low, high)},
        "peak_memory_mb": float(runs["peak_memory_mb"].max()) if len(runs) else np.nan,
    }
