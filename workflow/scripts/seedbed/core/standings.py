"""Where each method stands between the control and the oracle: one scale for all scenarios and studies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from .statistics import mean_interval
from .tables import STANDING_COLUMNS

OVERALL = "(all)"  # the scenario of a method's mean over the scenarios


def rank_methods(scores: pd.DataFrame, names: dict[str, Any], level: float = 0.95) -> pd.DataFrame:
    r"""Standings of all methods, per scenario and over all of them.

    .. math:: s = \frac{g(x) - \bar g_{control}}{\bar g_{oracle} - \bar g_{control}},

    with :math:`g` the main metric turned so that higher is better (its logarithm, if it is shown on logarithmic
    axes): 0 for the control, 1 for the oracle. Where a scenario has no control, the worst method takes its place,
    and where it has no oracle, the best one. The main metric is the first of the scenario's metrics that has
    values. The interval is Student's over replicates, with the two ends of the scale held fixed.

    Parameters
    ----------
    scores : pandas.DataFrame
        The tidy table of a study.
    names : dict
        See ``StudyPlan.names``.
    level : float
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        ``scenario, method, metric, standing, low, high, n_scored, n_expected`` (replicates), and ``zero`` and
        ``one``, the methods that stand for 0 and 1. Rows of the scenario ``(all)`` are means over the
        scenarios that a method was to run in, which ``n_scored`` and ``n_expected`` count there.
    """
    tables = {
        scenario: group.pivot_table(index="replicate", columns=["metric", "method"], values="value")
        for scenario, group in scores.groupby("scenario", sort=False)
    }
    rows = []
    for scenario in names["scenarios"]:
        rows += _scenario_rows(scenario, tables.get(scenario["name"], pd.DataFrame()), names, level)
    table = pd.DataFrame(rows, columns=STANDING_COLUMNS)
    overall = [_overall(method, table[table["method"] == method]) for method in names["methods"]]
    known = [pd.DataFrame([row for row in overall if row], columns=STANDING_COLUMNS), table]
    return pd.concat([part for part in known if len(part)], ignore_index=True) if rows else table


def _scenario_rows(scenario: dict[str, Any], table: pd.DataFrame, names: dict[str, Any], level: float) -> list[list]:
    found = set(table.columns.get_level_values("metric")) if len(table) else set()
    metric = next((name for name in scenario["metrics"] if name in found), scenario["metrics"][0])
    values = _turn(names["metrics"][metric])(table[metric]) if metric in found else pd.DataFrame()
    means = values.mean().dropna()
    zero, one = _ends(means, {name: names["methods"][name]["role"] for name in scenario["methods"]})
    rows = []
    for method in scenario["methods"]:
        column = values[method].to_numpy(float) if method in values else np.empty(0)
        standing, low, high = np.nan, np.nan, np.nan
        if zero and means[one] > means[zero]:
            standings = (column - means[zero]) / (means[one] - means[zero])
            standing, _, low, high = mean_interval(standings, level)
        counts = int(np.isfinite(column).sum()), names["replicates"]
        rows.append([scenario["name"], method, metric, standing, low, high, *counts, zero, one])
    return rows


def _turn(metric: dict[str, Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Higher is better, on the scale that the metric is shown on."""
    sign = 1.0 if metric["direction"] == "higher" else -1.0
    floor = metric["log_floor"]
    return lambda values: sign * (values if floor is None else np.log10(np.maximum(values, floor)))


def _ends(means: pd.Series, roles: dict[str, str]) -> tuple[str, str]:
    """The best control, or else the worst method; the best oracle, or else the best method."""
    if means.empty:
        return "", ""
    controls, oracles = (
        means[[name for name in means.index if roles.get(name) == role]] for role in ("control", "oracle")
    )
    return str((controls if len(controls) else -means).idxmax()), str((oracles if len(oracles) else means).idxmax())


def _overall(method: str, rows: pd.DataFrame) -> list | None:
    """The mean over scenarios; its error that of a mean of independent means."""
    if rows.empty:
        return None
    known = rows[rows["standing"].notna()]
    half = np.sqrt((((known["high"] - known["low"]) / 2) ** 2).sum()) / max(1, len(known))
    mean = known["standing"].mean()
    return [OVERALL, method, "", mean, mean - half, mean + half, len(known), len(rows), "", ""]
