"""Figure: what changes with the dimension of the subspaces, and the paired differences from the linear head."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seedbed.core.statistics import mean_interval

from .series import reference_method, series_of

METRICS = {
    "accuracy": "accuracy",
    "class_separation": "class separation R²",
    "variability": "variability (degrees)",
    "transfer_full": "transfer, all images",
    "transfer_few": "transfer, few images",
    "negative_log_likelihood": "negative log-likelihood",
}
MOST = 5  # panels in a row


def by_dimension(tables: Any) -> tuple[Figure, pd.DataFrame] | None:
    """Every metric against k: the methods of a series as a line, others as a level; below, paired differences.

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
    figure = Figure(figsize=(2.9 * len(metrics) + 1, 6), layout="constrained")
    axes = figure.subplots(2, len(metrics), squeeze=False, sharex=True)
    for column, name in enumerate(metrics):
        part = table[table["metric"] == name]
        _draw(axes[0, column], part, tables, scores[scores["metric"] == name])
        _draw(axes[1, column], part, tables, None)
        axes[0, column].set_title(METRICS[name], fontsize=10)
        axes[1, column].set_xlabel("dimension k of the subspaces")
        axes[1, column].axhline(0, color="#808080", linewidth=0.8)
    axes[0, 0].set_ylabel("value")
    label = tables.labels.get(reference, reference) if reference else "nothing to compare with"
    axes[1, 0].set_ylabel(f"difference from {label}")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, frameon=False, fontsize=8)
    return figure, table


def _rows(scores: pd.DataFrame, metric: str, methods: list[str], reference: str | None, tables: Any) -> list[dict]:
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


def _draw(axes: Axes, part: pd.DataFrame, tables: Any, scores: pd.DataFrame | None) -> None:
    """Means with every replicate behind them, or with ``scores`` None the differences."""
    column, low, high = "mean", "low", "high"
    if scores is None:
        column, low, high = "difference", "difference_low", "difference_high"
    axes.set_xscale("log", base=2)
    for name, series in part[part["series"] != ""].groupby("series", sort=False):
        series = series.sort_values("k")
        style = tables.styles[series["method"].iloc[0]]
        if scores is not None:
            for row in series.itertuples():
                points = scores.loc[scores["method"] == row.method, "value"]
                axes.plot([row.k] * len(points), points, ".", color=style.colour, alpha=0.3, markeredgewidth=0)
        bars = np.abs(series[[low, high]].to_numpy() - series[[column]].to_numpy()).T
        bars = np.nan_to_num(bars)
        drawn = {"color": style.colour, "marker": style.marker, "markersize": 5, "linewidth": 1.2}
        axes.errorbar(series["k"], series[column], bars, label=name, **drawn)
    baselines = [name for name, role in tables.roles.items() if role == "baseline"]
    for row in part[(part["series"] == "") & part["method"].isin(baselines)].itertuples():
        level = getattr(row, column)
        if np.isfinite(level):
            style = tables.styles[row.method]
            axes.axhline(level, color=style.colour, linestyle="--", linewidth=1, label=row.label)
    ks = sorted(part["k"].dropna().astype(int).unique())
    axes.set_xticks(ks, [str(k) for k in ks])
    axes.minorticks_off()
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
