"""The tables that people read: means and costs with their uncertainty, and paired comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seedbed.core.files import write_json
from seedbed.core.job_records.summaries import SummaryJob
from seedbed.core.labels import StudyLabels
from seedbed.core.statistics.intervals import holm_adjust, mean_interval, median_interval
from seedbed.core.statistics.mean_test import mean_test
from seedbed.core.statuses import NOT_REPRODUCIBLE, STATUSES, USABLE

from .claims import judge_claims
from .evidence import LARGEST
from .judged_claims import write_verdicts
from .standings import rank_methods
from .tables import COMPARISON_COLUMNS, COST_COLUMNS, SUMMARY_COLUMNS, read_table, write_table


@dataclass(frozen=True)
class SummaryFiles:
    """What to write: the first four are CSV, the others JSON."""

    summary: str
    costs: str
    standings: str
    comparisons: str
    claims: str
    state: str


def summarise_files(job: SummaryJob, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Read ``scores`` and ``runs``, and write what :func:`summarise_study` does."""
    summarise_study(job, read_table(inputs["scores"]), read_table(inputs["runs"]), SummaryFiles(**outputs))


def summarise_study(job: SummaryJob, scores: pd.DataFrame, runs: pd.DataFrame, output: SummaryFiles) -> None:
    """Write what a study's scores and runs come to.

    Parameters
    ----------
    job : SummaryJob
        What to judge, and how surely.
    scores, runs : pandas.DataFrame
        The study's tidy tables.
    output : SummaryFiles
    """
    names, level, samples = job.names, job.confidence_level, job.bootstrap_samples
    overlaps = {scenario.name: scenario.overlap for scenario in names.scenarios}
    ranges = {name: metric.bounds for name, metric in names.metrics.items() if metric.bounds}
    write_table(summarise_scores(scores, runs, level, overlaps, ranges), output.summary)
    write_table(summarise_costs(runs, level), output.costs)
    write_table(rank_methods(scores, names, level, runs), output.standings)
    write_table(compare_methods(scores, names, level=level, samples=samples), output.comparisons)
    benchmark = read_table(job.benchmark.path) if job.benchmark else None
    ledger = judge_claims(
        job.claims,
        scores,
        runs,
        benchmark,
        level=level,
        overlaps=overlaps,
        ranges=ranges,
        registered=job.registered,
        budgets={
            name: method.tuning_fits for name, method in names.methods.items() if method.role in ("ours", "baseline")
        },
    )
    write_verdicts(ledger, output.claims)
    write_json({"cells": job.cells}, output.state)


def summarise_scores(
    scores: pd.DataFrame,
    runs: pd.DataFrame,
    level: float = 0.95,
    overlaps: Mapping[str, float | None] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """One row per scenario, method and metric; a cell that failed everywhere is there, with coverage 0.

    Errors and intervals are corrected for the ``overlaps`` of scenarios whose replicates share data. An interval ends
    where the ``ranges`` of the metrics do.

    Columns: ``scenario, method, metric, mean, standard_error, low, high, n_scored, n_expected``.
    """
    values = {key: group.to_numpy() for key, group in scores.groupby(["scenario", "method", "metric"])["value"]}
    rows = []
    metrics = scores.groupby("scenario")["metric"].unique()
    for (scenario, method), expected in runs.groupby(["scenario", "method"], sort=False).size().items():
        for metric in metrics.get(scenario, []):
            cell = values.get((scenario, method, metric), np.empty(0))
            mean, error, *ends = mean_interval(cell, level, (overlaps or {}).get(scenario) or 0.0)
            low, high = np.clip(ends, *(ranges or {}).get(metric, (-np.inf, np.inf)))
            rows.append([scenario, method, metric, mean, error, low, high, np.isfinite(cell).sum(), expected])
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def summarise_costs(runs: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Medians of times and memory over the fits that gave an answer, and how often each status occurred.

    Each cost has its distribution-free interval in the columns ``<cost>_low`` and ``<cost>_high``. The last column,
    ``not_reproducible``, counts the fits whose second fit with the same seed came out differently.
    """
    cells = ["scenario", "method"]
    counts = runs.groupby([*cells, "status"], sort=False).size().unstack("status", fill_value=0)
    table = counts.reindex(columns=list(STATUSES), fill_value=0)
    usable = runs[runs["status"].isin(USABLE)].groupby(cells, sort=False)
    for cost in COST_COLUMNS:
        ends = {key: median_interval(group.to_numpy(), level) for key, group in usable[cost]}
        table[cost] = usable[cost].median()
        for place, name in enumerate((f"{cost}_low", f"{cost}_high")):
            table[name] = [ends[key][place] if key in ends else np.nan for key in table.index]
    differing = runs["message"].fillna("").str.startswith(NOT_REPRODUCIBLE)
    table["not_reproducible"] = differing.groupby([runs[name] for name in cells], sort=False).sum().astype(int)
    return table.reset_index()


def paired_values(scores: Mapping[str, np.ndarray], first: str, second: str) -> np.ndarray:
    """Differences first - second over the replicates that both have; ``scores`` has the replicates of each method."""
    if first not in scores or second not in scores:
        return np.empty(0)
    differences = scores[first] - scores[second]
    return differences[np.isfinite(differences)]


def compare_methods(
    scores: pd.DataFrame, names: StudyLabels, *, level: float = 0.95, samples: int = 2000
) -> pd.DataFrame:
    """Each of our methods against every other method, paired by replicate, per scenario and metric.

    Where nothing is ours, the best contestant of the scenario takes our place: having been chosen by these scores, it
    looks better than it is. Scenarios without a truth are left out: nobody is compared by criteria of another's.
    Infinite scores count as the ledger counts them, as 1e300: a method that diverges has lost that replicate.

    Columns: ``scenario, metric, method, peer, scale, difference`` (mean of method - peer), ``low, high``, ``n`` common
    replicates, ``p_value`` (of the same test as the ledger's), and ``p_holm``, adjusted over the peers of one
    method within the scenario and metric alone: a table to explore, of which no claim is made. Of a metric on
    logarithmic axes, which spans decades, decimal logarithms are compared: ``scale`` is then ``ratio``.
    """
    rows = []
    scores = scores.assign(value=scores["value"].clip(-LARGEST, LARGEST))
    overlaps = {scenario.name: scenario.overlap or 0.0 for scenario in names.scenarios}
    compared = {scenario: _compared_methods(part, names) for scenario, part in scores.groupby("scenario", sort=False)}
    for (scenario, metric), group in scores.groupby(["scenario", "metric"], sort=False):
        table = group.pivot(index="replicate", columns="method", values="value")
        floor = names.metrics[metric].log_floor
        if floor is not None:
            table = np.log10(table.clip(lower=floor))
        values = {name: table[name].to_numpy() for name in table}
        overlap = overlaps.get(scenario, 0.0)
        cell = [scenario, metric], "difference" if floor is None else "ratio"
        for method in compared[scenario]:
            family = []
            for peer in (name for name in names.methods if name != method and name in values):
                differences = paired_values(values, method, peer)
                if len(differences):
                    family.append([*cell[0], method, peer, cell[1], *_compared(differences, level, samples, overlap)])
            adjusted = holm_adjust(np.array([row[-1] for row in family]))
            rows += [[*row, p] for row, p in zip(family, adjusted, strict=True)]
    return pd.DataFrame(rows, columns=COMPARISON_COLUMNS)


def _compared_methods(scores: pd.DataFrame, names: StudyLabels) -> list[str]:
    """Ours, or the best contestant by the main metric; none without a truth."""
    here = scores[np.isfinite(scores["value"])]
    metric = names.ranking_metric(set(here["metric"]))
    if metric is None:
        return []
    if ours := [name for name, role in names.roles.items() if role == "ours"]:
        return ours
    means = here[here["metric"] == metric].groupby("method")["value"].mean()
    means = means[[name for name in means.index if names.methods[name].is_contestant]]
    sign = 1.0 if names.metrics[metric].direction == "higher" else -1.0
    return [str((sign * means).idxmax())] if len(means) else []


def _compared(differences: np.ndarray, level: float, samples: int, overlap: float) -> list[float]:
    """``difference, low, high, n, p_value``."""
    if len(differences) < 2 or overlap >= 1:  # one number, or one data set
        return [differences.mean(), np.nan, np.nan, len(differences), np.nan]
    found = mean_test(differences, level=level, overlap=overlap, resamples=samples, sensitivity=False)
    return [found.mean, found.low, found.high, found.n, found.p_value]
