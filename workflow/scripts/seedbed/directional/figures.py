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
# the main metric of each task, of which a scenario has one
_MAIN = {
    "scaled_error": ("largest error over the condition, 1 if not finite (log scale)", True),
    "kappa_error": ("relative error of kappa against the exact estimate (log scale)", True),
    "clustering_error": ("clustering error (share of rows)", False),
}
SMALLEST = 1e-17  # a logarithmic axis has no zero


def errors(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """The error of every method in one scenario, with its share of failures, and the CPU time beside it.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs`` (data frames), ``scenario`` (id), ``labels``, ``roles``, and
        ``cells(scenario, method)``, which yields the ``(data, fit)`` arrays of every replicate.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, role, metric, error, failures, cpu_seconds, replicates``; ``error``
        is the median over replicates,
        ``cpu_seconds`` the median time of one run inside the method.
    """
    metric = next((name for name in _MAIN if (tables.scores["metric"] == name).any()), "scaled_error")
    axis, logarithmic = _MAIN[metric]
    table = _method_table(tables, metric)
    figure = Figure(figsize=(11, 1.8 + 0.3 * max(4, len(table))), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[3, 2], sharey=True)
    for position, row in enumerate(table.itertuples()):
        colour, marker = _ROLES[row.role]
        style = {"color": colour, "marker": marker, "linestyle": "", "markeredgecolor": "white"}
        if np.isfinite(row.error):
            left.plot(max(row.error, SMALLEST) if logarithmic else row.error, position, **style)
        if row.failures > 0:
            beside = {"xytext": (-7, 0), "textcoords": "offset points", "ha": "right", "va": "center"}
            left.annotate(f"{row.failures:.1%} not finite", (1.0, position), color=colour, fontsize=8, **beside)
        if row.cpu_seconds > 0:
            right.plot(row.cpu_seconds, position, **style)
    if logarithmic:
        left.set_xscale("log")
    right.set_xscale("log")
    left.set_yticks(np.arange(len(table)), table["label"], fontsize=8)
    left.set_ylim(max(1, len(table)) - 0.5, -0.5)
    left.set_xlabel(f"{axis}\nmedian over replicates; lower is better")
    right.set_xlabel("CPU seconds for one replicate (median)")
    for axes in (left, right):
        _plain(axes)
    return figure, table


def _method_table(tables: Any, metric: str) -> pd.DataFrame:
    """One row per method with a result in this scenario, best first."""
    usable, scores = tables.runs[tables.runs["status"].isin(["ok", "not_converged"])], tables.scores
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

    Scenarios are ordered by dimension; an estimate that is wrong by more than a factor of two sits on the
    upper edge.

    Parameters
    ----------
    tables : object
        As for :func:`errors`, over all scenarios.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, kappa_error`` (median over replicates) and ``dimension``.
    """
    table = _medians(tables, "kappa_error")
    table["dimension"] = _of_scenarios(tables, table, lambda data: data["X"].shape[1])
    table = table.sort_values("dimension", kind="stable", ignore_index=True)
    figure, axes = _study_axes(table, tables, "kappa_error", lambda value: np.clip(value, SMALLEST, 1.0))
    known = table.drop_duplicates("scenario")
    names = [f"p = {p}\n{name}" for name, p in zip(known["scenario"], known["dimension"], strict=True)]
    axes.set_xticks(range(len(names)), names, rotation=0 if len(names) < 8 else 60, fontsize=8)
    axes.set_ylabel("relative error of kappa (median)")
    return figure, table


def speed_by_region(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """Nanoseconds per evaluation, by region of the plane.

    Parameters
    ----------
    tables : object
        As for :func:`errors`, over all scenarios.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, nanoseconds`` (median over replicates).
    """
    table = _medians(tables, "scaled_error")[["scenario", "method", "label"]]
    usable = tables.runs[tables.runs["status"].isin(["ok", "not_converged"])]
    seconds = usable.groupby(["scenario", "method"], sort=False)["cpu_seconds"].median()
    points = _of_scenarios(tables, table, lambda data: data["v"].size)
    table["nanoseconds"] = 1e9 * table.join(seconds, on=["scenario", "method"])["cpu_seconds"] / points
    figure, axes = _study_axes(table, tables, "nanoseconds", lambda value: value)
    axes.set_ylabel("nanoseconds per evaluation, one thread (median)")
    return figure, table


def _of_scenarios(tables: Any, table: pd.DataFrame, size: Any) -> pd.Series:
    """A size of the data in the scenario of each row, from the first replicate that a method answered."""
    first = table.drop_duplicates("scenario")[["scenario", "method"]]
    sizes = {name: size(next(tables.cells(name, method))[0]) for name, method in first.itertuples(index=False)}
    return table["scenario"].map(sizes).astype(float if table.empty else int)


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
