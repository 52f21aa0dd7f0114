"""Figure: principal angles between the subspaces of all pairs of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.grassmann.geometry.manifold import principal_angles

from .over_subspace_dimension import series_of

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

WANTED = 8  # the dimension shown, or the nearest one there is
MOST = 40  # classes


def angles(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """Heat map of the first replicate: smallest angles above the diagonal, largest below it.

    Parameters
    ----------
    tables : object
        ``runs`` (data frame), ``scenario`` (id), ``labels`` and ``roles`` by method, ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, class, other_class, smallest, largest`` (degrees). None if no method of ours has
        subspaces of equal dimension.
    """
    methods = [name for name in dict.fromkeys(tables.runs["method"]) if tables.roles.get(name) == "ours"]
    dims = {name: found[1] for name in methods if (found := series_of(name))}
    for method in sorted(dims, key=lambda name: abs(dims[name] - WANTED)):
        first = next(tables.cells(tables.scenario, method), None)
        if first is not None and "subspaces" in first[1]:
            return _draw(tables, method, np.asarray(first[1]["subspaces"][:MOST], float))
    return None


def _draw(tables: ScenarioTables, method: str, subspaces: np.ndarray) -> tuple[Figure, pd.DataFrame]:
    rows, columns = np.triu_indices(len(subspaces), 1)
    between = np.degrees(principal_angles(subspaces[rows], subspaces[columns]))
    table = pd.DataFrame(
        {
            "scenario": tables.scenario,
            "method": method,
            "class": rows,
            "other_class": columns,
            "smallest": between[:, 0],
            "largest": between[:, -1],
        }
    )
    picture = np.full((len(subspaces),) * 2, np.nan)
    picture[rows, columns], picture[columns, rows] = table["smallest"], table["largest"]
    figure = Figure(figsize=(6.4, 5.4), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(picture, cmap="cividis", vmin=0, vmax=90)
    axes.set_xlabel("class")
    axes.set_ylabel("class")
    axes.set_title(f"{tables.labels.get(method, method)}\nsmallest angles above, largest below", fontsize=10)
    figure.colorbar(image, ax=axes, label="principal angle (degrees)")
    return figure, table
