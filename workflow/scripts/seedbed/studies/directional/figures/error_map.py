"""Error maps over the (v, x) plane: where each way of computing log I, log K and the ratio is right."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, LogNorm
from matplotlib.figure import Figure

from seedbed.studies.directional.metrics import point_errors

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

LOWEST, HIGHEST = 1e-17, 1e-7
# half a decade to a bin, up to 1e6; points beyond (v = 0, x = 1e-300) count in the outermost bins
EDGES = np.linspace(-3.5, 6.0, 20)
FAILED = "#E4007C"
_FUNCTIONS = {"iv": "log I", "kv": "log K", "ratio": "ratio"}
COLUMNS = ["function", "method", "label", "v", "x", "points", "not_finite", "largest_error"]


def error_maps(tables: Tables) -> tuple[Figure, pd.DataFrame]:
    """One map per function and method, over the points of all scenarios and replicates.

    Colour is the largest condition-scaled error of a bin; a bin with a result that is not finite is loud.

    Parameters
    ----------
    tables : object
        ``scores`` (data frame), ``labels``, and ``cells(scenario, method)``, which yields ``(data, fit)`` arrays.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        One row per bin with points: ``function, method, label``, ``v, x`` (lower edges), ``points``,
        ``not_finite`` (results), ``largest_error`` (over the finite results).
    """
    table = _bins(tables)
    functions = [name for name in _FUNCTIONS if name in set(table["function"])]
    methods = list(dict.fromkeys(table["method"]))
    figure = Figure(
        figsize=(1.8 + 1.9 * max(1, len(methods)), 1.4 + 2.0 * max(1, len(functions))), layout="constrained"
    )
    panels = figure.subplots(max(1, len(functions)), max(1, len(methods)), sharex=True, sharey=True, squeeze=False)
    mesh = None
    for row, function in zip(panels, functions, strict=False):
        for panel, method in zip(row, methods, strict=False):
            chosen = table[(table["function"] == function) & (table["method"] == method)]
            if chosen.empty:
                panel.text(0.5, 0.5, "not computed", transform=panel.transAxes, ha="center", fontsize=8)
                continue
            mesh = _draw(panel, chosen)
            share = chosen["not_finite"].sum() / chosen["points"].sum()
            title = f"{share:.1%} not finite" if share else "all finite"
            panel.set_title(title, fontsize=8, color=FAILED if share else "black")
    for panel, method in zip(panels[0], methods, strict=False):
        name = "\n".join(textwrap.wrap(str(tables.labels.get(method, method)), 22))
        panel.set_title(f"{name}\n{panel.get_title()}", fontsize=9, color=panel.title.get_color())
    for panel in panels[-1]:
        panel.set_xlabel("order v", fontsize=8)
    for row, function in zip(panels, functions, strict=False):
        row[0].set_ylabel(f"{_FUNCTIONS[function]}\nargument x", fontsize=9)
    if mesh is not None:
        bar = figure.colorbar(mesh, ax=panels.ravel().tolist(), extend="both", aspect=40)
        bar.set_label("largest error over the condition (pink: not finite; white: no point)")
    return figure, table


def _draw(panel: Axes, bins: pd.DataFrame) -> Any:
    """The bins of one panel."""
    size = len(EDGES) - 1
    errors, failed = np.full((size, size), np.nan), np.full((size, size), np.nan)
    at = tuple(np.round((np.log10(bins[name]) - EDGES[0]) * 2).astype(int) for name in ("x", "v"))
    errors[at] = np.clip(bins["largest_error"], LOWEST, HIGHEST)
    failed[at] = np.where(bins["not_finite"] > 0, 1.0, np.nan)
    edges = 10.0**EDGES
    mesh = panel.pcolormesh(edges, edges, errors, norm=LogNorm(LOWEST, HIGHEST), cmap="viridis", rasterized=True)
    panel.pcolormesh(edges, edges, failed, cmap=ListedColormap([FAILED]), rasterized=True)
    panel.set(xscale="log", yscale="log")
    panel.tick_params(labelsize=7)
    return mesh


def _bins(tables: Tables) -> pd.DataFrame:
    """Points of all replicates by function, method and bin."""
    parts = []
    scored = tables.scores[tables.scores["metric"] == "scaled_error"][["scenario", "method"]].drop_duplicates()
    for scenario, method in scored.itertuples(index=False):
        for data, fit in tables.cells(scenario, method):
            error = point_errors(data, fit, "scaled")
            finite = np.isfinite(fit["value"])
            part = {"function": str(data["function"]), "method": method}
            part |= {"v": _lower_edges(data["v"]), "x": _lower_edges(data["x"])}
            part |= {
                "points": 1,
                "not_finite": 1 - finite,
                "largest_error": np.where(finite, np.minimum(error, 1.0), np.nan),
            }
            parts.append(pd.DataFrame(part))
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    keys = ["function", "method", "v", "x"]
    table = (
        pd.concat(parts).groupby(keys, sort=False).agg({"points": "sum", "not_finite": "sum", "largest_error": "max"})
    )
    table = table.reset_index()
    table["label"] = [tables.labels.get(method, method) for method in table["method"]]
    # three digits are what colours can show, and keep the file small
    table["largest_error"] = [float(f"{value:.3g}") for value in table["largest_error"]]
    return table[COLUMNS]


def _lower_edges(values: np.ndarray) -> np.ndarray:
    """The lower edge of the bin that each value is counted in."""
    bins = np.searchsorted(EDGES, np.log10(np.maximum(values, 1e-300)), side="right") - 1
    return np.array([float(f"{edge:.4g}") for edge in 10.0**EDGES])[np.clip(bins, 0, len(EDGES) - 2)]
