"""A map of which methods find the same: how far their partitions agree, whatever the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from seedbed.proximity.partitions.pair_counts import adjusted_rand_index

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables


def agreement(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """The mean adjusted Rand index between the partitions of every two methods, those that agree next to each other.

    Parameters
    ----------
    tables : object
        ``scenario`` (id), ``runs``, ``labels``, ``roles``, and ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, first, second, agreement``. None for fewer than three methods, control and oracle left out.
    """
    runs = tables.runs[tables.runs["scenario"] == tables.scenario]
    names = [name for name in dict.fromkeys(runs["method"]) if tables.roles.get(name) not in ("control", "oracle")]
    found = {name: [fit["labels"] for _, fit in tables.cells(tables.scenario, name)] for name in names}
    most = max((len(labels) for labels in found.values()), default=0)
    names = [name for name in names if len(found[name]) == most and most]  # all replicates, or pairs would not match
    if len(names) < 3:
        return None
    matrix = np.eye(len(names))
    for i, j in zip(*np.triu_indices(len(names), 1), strict=True):
        pairs = zip(found[names[i]], found[names[j]], strict=True)
        matrix[i, j] = matrix[j, i] = np.mean([adjusted_rand_index(a, b) for a, b in pairs])
    order = leaves_list(linkage(squareform(np.maximum(1.0 - matrix, 0.0), checks=False), "average"))
    matrix, names = matrix[order][:, order], [names[place] for place in order]
    figure = Figure(figsize=(2.6 + 0.24 * len(names), 1.9 + 0.22 * len(names)), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(matrix, cmap="cividis", vmin=0.0, vmax=1.0)
    shown = [str(tables.labels.get(name, name)) for name in names]
    axes.set_xticks(np.arange(len(names)), shown, rotation=90, fontsize=6)
    axes.set_yticks(np.arange(len(names)), shown, fontsize=6)
    figure.colorbar(image, ax=axes, label="adjusted Rand index between their partitions", shrink=0.8)
    first, second = np.meshgrid(names, names, indexing="ij")
    drawn = {"scenario": tables.scenario, "first": first.ravel(), "second": second.ravel()}
    return figure, pd.DataFrame({**drawn, "agreement": matrix.ravel().round(4)})
