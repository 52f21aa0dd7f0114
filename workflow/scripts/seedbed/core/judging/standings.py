"""Where each method stands between the control and the oracle: one scale for all scenarios and studies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from seedbed.core.labels import MetricLabel, ScenarioLabel, StudyLabels
from seedbed.core.statistics.intervals import mean_interval
from seedbed.core.statuses import FAILED

from .tables import STANDING_COLUMNS

OVERALL = "(all)"  # the scenario of a method's mean over the scenarios
_FEWEST = 3  # methods below which nobody stands between others


def rank_methods(
    scores: pd.DataFrame, names: StudyLabels, level: float = 0.95, runs: pd.DataFrame | None = None
) -> pd.DataFrame:
    r"""Standings of all methods, per scenario and over all of them.

    .. math:: s = \frac{g(x) - \bar g_{control}}{\bar g_{oracle} - \bar g_{control}},

    with :math:`g` the main metric turned so that higher is better (its logarithm, if it is shown on logarithmic
    axes): 0 for the control, 1 for the oracle; where a scenario has no oracle, the best method takes its place. The
    main metric is the first of the scenario's metrics that has values and can rank. Where there is none, since no truth
    is known, where there is no control, or fewer than three methods have scores, there are no standings: the scores
    stand for themselves. The interval is Student's over replicates, with the two ends of the scale held fixed: it
    is too narrow, above all where a method stands in for the oracle. A fit that failed stands where the control does,
    and a score that is infinitely bad where the worst of the same data does, no better than the control. What the
    standing can have been, with the worst and the best score of the same data in the place of every score that is
    missing, stands beside it. Where an end of the scale is infinite there are no standings either.

    Parameters
    ----------
    scores : pandas.DataFrame
        The tidy table of a study.
    names : StudyLabels
        What is to be ranked, by which metric, and who is control and oracle.
    level : float
        Of the intervals.
    runs : pandas.DataFrame, optional
        Which fits failed.

    Returns
    -------
    pandas.DataFrame
        ``scenario, method, metric, standing, low, high, n_scored, n_failed, n_expected`` (replicates), ``zero`` and
        ``one``, the methods that stand for 0 and 1; ``score``, the mean of the metric; and where scores are missing
        ``least`` and ``most``, between which the standing lies whatever they were. Rows of the scenario ``(all)`` are
        means over the scenarios that a method was to run in; there ``n_scored`` are those with a standing, of
        ``n_expected`` of its task, and ``n_failed`` those in which a fit failed.
    """
    tables = {
        scenario: group.pivot_table(index="replicate", columns=["metric", "method"], values="value")
        for scenario, group in scores.groupby("scenario", sort=False)
    }
    failed = _failures(runs)
    rows = []
    for scenario in names.scenarios:
        rows += _scenario_rows(scenario, tables.get(scenario.name, pd.DataFrame()), names, level, failed)
    table = pd.DataFrame(rows, columns=STANDING_COLUMNS)
    overall = [_overall(method, table, _expected(method, names)) for method in names.methods]
    known = [pd.DataFrame([row for row in overall if row], columns=STANDING_COLUMNS), table]
    return pd.concat([part for part in known if len(part)], ignore_index=True) if rows else table


def _failures(runs: pd.DataFrame | None) -> dict[tuple[str, str], int]:
    """How many fits of a scenario and a method failed."""
    if runs is None:
        return {}
    counts = runs[runs["status"].isin(FAILED)].groupby(["scenario", "method"]).size()
    return {key: int(count) for key, count in counts.items()}


def _scenario_rows(
    scenario: ScenarioLabel, table: pd.DataFrame, names: StudyLabels, level: float, failed: dict
) -> list[list]:
    found = set(table.columns.get_level_values("metric")) if len(table) else set()
    ranking = names.ranking_metric(found)
    metric = ranking or next((name for name in scenario.metrics if name in found), scenario.metrics[0])
    scores = table[metric] if metric in found else pd.DataFrame()
    values = _turn(names.metrics[metric])(scores) if len(scores) else scores
    means = values.mean().dropna()
    zero, one = _ends(means, {name: names.methods[name].role for name in scenario.methods}) if ranking else ("", "")
    scaled = None
    if zero and 0 < means[one] - means[zero] < np.inf:
        scaled = (values - means[zero]) / (means[one] - means[zero])
        worst = scaled.where(np.isfinite(scaled)).min(axis=1).clip(upper=0.0).fillna(0.0)  # of each data set
        scaled = scaled.mask(scaled == -np.inf, worst, axis=0).replace(np.inf, np.nan)
    rows = []
    for method in scenario.methods:
        column = values[method].to_numpy(float) if method in values else np.empty(0)
        standing, low, high, bounds = np.nan, np.nan, np.nan, (np.nan, np.nan)
        broken = failed.get((scenario.name, method), 0)
        if scaled is not None:
            known = scaled[method].dropna() if method in scaled else pd.Series(dtype=float)
            standings = np.concatenate([known.to_numpy(float), np.zeros(broken)])
            standing, _, low, high = mean_interval(standings, level, scenario.overlap or 0.0)
            bounds = _bounds(scaled, known, names.replicates)
        counts = int((~np.isnan(column)).sum()), broken, names.replicates
        score = scores[method].mean() if method in scores else np.nan
        rows.append([scenario.name, method, metric, standing, low, high, *counts, zero, one, score, *bounds])
    return rows


def _bounds(scaled: pd.DataFrame, known: pd.Series, replicates: int) -> tuple[float, float]:
    """The mean with the worst, and with the best, that any method reached on the same data where a score is missing."""
    missing = replicates - len(known)
    if not missing:
        return np.nan, np.nan
    ends = []
    for end in ("min", "max"):
        extremes = getattr(scaled, end)(axis=1).dropna()
        there = extremes.drop(known.index)
        elsewhere = getattr(extremes, end)()  # data on which no method has a score
        ends.append(float((known.sum() + there.sum() + elsewhere * (missing - len(there))) / replicates))
    return ends[0], ends[1]


def _turn(metric: MetricLabel) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Higher is better, on the scale that the metric is shown on."""
    sign = 1.0 if metric.direction == "higher" else -1.0
    floor = metric.log_floor
    return lambda values: sign * (values if floor is None else np.log10(np.maximum(values, floor)))


def _ends(means: pd.Series, roles: dict[str, str]) -> tuple[str, str]:
    """The best control, and the best oracle, or else the best method; none without a control or of two methods."""
    controls, oracles = (
        means[[name for name in means.index if roles.get(name) == role]] for role in ("control", "oracle")
    )
    if len(means) < _FEWEST or controls.empty:
        return "", ""
    return str(controls.idxmax()), str((oracles if len(oracles) else means).idxmax())


def _expected(method: str, names: StudyLabels) -> list[str]:
    """The scenarios of the method's tasks, those too that the config leaves out for it."""
    tasks = {scenario.task for scenario in names.scenarios if method in scenario.methods}
    return [scenario.name for scenario in names.scenarios if scenario.task in tasks]


def _overall(method: str, table: pd.DataFrame, expected: list[str]) -> list | None:
    """The mean over scenarios; its error that of a mean of independent means.

    Its bounds have the worst and the best standing of a scenario in which it was not run.
    """
    rows = table[table["method"] == method]
    if rows.empty:
        return None
    known = rows[rows["standing"].notna()]
    half = np.sqrt((((known["high"] - known["low"]) / 2) ** 2).sum()) / max(1, len(known))
    mean = known["standing"].mean()
    counts = len(known), int((rows["n_failed"] > 0).sum()), len(expected)
    elsewhere = table[table["scenario"].isin({*expected} - {*rows["scenario"]})].groupby("scenario")["standing"]
    bounds = [np.nan, np.nan]
    if len(elsewhere) or rows["least"].notna().any():
        ends = ("least", elsewhere.min()), ("most", elsewhere.max())
        bounds = [pd.concat([rows[end].fillna(rows["standing"]), there]).mean() for end, there in ends]
    return [OVERALL, method, "", mean, mean - half, mean + half, *counts, "", "", np.nan, *bounds]
