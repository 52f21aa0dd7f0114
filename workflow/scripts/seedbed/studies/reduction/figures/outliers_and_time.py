"""Figures over all scenarios: what outliers cost, and what time methods take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.core.figures.figure_parts import name_line_ends
from seedbed.core.statistics.intervals import mean_interval

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

_USABLE = ("ok", "not_converged")


def robustness(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Distance correlation with the true predictor against the share of outlying responses, one panel per model.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs`` (data frames), ``labels``, ``styles`` and ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``model, outliers, method, label, mean, low, high, replicates``. None unless some model was run
        with two shares of outliers.
    """
    facts = _facts(tables)
    scores = tables.scores[tables.scores["metric"] == "distance_correlation"].dropna(subset=["value"])
    table = scores.merge(facts, on="scenario")
    if table.empty or not (table.groupby("model")["outliers"].nunique() > 1).any():
        return None
    several = table.groupby("model")["outliers"].transform("nunique") > 1
    cells = table[several].groupby(["model", "outliers", "method"], sort=False)["value"]
    found = [(*key, *np.take(mean_interval(values.to_numpy()), [0, 2, 3]), len(values)) for key, values in cells]
    drawn = pd.DataFrame(found, columns=["model", "outliers", "method", "mean", "low", "high", "replicates"])
    drawn.insert(3, "label", [tables.labels.get(method, method) for method in drawn["method"]])
    drawn = drawn.sort_values(["model", "outliers"], kind="stable", ignore_index=True)
    figure = _lines(drawn, tables, "outliers", "mean", ("low", "high"))
    for axes in figure.axes:
        axes.set_ylim(0.0, 1.02)
        axes.set_xlabel("share of outlying responses")
        shares = sorted(drawn.loc[drawn["model"] == axes.get_title(), "outliers"].unique())
        axes.set_xticks(shares, [f"{share:.0%}" for share in shares])
    figure.axes[0].set_ylabel("distance correlation with the true predictor\nmean and 95 % interval")
    _name_ends(figure, drawn, tables, "mean")
    return figure, drawn


def time_by_size(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
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
    _name_ends(figure, drawn, tables, "cpu_seconds")
    return figure, drawn


def _facts(tables: Tables) -> pd.DataFrame:
    """What each scenario is, from its first replicate that any method answered."""
    rows = []
    for scenario, runs in tables.runs[tables.runs["status"].isin(_USABLE)].groupby("scenario", sort=False):
        cells = (next(tables.cells(scenario, method), None) for method in dict.fromkeys(runs["method"]))
        data = next((cell[0] for cell in cells if cell is not None), None)
        if data is not None and "model" in data:
            metric = str(data["metric"])
            rows.append((scenario, f"{data['model']} ({metric})", float(data["outliers"]), len(data["X"])))
    return pd.DataFrame(rows, columns=["scenario", "model", "outliers", "n_samples"])


def _lines(drawn: pd.DataFrame, tables: Tables, x: str, y: str, ends: tuple[str, str] | None) -> Figure:
    """One panel per model, one line per method."""
    models = list(dict.fromkeys(drawn["model"]))
    columns = min(2, len(models))
    rows = -(-len(models) // columns)
    figure = Figure(figsize=(6.4 * columns, 0.3 + 4.0 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    for axes in panels[len(models) :]:
        axes.remove()
    for axes, model in zip(panels, models, strict=False):
        for method, cell in drawn[drawn["model"] == model].groupby("method", sort=False):
            style = tables.styles[str(method)]
            bars = None
            if ends:
                bars = np.nan_to_num(np.abs(cell[[*ends]].to_numpy() - cell[[y]].to_numpy()).T)
            look = {"color": style.colour, "marker": style.marker, "linewidth": 1.2, "markersize": 5}
            axes.errorbar(cell[x], cell[y], bars, capsize=2, **look)
        axes.set_title(model, fontsize=9)
        axes.grid(True, color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
    return figure


def _name_ends(figure: Figure, drawn: pd.DataFrame, tables: Tables, y: str) -> None:
    """The methods' names where their lines end."""
    for axes in figure.axes:
        last = drawn[drawn["model"] == axes.get_title()].groupby("method", sort=False).last()
        ends = [(row[y], row["label"], tables.styles[str(method)].colour) for method, row in last.iterrows()]
        name_line_ends(axes, ends)
