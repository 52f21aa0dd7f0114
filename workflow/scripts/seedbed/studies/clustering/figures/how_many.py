"""How many clusters: the criteria that need no truth, against the number of clusters that was looked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

_GRID = re.compile(r"^(?P<before>.*?)[~,]n_clusters=(?P<k>\d+)(?P<after>.*)$")
_ROWS = {
    "stability": "stability between subsamples\n(adjusted Rand index)",
    "silhouette": "silhouette",
    "silhouette_gap": "silhouette less that\nof data without clusters",
}
_COLUMNS = ["family", "n_clusters", "method", "label", "metric", "mean", "low", "high", "n_scored"]


def how_many(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """The criteria along a grid of ``n_clusters``, for every scenario without a truth that has one.

    One column per family of scenarios; means over replicates with their intervals, a line per method.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        One row per family, number of clusters, method and criterion.
    None
        If no scenario without a truth has a grid of ``n_clusters``.
    """
    drawn = _drawn(tables)
    families = [name for name, part in drawn.groupby("family", sort=False) if part["n_clusters"].nunique() > 1]
    if not families:
        return None
    figure = Figure(figsize=(1.8 + 4.2 * len(families), 8.5), layout="constrained")
    grid = figure.subplots(len(_ROWS), len(families), sharex="col", squeeze=False)
    for column, family in enumerate(families):
        cells = drawn[drawn["family"] == family]
        for row, (metric, label) in enumerate(_ROWS.items()):
            axes = grid[row, column]
            axes.grid(True, color="#dddddd", linewidth=0.6)
            axes.set_title(family if row == 0 else "", fontsize=9)
            axes.set_ylabel(label if column == 0 else "")
            axes.axhline(0.0, color="#888888", linewidth=0.8)
            for method, part in cells[cells["metric"] == metric].groupby("method", sort=False):
                style, part = tables.styles[str(method)], part.sort_values("n_clusters")
                errors = [part["mean"] - part["low"], part["high"] - part["mean"]]
                axes.errorbar(
                    part["n_clusters"], part["mean"], errors, color=style.colour, marker=style.marker, linewidth=1.0,
                    elinewidth=0.7, label=tables.labels[str(method)] if row + column == 0 else None,
                )  # fmt: skip
        grid[-1, column].set_xlabel("clusters looked for")
        grid[-1, column].set_xticks(sorted(set(cells["n_clusters"])))
    figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=8)
    return figure, drawn[drawn["family"].isin(families)].reset_index(drop=True)


def _drawn(tables: Tables) -> pd.DataFrame:
    rows = []
    known = tables.summary[tables.summary["metric"].isin(_ROWS) & (tables.summary["n_scored"] > 0)]
    for cell in known.to_dict("records"):
        if (match := _GRID.match(str(cell["scenario"]))) and cell["method"] in tables.labels:
            more = {"family": match["before"] + match["after"], "n_clusters": int(match["k"])}
            rows.append({**cell, **more, "label": tables.labels[cell["method"]]})
    return pd.DataFrame(rows, columns=_COLUMNS).sort_values(["family", "method", "n_clusters"], kind="stable")
