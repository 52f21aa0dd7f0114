"""Pictures of the data: adjacency matrices with the classes next to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

COLUMNS = 5
_MOST = 400  # nodes that are drawn


def matrices(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """One panel per scenario: the adjacency matrix of the first replicate, nodes sorted by class.

    Parameters
    ----------
    tables : object
        ``scenarios`` (id -> label), and ``first_data(scenario)``, the arrays of its first replicate.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, row, column``: the edges, by places in the sorted order. None without any data.
    """
    known = [(name, data) for name in tables.scenarios if (data := tables.first_data(name)) is not None]
    if not known:
        return None
    columns = min(COLUMNS, len(known))
    rows = -(-len(known) // columns)
    figure = Figure(figsize=(2.2 * columns, 2.3 * rows + 0.2), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel in panels[len(known) :]:
        panel.set_axis_off()
    drawn = []
    for panel, (name, data) in zip(panels, known, strict=False):
        labels = data["labels"] if "labels" in data else np.zeros(len(data["X"]), int)
        order = np.argsort(labels, kind="stable")[:_MOST]
        edges = np.argwhere(data["X"][order][:, order] > 0)
        panel.plot(edges[:, 1], edges[:, 0], "s", color="#0072B2", markersize=100.0 / len(order), markeredgewidth=0)
        for end in np.flatnonzero(np.diff(labels[order])) + 0.5:
            panel.axhline(end, color="#D55E00", linewidth=0.6)
            panel.axvline(end, color="#D55E00", linewidth=0.6)
        panel.set(xlim=(-0.5, len(order) - 0.5), ylim=(len(order) - 0.5, -0.5), aspect="equal")
        panel.set_title(f"{name} ({len(data['X'])})", fontsize=8)
        panel.tick_params(labelsize=6)
        drawn.append(pd.DataFrame({"scenario": name, "row": edges[:, 0], "column": edges[:, 1]}))
    figure.supxlabel("node, sorted by class", fontsize=9)
    figure.supylabel("node, sorted by class", fontsize=9)
    return figure, pd.concat(drawn, ignore_index=True)
