"""From network to kernel: how networks of rising width approach their limit, and what is learned first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .cells import fits_with, plain, sizes_on

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

MEASURES = {
    "deviation": "kernel at the start: distance to its limit",
    "movement": "kernel: movement in training",
    "ode_error": "function learned: distance to the linear equation's",
}


def network_to_kernel(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Three distances against the width, with a line of slope -1/2 in grey.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, measure, width, mean, low, high``: geometric mean and extremes over replicates.
    None
        Without a ladder of widths.
    """
    rows = []
    for _, method, cells in fits_with(tables, "deviation", "ode_error"):
        widths = cells[0][1]["widths"]
        if len(widths) < 2:
            continue
        for key in MEASURES:
            values = np.array([fit[key] for _, fit in cells])
            for width, column in zip(widths, values.T, strict=True):
                spread = [float(f"{v:.4g}") for v in (np.exp(np.log(column).mean()), column.min(), column.max())]
                rows.append((method, tables.labels.get(method, method), key, int(width), *spread))
    if not rows:
        return None
    drawn = pd.DataFrame(rows, columns=["method", "label", "measure", "width", "mean", "low", "high"])
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    panels = figure.subplots(1, 3, sharey=True)
    for axes, (key, title) in zip(panels, MEASURES.items(), strict=True):
        part = drawn[drawn["measure"] == key]
        for method, line in part.groupby("method", sort=False):
            style = tables.styles[str(method)]
            axes.plot(line["width"], line["mean"], color=style.colour, marker=style.marker, markersize=4,
                      label=line["label"].iloc[0])  # fmt: skip
            axes.fill_between(line["width"], line["low"], line["high"], color=style.colour, alpha=0.15, linewidth=0)
        widths = np.unique(part["width"])
        axes.plot(widths, part["mean"].max() * (widths / widths[0]) ** -0.5, color="#999999", linestyle="--", zorder=0)
        axes.set_yscale("log")
        sizes_on(axes, "x", widths)
        axes.set(xlabel="width")
        axes.set_title(title, fontsize=8)
        plain(axes)
    panels[0].set_ylabel("relative distance")
    panels[0].text(0.03, 0.04, "dashed: slope -1/2", transform=panels[0].transAxes, fontsize=7, color="#777777")
    panels[-1].legend(frameon=False, fontsize=7)
    return figure, drawn


def learned_first(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Shares of the leading components learned, against the steps: dots are the network, lines the closed form.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``component, step, share, predicted`` of the first replicate, components by falling eigenvalue.
    None
        Without a ladder of widths.
    """
    found = next((cells for _, _, cells in fits_with(tables, "shares") if len(cells[0][1]["widths"]) > 1), None)
    if found is None:
        return None
    fit = found[0][1]
    order = range(fit["shares"].shape[1] - 1, -1, -1)
    rows = [
        (rank + 1, int(step), round(float(share[k]), 4), round(float(predicted[k]), 4))
        for rank, k in enumerate(order)
        for step, share, predicted in zip(fit["times"], fit["shares"], fit["predicted_shares"], strict=True)
    ]
    drawn = pd.DataFrame(rows, columns=["component", "step", "share", "predicted"])
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    for component, line in drawn[drawn["component"].isin([1, 2, 4, 8, 16])].groupby("component"):
        [curve] = axes.plot(line["step"], line["predicted"], linewidth=1.4, label=f"component {component}")
        axes.plot(line["step"], line["share"], "o", color=curve.get_color(), markersize=4)
    axes.set(xscale="log", xlabel="step of gradient descent", ylabel="share learned", ylim=(-0.25, 1.25))
    axes.axhline(1, color="#BBBBBB", linewidth=0.8, zorder=0)
    plain(axes)
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn
