"""Figure: the loss of every epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables


def training(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """Mean training loss over the replicates, by epoch.

    Parameters
    ----------
    tables : object
        ``runs`` (data frame), ``scenario`` (id), ``labels`` and ``styles`` by method, ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, epoch, loss``. None if no method reports a loss.
    """
    parts = []
    for method in dict.fromkeys(tables.runs["method"]):
        curves = [fit["loss_curve"] for _, fit in tables.cells(tables.scenario, method) if "loss_curve" in fit]
        if curves:
            loss = np.mean(curves, axis=0)
            label = tables.labels.get(method, method)
            columns = {"scenario": tables.scenario, "method": method, "label": label}
            parts.append(pd.DataFrame({**columns, "epoch": np.arange(1, len(loss) + 1), "loss": loss}))
    if not parts:
        return None
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    for part in parts:
        style = tables.styles[part["method"].iloc[0]]
        drawn = {"color": style.colour, "marker": style.marker, "markersize": 3, "markevery": 5, "linewidth": 1.2}
        axes.plot(part["epoch"], np.maximum(part["loss"], 1e-6), label=part["label"].iloc[0], **drawn)
    axes.set_yscale("log")
    axes.set_xlabel("epoch")
    axes.set_ylabel("mean loss (nats)")
    axes.grid(True, color="#dddddd", linewidth=0.6)
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, pd.concat(parts, ignore_index=True)
