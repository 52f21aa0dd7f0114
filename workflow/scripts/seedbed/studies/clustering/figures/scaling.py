"""Time, memory, error and certified gap against the number of points."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

_GRID = re.compile(r"^(?P<before>.*?)[~,]n_points=(?P<n>\d+)(?P<after>.*)$")
_ROWS = {
    "cpu_seconds": ("CPU seconds of one fit", 1e-3),
    "peak_memory_mb": ("peak memory (MiB)", 1.0),
    "misclustering_error": ("mis-clustering error", 1e-6),
    "certified_gap": ("certified relative gap", 1e-12),
}
_COLUMNS = ["family", "n_points", "method", "label", "n_ok", "n_expected", "statuses", *_ROWS]


def scaling(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """How cost and quality grow with the sample, for every scenario with a grid of ``n_points``.

    One column per family of scenarios; medians over replicates, both axes logarithmic. A line ends where the
    method no longer answers; a cross on the time axis stands at sizes of which no replicate gave a result.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs`` (data frames) of all scenarios, ``labels``, ``styles``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        One row per family, size and method: medians, ``n_ok`` of ``n_expected`` replicates, and ``statuses``.
    None
        If no scenario has a grid of ``n_points`` (``config/scaling.yaml`` has).
    """
    drawn = _medians(tables)
    families = list(dict.fromkeys(drawn["family"]))
    if not families:
        return None
    figure = Figure(figsize=(1.5 + 4.5 * len(families), 10), layout="constrained")
    grid = figure.subplots(len(_ROWS), len(families), sharex="col", sharey="row", squeeze=False)
    methods = list(dict.fromkeys(drawn["method"]))
    for column, family in enumerate(families):
        cells = drawn[drawn["family"] == family]
        for row, (quantity, (label, floor)) in enumerate(_ROWS.items()):
            axes = grid[row, column]
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.grid(True, color="#dddddd", linewidth=0.6)
            for method in methods:
                _draw_line(axes, cells[cells["method"] == method], quantity, floor, tables.styles[method])
            if column == 0:
                axes.set_ylabel(label)
        for k, method in enumerate(methods):
            failed = cells[(cells["method"] == method) & (cells["n_ok"] == 0)]
            height = np.full(len(failed), 0.97 - 0.04 * k)
            colour = tables.styles[method].colour
            where = grid[0, column].get_xaxis_transform()
            grid[0, column].plot(failed["n_points"], height, "x", color=colour, transform=where)
        grid[0, column].set_title(family)
        grid[-1, column].set_xlabel("number of points\nmedian; x: no replicate gave a result")
    handles, names = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2, frameon=False, fontsize=8)
    return figure, drawn


def _draw_line(axes: Any, cells: pd.DataFrame, quantity: str, floor: float, look: Any) -> None:
    label = cells["label"].iloc[0] if len(cells) else None  # also of a method without any result: it has crosses
    cells = cells[cells[quantity].notna() & (cells["n_ok"] > 0)]
    style = {"color": look.colour, "marker": look.marker, "markersize": 5}
    # A logarithmic axis has no zero: what is smaller is drawn at the floor.
    axes.plot(cells["n_points"], np.maximum(cells[quantity], floor), label=label, linewidth=1.2, **style)


def _medians(tables: Tables) -> pd.DataFrame:
    runs = tables.runs.copy()
    found = [(name, _GRID.match(name)) for name in dict.fromkeys(runs["scenario"])]
    sizes = {name: int(match["n"]) for name, match in found if match}
    families = {name: match["before"] + match["after"] for name, match in found if match}
    runs = runs[runs["scenario"].isin(sizes)]
    if runs.empty:
        return pd.DataFrame(columns=_COLUMNS)
    keys = ["scenario", "method"]
    usable = runs[runs["status"].isin(["ok", "not_converged"])]
    groups = runs.groupby(keys, sort=False)
    drawn = groups.size().rename("n_expected").to_frame()
    drawn["n_ok"] = usable.groupby(keys).size().reindex(drawn.index, fill_value=0)
    drawn["statuses"] = groups["status"].agg(lambda each: ", ".join(f"{n} {s}" for s, n in each.value_counts().items()))
    costs = usable.groupby(keys)[["cpu_seconds", "peak_memory_mb"]].median()
    scores = tables.scores[tables.scores["scenario"].isin(sizes) & tables.scores["metric"].isin(_ROWS)]
    values = scores.groupby([*keys, "metric"])["value"].median().unstack("metric")
    drawn = drawn.join(costs).join(values).reset_index()
    drawn["n_points"] = drawn["scenario"].map(sizes)
    drawn["family"] = drawn["scenario"].map(families)
    drawn["label"] = [tables.labels.get(method, method) for method in drawn["method"]]
    return drawn.reindex(columns=_COLUMNS).sort_values("n_points", kind="stable").reset_index(drop=True)
