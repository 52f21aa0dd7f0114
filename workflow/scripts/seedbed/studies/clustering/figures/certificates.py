"""The clustering study's own figure: how far from the optimum each semidefinite program can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

_SMALLEST_GAP = 1e-12  # a logarithmic axis has no zero


def certificates(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Certified relative gap of every semidefinite program, by scenario and method.

    Parameters
    ----------
    tables : object
        ``scores`` (data frame) of all scenarios, ``labels``, ``styles``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, replicate, gap``; a gap below 1e-12 is drawn
        there.
    None
        If no method reports a certificate.
    """
    scores = tables.scores
    gaps = scores[(scores["metric"] == "certified_gap") & scores["value"].notna()]
    if gaps.empty:
        return None
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
    offsets = (np.arange(len(methods)) + 0.5) / len(methods) * 0.8 - 0.4
    for k, method in enumerate(methods):
        colour, marker = tables.styles[method].colour, tables.styles[method].marker
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
