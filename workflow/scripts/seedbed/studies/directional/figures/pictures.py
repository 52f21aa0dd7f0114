"""Pictures of the directional data: points of the plane, angles to the mean direction, clusters of directions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#808080")
_MARKERS = "os^DvP<>X*"
COLUMNS = 4
_AXES = {
    "plane": ("order v", "argument x"),
    "law": ("1 − cosine to the mean direction", "share of the rows below"),
    "clusters": ("first principal axis", "second principal axis"),
}


def pictures(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """One panel per scenario, of its first data set.

    Points (v, x) of the plane; for samples of one law, the distribution of the distance from their mean direction;
    for clusters, the unit rows on their first two principal axes.

    Parameters
    ----------
    tables : object
        ``scenarios`` (id -> label), and ``first_data(scenario)``, the arrays of its first replicate.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``scenario, kind, class, first, second``, one row per point; the two are what the panel's axes say.
    None
        Without any data.
    """
    drawn = [_points(name, data) for name in tables.scenarios if (data := tables.first_data(name)) is not None]
    if not drawn:
        return None
    rows = -(-len(drawn) // COLUMNS)
    figure = Figure(figsize=(11, 2.7 * rows + 0.2), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for panel in panels[len(drawn) :]:
        panel.set_axis_off()
    for panel, points in zip(panels, drawn, strict=False):
        _draw(panel, points)
    return figure, pd.concat(drawn, ignore_index=True)


def _draw(panel: Axes, points: pd.DataFrame) -> None:
    kind = points["kind"].iloc[0]
    for k, (_, group) in enumerate(points.groupby("class")):
        style = {"color": _COLOURS[k % len(_COLOURS)], "marker": _MARKERS[k % len(_MARKERS)], "markersize": 3}
        panel.plot(group["first"], group["second"], linestyle="", markeredgewidth=0, alpha=0.8, **style)
    if kind == "plane":
        panel.set(xscale="symlog", yscale="symlog")
    if kind == "law":
        _spread(panel, points["first"])
    panel.set_title(f"{points['scenario'].iloc[0]} ({len(points)})", fontsize=9)
    panel.set_xlabel(_AXES[kind][0], fontsize=7)
    panel.set_ylabel(_AXES[kind][1], fontsize=7)
    panel.tick_params(labelsize=7)


def _spread(panel: Axes, values: pd.Series) -> None:
    """A logarithmic axis where values span a decade, and three or four plain ticks in any case."""
    low, high = values[values > 0].min(), values.max()
    if high >= 10 * low:
        panel.set(xscale="log")
        panel.xaxis.set_major_locator(LogLocator(numticks=5))
        panel.xaxis.set_minor_formatter(NullFormatter())
    else:
        panel.xaxis.set_major_locator(MaxNLocator(3))


def _points(scenario: str, data: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The coordinates that a panel shows; at most two thousand rows."""
    classes: Any = 0
    if "v" in data:
        kind, first, second = "plane", data["v"], data["x"]
    else:
        rows = np.asarray(data["X"], dtype=float)[:2000]
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        if "labels" in data:
            kind, classes = "clusters", np.unique(data["labels"][:2000], return_inverse=True)[1]
            centred = rows - rows.mean(axis=0)
            first, second = (centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T).T
        else:
            mean = rows.mean(axis=0)
            kind, first = "law", np.sort(1 - rows @ (mean / np.linalg.norm(mean)))
            second = (np.arange(len(first)) + 0.5) / len(first)
    table = {"scenario": scenario, "kind": kind, "class": classes, "first": first, "second": second}
    rounded = {key: [float(f"{value:.5g}") for value in table[key]] for key in ("first", "second")}
    return pd.DataFrame(table | rounded)
