"""Errors on small tables against the time that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.core.statuses import USABLE

from .cells import plain, sizes_on

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

DECADES = np.array([0.001, 0.01, 0.1, 1.0, 10.0])


def errors_and_times(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """A panel for each table: mean error, with twice the standard error over splits, against the median CPU time.

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
    usable = tables.runs[tables.runs["status"].isin(USABLE)]
    times = usable.groupby(["scenario", "method"])["cpu_seconds"].median().dropna()
    rows = []
    for (scenario, method), part in found.groupby(["scenario", "method"], sort=False):
        if tables.roles.get(str(method)) == "control" or (scenario, method) not in times.index:
            continue
        seconds, error = float(times[scenario, method]), float(part["value"].mean())
        half = 2 * part["value"].std(ddof=1) / np.sqrt(len(part)) if len(part) > 1 else np.nan
        label = tables.labels.get(str(method), str(method))
        rows.append((scenario, method, label, round(seconds, 4), round(error, 4), round(float(half), 4)))
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
