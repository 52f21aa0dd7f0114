"""Errors on small tables against the time that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .cells import plain, sizes_on

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

DECADES = np.array([0.001, 0.01, 0.1, 1.0, 10.0])


def errors_and_times(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """A panel for each table: mean error against CPU time, with twice the standard error over splits.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``scenario, method, label, seconds, error, half_width``. Splits of one table overlap: the intervals are those of
        splits, not of tables.
    None
        Without tables.
    """
    found = tables.scores[(tables.scores["metric"] == "prediction_error") & tables.scores["value"].notna()]
    rows = []
    for (scenario, method), part in found.groupby(["scenario", "method"], sort=False):
        times = [float(fit["seconds"]) for _, fit in tables.cells(str(scenario), str(method)) if "seconds" in fit]
        if tables.roles.get(str(method)) == "control" or not times:
            continue
        half = 2 * part["value"].std(ddof=1) / np.sqrt(len(part)) if len(part) > 1 else np.nan
        rows.append((scenario, method, tables.labels.get(str(method), str(method)), round(float(np.median(times)), 4),
                     round(float(part["value"].mean()), 4), round(float(half), 4)))  # fmt: skip
    if not rows:
        return None
    drawn = pd.DataFrame(rows, columns=["scenario", "method", "label", "seconds", "error", "half_width"])
    scenarios = list(dict.fromkeys(drawn["scenario"]))
    columns = min(3, len(scenarios))
    lines = -(-len(scenarios) // columns)
    figure = Figure(figsize=(3.1 * columns + 2.4, 2.7 * lines), layout="constrained")
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    shown: dict = {}
    for axes, scenario in zip(panels, scenarios, strict=False):
        for row in drawn[drawn["scenario"] == scenario].itertuples(index=False):
            style = tables.styles[str(row.method)]
            half = 0 if np.isnan(row.half_width) else row.half_width
            axes.errorbar(row.seconds, row.error, yerr=half, color=style.colour, marker=style.marker, markersize=5,
                          capsize=2, linestyle="", label=row.label)  # fmt: skip
        axes.set(xlabel="CPU seconds", ylim=(0, None), xlim=(drawn["seconds"].min() / 2, 2 * drawn["seconds"].max()))
        sizes_on(axes, "x", DECADES)
        axes.set_title(tables.scenarios.get(scenario, scenario), fontsize=8)
        plain(axes)
        shown |= dict(zip(*axes.get_legend_handles_labels()[::-1], strict=True))
    for axes in panels[len(scenarios) :]:
        axes.set_axis_off()
    panels[0].set_ylabel("error")
    figure.legend(shown.values(), shown.keys(), loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn
