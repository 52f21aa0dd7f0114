"""How far from Gaussian outputs are, by depth over width: one curve for all networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .cells import fits_with, plain

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

MOST_RATIO = 0.3  # beyond, moments of the size are those of the largest few draws


def vertex_by_ratio(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """V/K^2 against depth over width, dots measured, lines the laws of ReLU and of tanh.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, width, depth, ratio, value, low, high``, mean and extremes over replicates.
    None
        Without random networks.
    """
    rows = []
    for _, method, cells in fits_with(tables, "relative_variance"):
        width, depth = int(cells[0][0]["width"]), int(cells[0][0]["depth"])
        values = np.array([float(fit["relative_variance"]) for _, fit in cells])
        if depth / width <= MOST_RATIO:
            spread = [float(f"{v:.4g}") for v in (values.mean(), values.min(), values.max())]
            rows.append((method, tables.labels.get(method, method), width, depth, depth / width, *spread))
    if not rows:
        return None
    drawn = pd.DataFrame(rows, columns=["method", "label", "width", "depth", "ratio", "value", "low", "high"])
    figure = Figure(figsize=(7.5, 4), layout="constrained")
    axes = figure.subplots()
    t = np.linspace(0.05, MOST_RATIO, 40)
    axes.plot(t, np.expm1(5 * t), color="#888888", linewidth=1, label="ReLU, wide: exp(5 L/n) - 1")
    axes.plot(t, 2 * t / 3, color="#888888", linewidth=1, linestyle="--", label="tanh: 2L/(3n)")
    for method, part in drawn.groupby("method", sort=False):
        style = tables.styles[str(method)]
        spread = [part["value"] - part["low"], part["high"] - part["value"]]
        axes.errorbar(
            part["ratio"], part["value"], yerr=spread, color=style.colour, marker=style.marker, linestyle="",
            markersize=5, label=part["label"].iloc[0],
        )  # fmt: skip
    axes.set(xlabel="depth over width", ylabel="V/K²: relative variance of the size", yscale="log")
    plain(axes)
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn
