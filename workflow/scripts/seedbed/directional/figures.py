"""Figures of the directional study: errors per scenario; kappa against p and speed by region over all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by every common kind of colour vision; shapes for print without colour
_ROLES = {
    "ours": ("#D55E00", "o"),
    "baseline": ("#0072B2", "s"),
    "oracle": ("#009E73", "D"),
    "control": ("#666666", "X"),
}
_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#666666")
_MARKERS = "osD^vPX*"
# the first of these that a scenario has is drawn
_FOR_SCENARIO = (
    ("scaled_error", "largest error over the condition (log scale)", True),
    ("kappa_error", "relative error of kappa against the exact estimate (log scale)", True),
    ("clustering_error", "clustering error (share of rows)", False),
)
SMALLEST = 1e-17  # a logarithmic axis has no zero


def errors(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """The error of every method in one scenario, with its share of failures, and the CPU time beside it.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs`` (data frames), ``scenario`` (id), ``labels``, ``roles``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, role, metric, error, failures, cpu_seconds, replicates``; ``error``
        is the median over replicates.
    """
    scores = tables.scores[tables.scores["scenario"] == tables.scenario]
    metric, axis, logarithmic = next(
        (row for row in _FOR_SCENARIO if scores.loc[scores["metric"] == row[0], "value"].notna().any()),
        _FOR_SCENARIO[0],
    )
    table = _method_table(tables, scores, metric)
    figure = Figure(figsize=(11, 1.8 + 0.3 * max(4, len(table))), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[3, 2], sharey=True)
    for position, row in enumerate(table.itertuples()):
        colour, marker = _ROLES[row.role]
        style = {"color": colour, "marker": marker, "linestyle": "", "markeredgecolor": "white"}
        if np.isfinite(row.error):
            left.plot(max(row.error, SMALLEST) if logarithmic else row.error, position, **style)
        if row.failures > 0:
            where = left.get_yaxis_transform()
            note = f"{row.failures:.0%} not finite"
            left.text(0.99, position, note, transform=where, ha="right", va="center", fontsize=8, color=colour)
        if row.cpu_seconds > 0:
            right.plot(row.cpu_seconds, position, **style)
    if logarithmic:
        left.set_xscale("log")
    right.set_xscale("log")
    left.set_yticks(np.arange(len(table)), table["label"], fontsize=8)
    left.set_ylim(max(1, len(table)) - 0.5, -0.5)
    left.set_xlabel(f"{axis}\nmedian over replicates; lower is better")
    right.set_xlabel("CPU seconds for the data of one replicate (median)")
    for axes in (left, right):
        _plain(axes)
    return figure, table


def _method_table(tables: Any, scores: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row per method with a result in this scenario, best first."""
    runs = tables.runs[tables.runs["scenario"] == tables.scenario]
    usable = runs[runs["status"].isin(["ok", "not_converged"])]
    values = {
        name: scores[scores["metric"] == name].groupby("method")["value"].median() for name in (metric, "failures")
    }
    order = list(dict.fromkeys(usable["method"]))
    rows = pd.DataFrame({"method": order})
    rows.insert(0, "scenario", tables.scenario)
    rows["label"] = [tables.labels.get(method, method) for method in order]
    rows["role"] = [tables.roles.get(method, "baseline") for method in order]
    rows["metric"] = metric
    rows["error"] = rows["method"].map(values[metric]).astype(float)
    rows["failures"] = rows["method"].map(values["failures"]).astype(float)
    rows["cpu_seconds"] = rows["method"].map(usable.groupby("method")["cpu_seconds"].median()).astype(float)
    rows["replicates"] = rows["method"].map(usable.groupby("method").size())
    return rows.sort_values("error", kind="stable", na_position="last").reset_index(drop=True)


def kappa_by_dimension(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """Error of kappa against the exact maximum-likelihood estimate, over the scenarios with one law.

    Scenarios are drawn in the order of the config, which is that of the dimension; an estimate that is
    wrong by more than a factor of two sits on the upper edge.

    Parameters
    ----------
    tables : object
        As for :func:`errors`, over all scenarios.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, kappa_error`` (median over replicates).
    """
    table = _medians(tables, "kappa_error")
    figure, axes = _study_axes(table, tables, "kappa_error", lambda value: np.clip(value, SMALLEST, 1.0))
    axes.set_ylabel("relative error of kappa (median)")
    return figure, table


def speed_by_region(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """CPU time for the points of one replicate, by region of the plane.

    Parameters
    ----------
    tables : object
        As for :func:`errors`, over all scenarios.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, cpu_seconds`` (median over replicates).
    """
    evaluated = _medians(tables, "scaled_error")[["scenario", "method", "label"]]
    usable = tables.runs[tables.runs["status"].isin(["ok", "not_converged"])]
    seconds = usable.groupby(["scenario", "method"], sort=False)["cpu_seconds"].median()
    table = evaluated.join(seconds, on=["scenario", "method"])
    figure, axes = _study_axes(table, tables, "cpu_seconds", lambda value: value)
    axes.set_ylabel("CPU seconds for the points of one replicate (median)")
    return figure, table


def _medians(tables: Any, metric: str) -> pd.DataFrame:
    scores = tables.scores[(tables.scores["metric"] == metric) & tables.scores["value"].notna()]
    table = scores.groupby(["scenario", "method"], sort=False)["value"].median().rename(metric).reset_index()
    table.insert(2, "label", [tables.labels.get(method, method) for method in table["method"]])
    return table


def _study_axes(table: pd.DataFrame, tables: Any, column: str, shown: Any) -> tuple[Figure, Axes]:
    """A line per method over the scenarios."""
    figure = Figure(figsize=(10, 5), layout="constrained")
    axes = figure.subplots()
    scenarios = list(dict.fromkeys(table["scenario"]))
    positions = {scenario: i for i, scenario in enumerate(scenarios)}
    for k, (method, rows) in enumerate(table.groupby("method", sort=False)):
        at = rows["scenario"].map(positions)
        axes.plot(
            at,
            shown(rows[column]),
            color=_COLOURS[k % len(_COLOURS)],
            marker=_MARKERS[k % len(_MARKERS)],
            linewidth=1,
            label=tables.labels.get(method, method),
        )
    if table.empty:
        axes.text(0.5, 0.5, "no results", transform=axes.transAxes, ha="center")
    else:
        axes.set_yscale("log")
        figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=8)
    axes.set_xticks(range(len(scenarios)), scenarios, rotation=60, ha="right", fontsize=8)
    _plain(axes)
    return figure, axes


def _plain(axes: Axes) -> None:
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
