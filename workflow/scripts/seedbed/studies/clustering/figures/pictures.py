"""Pictures of the clustering data: the first data set of every scenario, in its two main directions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#808080")
_MARKERS = "os^DvP<>X*"
_UNKNOWN = -1
COLUMNS = 4


def pictures(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """One panel per scenario: the points on their first two principal axes, by true class where that is known.

    Parameters
    ----------
    tables : object
        ``scenarios`` (id -> label), and ``first_data(scenario)``, the arrays of its first replicate.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``scenario, class, first, second`` (units of the features), one row per point; class -1 where unknown.
    None
        Without any data.
    """
    drawn = [_projected(name, data) for name in tables.scenarios if (data := tables.first_data(name)) is not None]
    if not drawn:
        return None
    rows = -(-len(drawn) // COLUMNS)
    figure = Figure(figsize=(11, 2.7 * rows + 0.2), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for panel in panels[len(drawn) :]:
        panel.set_axis_off()
    for panel, points in zip(panels, drawn, strict=False):
        for k, (name, group) in enumerate(points.groupby("class")):
            colour = "#808080" if name == _UNKNOWN else _COLOURS[k % len(_COLOURS)]
            style = {"color": colour, "marker": _MARKERS[k % len(_MARKERS)], "markersize": 3.5, "alpha": 0.8}
            panel.plot(group["first"], group["second"], linestyle="", markeredgewidth=0, **style)
        panel.set_title(f"{points['scenario'].iloc[0]} ({len(points)} points)", fontsize=9)
        panel.set_aspect("equal", adjustable="datalim")
        panel.tick_params(labelsize=7)
    figure.supxlabel("first principal axis (units of the features)", fontsize=9)
    figure.supylabel("second principal axis", fontsize=9)
    return figure, pd.concat(drawn, ignore_index=True)


def _projected(scenario: str, data: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The two main directions of the centred points; at most two thousand of them."""
    points = np.asarray(data["X"], dtype=float)[:2000]
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    plane = centred @ axes[:2].T
    if plane.shape[1] < 2:
        plane = np.column_stack([plane, np.zeros(len(plane))])
    classes = (
        np.unique(data["labels"][:2000], return_inverse=True)[1] if "labels" in data else np.full(len(plane), _UNKNOWN)
    )
    return pd.DataFrame(
        {"scenario": scenario, "class": classes, "first": plane[:, 0].round(4), "second": plane[:, 1].round(4)}
    )
