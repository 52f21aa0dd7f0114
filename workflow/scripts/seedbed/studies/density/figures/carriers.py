"""Images of the test part, each with the images that carry the density that it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

QUERIES, METHODS = 4, ("loo", "loo_auto", "loo_full", "nearest", "scott")


def carriers(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Four queries, and the three training images with the largest shares.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, query, effective_points, rank, image, share``. None without images.
    """
    cell = _cell(tables)
    if cell is None:
        return None
    scenario, data, fit = cell
    shares = fit["shares"]
    # queries spread over how many points carry them
    order = np.argsort(fit["participation"][: len(shares)])
    queries = order[np.linspace(0, len(order) - 1, min(QUERIES, len(order))).astype(int)]
    side, k = round(data["images"].shape[1] ** 0.5), shares.shape[1]
    figure = Figure(figsize=(1.3 * (k + 1), 1.45 * len(queries)), layout="constrained")
    panels = figure.subplots(len(queries), k + 1, squeeze=False)
    rows = []
    for row, query in zip(panels, queries, strict=True):
        effective = 1.0 / fit["participation"][query]
        row[0].imshow(data["images_test"][query].reshape(side, side), cmap="Greys")
        row[0].set_title(f"{effective:.1f} points", fontsize=7)
        for rank in range(k):
            image, share = int(fit["carriers"][query, rank]), float(shares[query, rank])
            row[rank + 1].imshow(data["images"][image].reshape(side, side), cmap="Greys")
            row[rank + 1].set_title(f"{share:.0%}", fontsize=7)
            rows.append((scenario, int(query), float(effective), rank + 1, image, share))
        for axes in row:
            axes.set(xticks=[], yticks=[])
    return figure, pd.DataFrame(rows, columns=["scenario", "query", "effective_points", "rank", "image", "share"])


def _cell(tables: Tables):
    for scenario in dict.fromkeys(tables.runs["scenario"]):
        for method in METHODS:
            cell = next(tables.cells(scenario, method), None)
            if cell is not None and "images" in cell[0] and "shares" in cell[1]:
                return scenario, *cell
    return None
