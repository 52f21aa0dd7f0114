"""Figure: what changes with the dimension of the subspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seedbed.core.statistics.intervals import mean_interval

from .over_subspace_dimension import reference_method, series_of

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

METRICS = {
    "accuracy": "accuracy",
    "class_separation": "class separation R²",
    "variability": "variability (degrees)",
    "transfer_full": "transfer, all images",
    "transfer_few": "transfer, few images",
    "negative_log_likelihood": "negative log-likelihood",
}
MOST = 5  # panels
COLUMNS = 3
COLOURS = ("#CC79A7", "#D55E00", "#0072B2", "#009E73", "#E69F00", "#56B4E9")


def by_dimension(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Every metric against k: the methods of a series as a line, others as a level.

    Parameters
    ----------
    tables : object
        ``scores`` (data frame), ``scenario`` (id), ``labels`` and ``styles`` by method.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, metric, method, label, series, k, mean, low, high, difference, difference_low,
        difference_high, replicates``; ``k`` is missing for methods without one. None without a series.
    """
    scores = tables.scores[tables.scores["value"].notna()]
    methods = list(dict.fromkeys(scores["method"]))
    if not any(series_of(method) for method in methods):
        return None
    metrics = [name for name in METRICS if (scores["metric"] == name).any()][:MOST]
    reference = reference_method(methods)
    table = pd.DataFrame([row for name in metrics for row in _rows(scores, name, methods, reference, tables)])
    rows = -(-(len(metrics) + 1) // COLUMNS)
    figure = Figure(figsize=(3.4 * COLUMNS, 2.9 * rows), layout="constrained")
    panels = list(figure.subplots(rows, COLUMNS, squeeze=False).ravel())
    for panel, name in zip(panels, metrics, strict=False):
        _draw(panel, table[table["metric"] == name], tables, scores[scores["metric"] == name])
        panel.set_title(METRICS[name], fontsize=10)
        panel.set_xlabel("dimension k of the subspaces")
    for panel in panels[len(metrics) :]:
        panel.set_axis_off()
    handles, labels = panels[0].get_legend_handles_labels()
    panels[len(metrics)].legend(handles, labels, loc="center", frameon=False, fontsize=10)
    return figure, table


def _rows(scores: pd.DataFrame, metric: str, methods: list[str], reference: str | None, tables: Tables) -> list[dict]:
    values = scores[scores["metric"] == metric].pivot(index="replicate", columns="method", values="value")
    rows = []
    for method in (name for name in methods if name in values):
        mean, _, low, high = mean_interval(values[method].to_numpy())
        difference = (np.nan,) * 4
        if reference in values and method != reference:
            difference = mean_interval((values[method] - values[reference]).to_numpy())
        series, k = series_of(method) or ("", None)
        rows.append(
            {
                "scenario": tables.scenario,
                "metric": metric,
                "method": method,
                "label": tables.labels.get(method, method),
                "series": series,
                "k": k,
                "mean": mean,
                "low": low,
                "high": high,
                "difference": difference[0],
                "difference_low": difference[2],
                "difference_high": difference[3],
                "replicates": int(values[method].notna().sum()),
            }
        )
    return rows


def _draw(axes: Axes, part: pd.DataFrame, tables: Tables, scores: pd.DataFrame) -> None:
    """Means with their intervals, every replicate behind them, and baselines as levels."""
    axes.set_xscale("log", base=2)
    named = [name for name in part["method"] if tables.roles.get(name) == "baseline"]
    baselines = part[(part["series"] == "") & part["method"].isin(named)]
    taken = {tables.styles[method].colour for method in baselines["method"]}
    free = [colour for colour in COLOURS if colour not in taken] or list(COLOURS)
    for place, (name, series) in enumerate(part[part["series"] != ""].groupby("series", sort=False)):
        series, colour = series.sort_values("k"), free[place % len(free)]
        for row in series.itertuples():
            points = scores.loc[scores["method"] == row.method, "value"]
            axes.plot([row.k] * len(points), points, ".", color=colour, alpha=0.3, markeredgewidth=0)
        bars = np.nan_to_num(np.abs(series[["low", "high"]].to_numpy() - series[["mean"]].to_numpy()).T)
        marker = tables.styles[series["method"].iloc[0]].marker
        drawn = {"color": colour, "marker": marker, "markersize": 6, "linewidth": 1.8}
        axes.errorbar(series["k"], series["mean"], bars, label=name, **drawn)
    for row in baselines[np.isfinite(baselines["mean"])].itertuples():
        axes.axhline(row.mean, color=tables.styles[row.method].colour, linestyle="--", linewidth=1.2, label=row.label)
    ks = sorted(part["k"].dropna().astype(int).unique())
    axes.set_xticks(ks, [str(k) for k in ks])
    axes.minorticks_off()
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
