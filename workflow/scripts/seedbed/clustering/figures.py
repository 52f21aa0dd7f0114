"""Figures of the clustering study: recovery per scenario, and the certificates of all scenarios."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

MAIN_METRIC, WITHOUT_TRUTH = "misclustering_error", "within_cluster_sum_of_squares"
_AXIS_LABELS = {
    MAIN_METRIC: "mis-clustering error (share of points)",
    WITHOUT_TRUTH: "within-cluster sum of squares (squared units of the features)",
}
# Okabe and Ito's colours, told apart by every common kind of colour vision; shapes for print without colour.
_ROLES = {
    "ours": ("#D55E00", "o", "method under test"),
    "baseline": ("#0072B2", "s", "baseline"),
    "oracle": ("#009E73", "D", "oracle (true parameters)"),
    "control": ("#666666", "X", "control"),
}
_SMALLEST_GAP = 1e-12  # a logarithmic axis has no zero


def recovery(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """How well each method finds the true clusters in one scenario, and at what cost.

    Left, a dot per method: mean of the main metric with its 95 % interval, and every replicate behind it;
    best on top. Right: the same means against median CPU seconds, numbered as on the left. Where no truth
    is known, the within-cluster sum of squares takes the place of the error.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs``, ``summary`` (data frames), ``scenario`` (id), ``labels``, ``roles``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        One row per method (``kind`` is ``mean``) and per replicate (``kind`` is ``replicate``).
    """
    scores = tables.scores[tables.scores["scenario"] == tables.scenario]
    truth_known = scores.loc[scores["metric"] == MAIN_METRIC, "value"].notna().any()
    metric = MAIN_METRIC if truth_known else WITHOUT_TRUTH
    scores = scores[(scores["metric"] == metric) & scores["value"].notna()]
    means = _method_table(tables, scores, metric)

    figure = Figure(figsize=(11, 1.8 + 0.27 * max(len(means), 4)), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    _draw_dots(left, means, scores)
    _draw_costs(right, means)
    for axes in (left, right):
        axes.grid(True, color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_xlabel(f"{_AXIS_LABELS[metric]}\nmean, 95 % interval, and each replicate; lower is better")
    right.set_ylabel(_AXIS_LABELS[metric])
    right.set_xlabel("CPU seconds of one fit (median)\nnumbers as on the left")
    if truth_known:  # Student's interval of a small error may reach below zero, the error itself cannot
        left.set_xlim(left=-0.01)
        right.set_ylim(bottom=-0.01)
    figure.legend(handles=_role_handles(means["role"]), loc="outside upper center", ncols=4, frameon=False)
    return figure, _drawn(tables, means, scores, metric)


def _method_table(tables: Any, scores: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row per method that was to run, best mean first, those without a result last."""
    runs = tables.runs[tables.runs["scenario"] == tables.scenario]
    summary = tables.summary[tables.summary["scenario"] == tables.scenario]
    summary = summary[summary["metric"] == metric].set_index("method")
    usable = runs[runs["status"].isin(["ok", "not_converged"])]
    means = summary[["mean", "low", "high"]].reindex(list(dict.fromkeys(runs["method"])))
    means["cpu_seconds"] = usable.groupby("method")["cpu_seconds"].median()
    means["n_scored"] = scores.groupby("method")["value"].count().reindex(means.index, fill_value=0)
    means["n_expected"] = runs.groupby("method").size()
    means["label"] = [tables.labels.get(method, method) for method in means.index]
    means["role"] = [tables.roles.get(method, "baseline") for method in means.index]
    means = means.rename_axis("method").sort_values("mean", kind="stable", na_position="last").reset_index()
    return means.assign(number=np.arange(1, len(means) + 1))


def _draw_dots(axes: Axes, means: pd.DataFrame, scores: pd.DataFrame) -> None:
    for position, row in enumerate(means.itertuples()):
        colour, marker, _ = _ROLES[row.role]
        values = scores.loc[scores["method"] == row.method, "value"].to_numpy()
        if len(values) == 0:
            where, note = axes.get_yaxis_transform(), f"no result (0 of {row.n_expected})"
            axes.text(0.01, position, note, transform=where, va="center", fontsize=8, color=colour)
            continue
        # A fixed spread, not a random one: the same table gives the same picture.
        spread = np.linspace(-0.28, 0.28, len(values)) if len(values) > 1 else np.zeros(1)
        axes.plot(values, position + spread, ".", color=colour, alpha=0.5, markersize=6, markeredgewidth=0)
        if np.isfinite(row.low):
            axes.plot([row.low, row.high], [position, position], color=colour, linewidth=2)
        axes.plot(row.mean, position, marker, color=colour, markeredgecolor="white", markersize=7)
    partial = means["n_scored"].between(1, means["n_expected"] - 1)
    coverage = np.where(partial, [f" ({r.n_scored} of {r.n_expected})" for r in means.itertuples()], "")
    axes.set_yticks(
        np.arange(len(means)),
        [
            f"{label}{note}  {number}"
            for label, note, number in zip(means["label"], coverage, means["number"], strict=True)
        ],
        fontsize=8,
    )
    axes.set_ylim(len(means) - 0.5, -0.5)


def _draw_costs(axes: Axes, means: pd.DataFrame) -> None:
    axes.set_xscale("log")
    known = means[means["mean"].notna() & (means["cpu_seconds"] > 0)]
    for row in known.itertuples():
        colour, marker, _ = _ROLES[row.role]
        axes.plot(row.cpu_seconds, row.mean, marker, color=colour, markeredgecolor="white", markersize=7)
        axes.annotate(
            str(row.number),
            (row.cpu_seconds, row.mean),
            xytext=(5, 3),
            textcoords="offset points",
            fontsize=7,
            color=colour,
        )


def _role_handles(roles: pd.Series) -> list[Line2D]:
    present = [role for role in _ROLES if role in set(roles)]
    return [
        Line2D([], [], linestyle="", color=_ROLES[role][0], marker=_ROLES[role][1], label=_ROLES[role][2])
        for role in present
    ]


def _drawn(tables: Any, means: pd.DataFrame, scores: pd.DataFrame, metric: str) -> pd.DataFrame:
    names = [
        "kind",
        "scenario",
        "method",
        "label",
        "role",
        "metric",
        "replicate",
        "value",
        "low",
        "high",
        "cpu_seconds",
        "n_scored",
        "n_expected",
        "number",
    ]
    summaries = means.rename(columns={"mean": "value"}).assign(kind="mean")
    described = means.set_index("method")[["label", "role", "number"]]
    replicates = scores[["method", "replicate", "value"]].join(described, on="method")
    replicates["kind"] = "replicate"
    parts = [part.reindex(columns=names) for part in (summaries, replicates) if len(part)]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    return table.assign(scenario=tables.scenario, metric=metric)


def certificates(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """Certified relative gap of every semidefinite program, by scenario and method.

    Parameters
    ----------
    tables : object
        As for :func:`recovery`, over all scenarios.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, replicate, gap``; a gap below 1e-12 is drawn
        there.
    """
    scores = tables.scores
    gaps = scores[(scores["metric"] == "certified_gap") & scores["value"].notna()]
    gaps = gaps[["scenario", "method", "replicate", "value"]].rename(columns={"value": "gap"})
    gaps.insert(2, "label", [tables.labels.get(method, method) for method in gaps["method"]])
    scenarios, methods = list(dict.fromkeys(gaps["scenario"])), list(dict.fromkeys(gaps["method"]))

    height = 1.6 + 0.2 * max(4, len(scenarios) * max(1, len(methods)))
    figure = Figure(figsize=(9, height), layout="constrained")
    axes = figure.subplots()
    axes.set_xscale("log")
    axes.set_xlabel(
        "certified relative gap, (upper bound - objective) / |upper bound|\nmedian and each replicate; lower is better"
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, axis="x", color="#dddddd", linewidth=0.6)
    if gaps.empty:
        axes.text(0.5, 0.5, "no method reports a certificate", transform=axes.transAxes, ha="center")
        axes.set_yticks([])
        return figure, gaps.reset_index(drop=True)
    colours = ["#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
    markers = "osD^vPX"
    offsets = (np.arange(len(methods)) + 0.5) / len(methods) * 0.8 - 0.4
    for k, method in enumerate(methods):
        colour, marker = colours[k % len(colours)], markers[k % len(markers)]
        cell = gaps[gaps["method"] == method]
        heights = [scenarios.index(scenario) + offsets[k] for scenario in cell["scenario"]]
        axes.plot(np.maximum(cell["gap"], _SMALLEST_GAP), heights, ".", color=colour, alpha=0.35, markeredgewidth=0)
        middle = cell.groupby("scenario", sort=False)["gap"].median()
        heights = [scenarios.index(scenario) + offsets[k] for scenario in middle.index]
        axes.plot(
            np.maximum(middle, _SMALLEST_GAP),
            heights,
            marker,
            color=colour,
            markeredgecolor="white",
            label=tables.labels.get(method, method),
        )
    axes.set_yticks(np.arange(len(scenarios)), scenarios)
    axes.set_ylim(len(scenarios) - 0.5, -0.5)
    figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=8)
    return figure, gaps.reset_index(drop=True)
