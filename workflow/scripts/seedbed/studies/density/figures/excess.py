"""The divergence of every method in every scenario, in excess of the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables


def excess(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Dots on a logarithmic axis, one column of them per scenario.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, kl, excess``. None without a divergence.
    """
    scores = tables.scores[tables.scores["metric"] == "kl"].dropna(subset=["value"])
    scores = scores[scores["method"].map(lambda method: tables.roles.get(method) != "oracle").astype(bool)]
    scores = scores[np.isfinite(scores["value"])]
    if scores.empty:
        return None
    drawn = scores.groupby(["scenario", "method"], sort=False)["value"].mean().rename("kl").reset_index()
    drawn["excess"] = drawn["kl"] - drawn.groupby("scenario")["kl"].transform("min")
    drawn.insert(2, "label", [tables.labels.get(method, method) for method in drawn["method"]])
    scenarios = list(dict.fromkeys(drawn["scenario"]))
    figure = Figure(figsize=(1.6 + 0.95 * len(scenarios), 6.0), layout="constrained")
    axes = figure.subplots()
    methods = list(dict.fromkeys(drawn["method"]))
    for place, method in enumerate(methods):
        cell = drawn[drawn["method"] == method]
        x = [scenarios.index(name) + 0.6 * (place / max(1, len(methods) - 1) - 0.5) for name in cell["scenario"]]
        style = tables.styles[method]
        label = tables.labels.get(method, method)
        axes.plot(x, cell["excess"].clip(lower=0.003), style.marker, color=style.colour, markersize=5, label=label)
    axes.set_yscale("log")
    axes.set_xticks(range(len(scenarios)), [str(tables.scenarios.get(name, name)) for name in scenarios], rotation=25,
                    ha="right", fontsize=7)  # fmt: skip
    axes.set_ylabel("nats above the best method (0.003: the best)")
    axes.grid(True, axis="y", color="#dddddd", linewidth=0.6)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=7)
    return figure, drawn
