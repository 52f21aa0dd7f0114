"""Figures over all scenarios: what outliers cost, and what time methods take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

_USABLE = ("ok", "not_converged")


def robustness(tables: Any) -> tuple[Figure, pd.DataFrame] | None:
    """Distance correlation with the true predictor against the share of outlying responses, one panel per model.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs`` (data frames), ``labels``, ``styles`` and ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``model, outliers, method, label, mean, standard_error, replicates``. None unless some model was run
        with two shares of outliers.
    """
    facts = _facts(tables)
    scores = tables.scores[tables.scores["metric"] == "distance_correlation"].dropna(subset=["value"])
    table = scores.merge(facts, on="scenario")
    if table.empty or not (table.groupby("model")["outliers"].nunique() > 1).any():
        return None
    several = table.groupby("model")["outliers"].transform("nunique") > 1
    cells = table[several].groupby(["model", "outliers", "method"], sort=False)["value"]
    drawn = cells.agg(mean="mean", standard_error="sem", replicates="size").reset_index()
    drawn.insert(3, "label", [tables.labels.get(method, method) for method in drawn["method"]])
    drawn = drawn.sort_values(["model", "outliers"], kind="stable", ignore_index=True)
    figure = _lines(drawn, tables, "outliers", "mean", "standard_error")
    for axes in figure.axes:
        axes.set_ylim(0.0, 1.02)
        axes.set_xlabel("share of outlying responses")
    figure.axes[0].set_ylabel("distance correlation with the true predictor\nmean and standard error")
    return figure, drawn


def time_by_size(tables: Any) -> tuple[Figure, pd.DataFrame] | None:
    """CPU time of a fit against the sample size, one panel per model.

    Parameters
    ----------
    tables : object
        As for :func:`robustness`.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``model, n_samples, method, label, cpu_seconds`` (median over replicates), ``replicates``. None unless
        some model was run with two sample sizes.
    """
    runs = tables.runs[tables.runs["status"].isin(_USABLE)].merge(_facts(tables), on="scenario")
    if runs.empty or not (runs.groupby("model")["n_samples"].nunique() > 1).any():
        return None
    runs = runs[runs.groupby("model")["n_samples"].transform("nunique") > 1]
    cells = runs.groupby(["model", "n_samples", "method"], sort=False)["cpu_seconds"]
    drawn = cells.agg(cpu_seconds="median", replicates="size").reset_index()
    drawn.insert(3, "label", [tables.labels.get(method, method) for method in drawn["method"]])
    drawn = drawn.sort_values(["model", "n_samples"], kind="stable", ignore_index=True)
    figure = _lines(drawn, tables, "n_samples", "cpu_seconds", None)
    for axes in figure.axes:
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("training samples")
    figure.axes[0].set_ylabel("CPU seconds of one fit, one thread (median)")
    return figure, drawn


def _facts(tables: Any) -> pd.DataFrame:
    """What each scenario is, from its first replicate that any method answered."""
    rows = []
    for scenario, runs in tables.runs[tables.runs["status"].isin(_USABLE)].groupby("scenario", sort=False):
        cells = (next(tables.cells(scenario, method), None) for method in dict.fromkeys(runs["method"]))
        data = next((cell[0] for cell in cells if cell is not None), None)
        if data is not None and "model" in data:
            metric = str(data["metric"])
            rows.append((scenario, f"{data['model']} ({metric})", float(data["outliers"]), len(data["X"])))
    return pd.DataFrame(rows, columns=["scenario", "model", "outliers", "n_samples"])


def _lines(drawn: pd.DataFrame, tables: Any, x: str, y: str, error: str | None) -> Figure:
    """One panel per model, one line per method."""
    models = list(dict.fromkeys(drawn["model"]))
    columns = min(3, len(models))
    rows = -(-len(models) // columns)
    figure = Figure(figsize=(4.2 * columns, 0.9 + 3.2 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    for axes in panels[len(models) :]:
        axes.remove()
    for axes, model in zip(panels, models, strict=False):
        for method, cell in drawn[drawn["model"] == model].groupby("method", sort=False):
            style = tables.styles[method]
            bars = np.nan_to_num(cell[error].to_numpy()) if error else None
            look = {"color": style.colour, "marker": style.marker, "linewidth": 1.2, "markersize": 5}
            axes.errorbar(cell[x], cell[y], bars, label=tables.labels.get(method, method), capsize=2, **look)
        axes.set_title(model, fontsize=9)
        axes.grid(True, color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
    shown = {}
    for axes in figure.axes:
        shown |= dict(zip(*axes.get_legend_handles_labels()[::-1], strict=True))
    figure.legend(shown.values(), shown.keys(), loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return figure
