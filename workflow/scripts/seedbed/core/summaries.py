"""The tables that people read: means and costs with their uncertainty, and paired comparisons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .claims import judge_claims
from .files import write_json
from .standings import rank_methods
from .statistics import bootstrap_interval, holm_adjust, mean_interval, median_interval, signed_rank_pvalue
from .statuses import STATUSES, USABLE
from .tables import COMPARISON_COLUMNS, COST_COLUMNS, SUMMARY_COLUMNS, read_table, write_table


def summarise_study(job: dict[str, Any], scores: pd.DataFrame, runs: pd.DataFrame, output: Any) -> None:
    """Write what a study's scores and runs come to.

    Parameters
    ----------
    job : dict
        ``names`` (see ``StudyPlan.names``), ``claims``, ``benchmark`` (None, or a dict with its ``path``), ``cells``
        (the digest of what the config asks for), ``confidence_level``, ``bootstrap_samples``.
    scores, runs : pandas.DataFrame
        The study's tidy tables.
    output : object
        With the attributes ``summary, costs, standings, comparisons`` (CSV), ``claims`` and ``state`` (JSON):
        the files to write.
    """
    names, level, samples = job["names"], job["confidence_level"], job["bootstrap_samples"]
    write_table(summarise_scores(scores, runs, level), output.summary)
    write_table(summarise_costs(runs, level), output.costs)
    write_table(rank_methods(scores, names, level), output.standings)
    write_table(compare_methods(scores, names, level=level, samples=samples), output.comparisons)
    benchmark = read_table(job["benchmark"]["path"]) if job["benchmark"] else None
    write_json(judge_claims(job["claims"], scores, runs, benchmark, level=level, samples=samples), output.claims)
    write_json({"cells": job["cells"]}, output.state)


def summarise_scores(scores: pd.DataFrame, runs: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """One row per scenario, method and metric; a cell that failed everywhere is there, with coverage 0.

    Columns: ``scenario, method, metric, mean, standard_error, low, high, n_scored, n_expected``.
    """
    values = {key: group.to_numpy() for key, group in scores.groupby(["scenario", "method", "metric"])["value"]}
    rows = []
    metrics = scores.groupby("scenario")["metric"].unique()
    for (scenario, method), expected in runs.groupby(["scenario", "method"], sort=False).size().items():
        for metric in metrics.get(scenario, []):
            cell = values.get((scenario, method, metric), np.empty(0))
            rows.append([scenario, method, metric, *mean_interval(cell, level), np.isfinite(cell).sum(), expected])
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def summarise_costs(runs: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Medians of times and memory over the fits that gave an answer, and how often each status occurred.

    Each cost has its distribution-free interval in the columns ``<cost>_low`` and ``<cost>_high``.
    """
    cells = ["scenario", "method"]
    counts = runs.groupby([*cells, "status"], sort=False).size().unstack("status", fill_value=0)
    table = counts.reindex(columns=list(STATUSES), fill_value=0)
    usable = runs[runs["status"].isin(USABLE)].groupby(cells, sort=False)
    for cost in COST_COLUMNS:
        medians = {key: (group.median(), *median_interval(group.to_numpy(), level)) for key, group in usable[cost]}
        for place, name in enumerate((cost, f"{cost}_low", f"{cost}_high")):
            table[name] = [medians[key][place] if key in medians else np.nan for key in table.index]
    return table.reset_index()


def paired_values(scores: pd.DataFrame, first: str, second: str) -> np.ndarray:
    """Differences first - second over the replicates that both have; ``scores`` is replicate x method."""
    if first not in scores or second not in scores:
        return np.empty(0)
    differences = (scores[first] - scores[second]).to_numpy()
    return differences[np.isfinite(differences)]


def compare_methods(
    scores: pd.DataFrame, names: dict[str, Any], *, level: float = 0.95, samples: int = 2000
) -> pd.DataFrame:
    """Each of our methods against every other method, paired by replicate, per scenario and metric.

    Columns: ``scenario, metric, method, peer, scale, difference`` (mean of method - peer), bootstrap ``low,
    high``, ``n`` common replicates, Wilcoxon ``p_value``, and ``p_holm``, adjusted over the peers of one
    method within the scenario and metric. Of a metric on logarithmic axes, which spans decades, decimal logarithms
    are compared: ``scale`` is then ``ratio`` and not ``difference``.
    """
    rows = []
    ours = [name for name, method in names["methods"].items() if method["role"] == "ours"]
    for (scenario, metric), group in scores.groupby(["scenario", "metric"], sort=False):
        table = group.pivot(index="replicate", columns="method", values="value")
        floor = names["metrics"][metric]["log_floor"]
        if floor is not None:
            table = np.log10(table.clip(lower=floor))
        cell = [scenario, metric], "difference" if floor is None else "ratio"
        for method in ours:
            family = []
            for peer in (name for name in names["methods"] if name != method):
                differences = paired_values(table, method, peer)
                if len(differences):
                    effect = differences.mean(), *bootstrap_interval(differences, level, samples), len(differences)
                    family.append([*cell[0], method, peer, cell[1], *effect, signed_rank_pvalue(differences)])
            adjusted = holm_adjust(np.array([row[-1] for row in family]))
            rows += [[*row, p] for row, p in zip(family, adjusted, strict=True)]
    return pd.DataFrame(rows, columns=COMPARISON_COLUMNS)
