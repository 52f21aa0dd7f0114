"""Estimates of dimension against the norm of a gauge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from .axes import labelled, plain, scores_of

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

HIGHEST = 12.0


def gauge_and_dimension(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Mean estimate over replicates, a line for each method.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, norm, estimate``.
    None
        Without scores of a sphere.
    """
    scores = scores_of(tables, "estimate")
    scores = scores[scores["scenario"].str.startswith("sphere_gauge")]
    if scores.empty:
        return None
    norms = {}
    for scenario in dict.fromkeys(scores["scenario"]):
        first = tables.first_data(scenario)
        norms[scenario] = float(first["norm"]) if first else float("nan")
    table = scores.assign(norm=scores["scenario"].map(norms))
    drawn = table.groupby(["method", "norm"], sort=False)["value"].mean().round(4).rename("estimate").reset_index()
    drawn.insert(1, "label", labelled(tables, drawn["method"]))
    figure = Figure(figsize=(8, 4.2), layout="constrained")
    axes = figure.subplots()
    ticks = sorted(set(norms.values()))
    for method, group in drawn.groupby("method", sort=False):
        style, group = tables.styles[str(method)], group.sort_values("norm")
        axes.plot([ticks.index(x) for x in group["norm"]], group["estimate"].clip(upper=HIGHEST), color=style.colour,
                  marker=style.marker, markersize=4, linewidth=1.2, label=group["label"].iloc[0])  # fmt: skip
    axes.set_xticks(range(len(ticks)), [f"{x:g}" for x in ticks])
    beyond = "; larger ones on the upper edge" if (drawn["estimate"] > HIGHEST).any() else ""
    axes.set(xlabel="norm of the gauge, in units of the score's", ylabel=f"estimated dimension{beyond}")
    plain(axes)
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn
