"""The graph and the tree of the clusters found, of the first replicate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

_COLOURS = (
    "#D55E00",
    "#0072B2",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#808080",
    "#000000",
    "#999933",
    "#882255",
)
_MARKERS = "os^DvP<>X*"
_MOST = 250


def tree(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """Nodes in a plane, with edges and the clusters found, beside the tree of Ward's method.

    Parameters
    ----------
    tables : object
        ``scenario`` (id), and ``cells(scenario, method)``: of ``auto_refined``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``node, x, y, cluster, class`` (-1 where unknown). None without the method, or for more than 250 nodes.
    """
    cell = next(iter(tables.cells(tables.scenario, "auto_refined")), None)
    if cell is None or len(cell[0]["X"]) > _MOST or "children" not in cell[1]:
        return None
    data, fit = cell
    X, clusters = np.asarray(data["X"], float), fit["labels"]
    classes = data["labels"] if "labels" in data else np.full(len(X), -1)
    places = _placed(X)
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    edges = [*places[np.argwhere(np.triu(X) > 0)]]
    left.add_collection(LineCollection(edges, colors="#cccccc", linewidths=0.3, zorder=1))
    for c in np.unique(clusters):
        for k, kind in enumerate(np.unique(classes)):
            rows = (clusters == c) & (classes == kind)
            look = {"color": _COLOURS[c % len(_COLOURS)], "marker": _MARKERS[k % len(_MARKERS)], "markersize": 5}
            left.plot(*places[rows].T, linestyle="", zorder=2, markeredgecolor="white", markeredgewidth=0.4, **look)
    left.set_axis_off()
    left.set_title("the graph, placed by its spectrum and springs", fontsize=9)
    _draw_tree(right, fit["children"].astype(int), clusters)
    right.set(xticks=[], yticks=[])
    right.set_title("Ward's tree, merges at equal steps", fontsize=9)
    return figure, pd.DataFrame(
        {"node": np.arange(len(X)), "x": places[:, 0].round(4), "y": places[:, 1].round(4), "cluster": clusters,
         "class": classes}
    )  # fmt: skip


def _placed(X: np.ndarray, steps: int = 60) -> np.ndarray:
    """Springs from a start by the eigenvectors of the Laplacian (Fruchterman and Reingold 1991)."""
    n = len(X)
    _, vectors = np.linalg.eigh(np.diag(X.sum(axis=1)) - X)
    places = vectors[:, 1:3] if n > 2 else np.arange(2.0 * n).reshape(n, 2)
    places = places / max(np.abs(places).max(), 1e-12)
    ideal = 2.0 / np.sqrt(n)
    for step in range(steps):
        offsets = places[:, None] - places
        distances = np.maximum(np.sqrt((offsets**2).sum(axis=2)), 1e-3)
        forces = ideal**2 / distances**2 - (X > 0) * distances / ideal
        moves = (offsets * forces[:, :, None]).sum(axis=1)
        lengths = np.maximum(np.linalg.norm(moves, axis=1, keepdims=True), 1e-12)
        places = places + moves / lengths * np.minimum(lengths, 0.1 * (1.0 - step / steps))
    return places


def _draw_tree(axes, children: np.ndarray, clusters: np.ndarray) -> None:
    n = len(clusters)
    x, y = np.zeros(2 * n - 1), np.zeros(2 * n - 1)
    colour = [*(_COLOURS[c % len(_COLOURS)] for c in clusters), *[""] * (n - 1)]
    x[_leaves(children, n)] = np.arange(n)
    merges = []
    for step, (a, b) in enumerate(children):
        node = n + step
        x[node], y[node] = (x[a] + x[b]) / 2.0, step + 1.0
        colour[node] = colour[a] if colour[a] == colour[b] else "#999999"
        merges.append([(x[a], y[a]), (x[a], y[node]), (x[b], y[node]), (x[b], y[b])])
    axes.add_collection(LineCollection(merges, colors=colour[n:], linewidths=0.7))
    axes.autoscale_view()


def _leaves(children: np.ndarray, n: int) -> list[int]:
    """Leaves from left to right."""
    left, waiting = [], [2 * n - 2]
    while waiting:
        node = waiting.pop()
        if node < n:
            left.append(node)
        else:
            waiting += [int(children[node - n, 1]), int(children[node - n, 0])]
    return left
