"""The data: rows on their first two principal axes, or squared distances from one query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seedbed.studies.density.data.laws import squared_distances

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

SHOWN = 400


def pictures(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """One panel per scenario.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, x, y``. None if there are no data.
    """
    scenarios = list(dict.fromkeys(tables.runs["scenario"]))
    found = {name: data for name in scenarios if (data := tables.first_data(name)) is not None}
    if not found:
        return None
    columns = min(4, len(found))
    rows = -(-len(found) // columns)
    figure = Figure(figsize=(2.6 * columns, 2.5 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    drawn = []
    for axes in panels[len(found) :]:
        axes.remove()
    for axes, (name, data) in zip(panels, found.items(), strict=False):
        x, y = (_sums if "data_seed" in data else _rows)(axes, data)
        axes.set_title(tables.scenarios.get(name, name), fontsize=7)
        axes.tick_params(labelsize=6)
        drawn.append(pd.DataFrame({"scenario": name, "x": x, "y": y}))
    return figure, pd.concat(drawn, ignore_index=True).round(6)


def _rows(axes: Axes, data: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    X = data["X"][:SHOWN] - data["X"].mean(axis=0)
    axis = np.linalg.svd(X, full_matrices=False)[2][:2]
    points = X @ axis.T
    x, y = points[:, 0], points[:, -1] if points.shape[1] > 1 else np.zeros(len(points))
    axes.scatter(x, y, s=3, color="#4477AA", linewidths=0)
    axes.set_aspect("equal", adjustable="datalim")
    return x, y


def _sums(axes: Axes, data: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    squares = next(squared_distances(*(int(data[name]) for name in ("n_samples", "n_features", "n_sets", "data_seed"))))
    counts, edges = np.histogram(squares, 60)
    axes.stairs(counts, edges, color="#4477AA", fill=True)
    axes.axvline(float(data["edge_squared_distance"]), color="black", linewidth=1.0)
    axes.set_xlabel("squared distance; line: one point within", fontsize=6)
    return edges[:-1], counts.astype(float)
