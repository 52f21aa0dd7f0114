"""The size of random networks' outputs, over networks of one width and depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables


def output_sizes(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Quantiles of log10 G of the first replicate, a panel for each width and depth.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, share, log_size``.
    None
        Without random networks.
    """
    rows = []
    for scenario in tables.scenarios:
        for method in tables.labels:
            cell = next(iter(tables.cells(scenario, method)), None)
            if cell is None or "draws" not in cell[1]:
                continue
            values = np.sort(np.log10(cell[1]["draws"]))
            shares = (np.arange(len(values)) + 0.5) / len(values)
            rows += [
                (scenario, method, tables.labels[method], round(share, 4), round(float(value), 4))
                for share, value in zip(shares, values, strict=True)
            ]
    if not rows:
        return None
    drawn = pd.DataFrame(rows, columns=["scenario", "method", "label", "share", "log_size"])
    scenarios = list(dict.fromkeys(drawn["scenario"]))
    figure = Figure(figsize=(2.6 * len(scenarios) + 1.5, 3.0), layout="constrained")
    panels = figure.subplots(1, len(scenarios), sharey=True, squeeze=False)[0]
    for axes, scenario in zip(panels, scenarios, strict=True):
        for method, group in drawn[drawn["scenario"] == scenario].groupby("method", sort=False):
            style = tables.styles[str(method)]
            axes.plot(
                group["log_size"], group["share"], color=style.colour, linewidth=1.2, label=group["label"].iloc[0]
            )
        axes.set_title(tables.scenarios[scenario], fontsize=8)
        axes.set_xlabel("log10 G")
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("share of networks below")
    known = {}
    for axes in panels:
        handles, labels = axes.get_legend_handles_labels()
        known |= dict(zip(labels, handles, strict=True))
    figure.legend(list(known.values()), list(known), loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn
