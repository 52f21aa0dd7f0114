"""Figure: test features of a few classes in two dimensions, for a few methods side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .over_subspace_dimension import series_of

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

CLASSES, PANELS = 6, 4
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = "os^Dv>"


def features(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """Two principal components of the unit features of the first replicate.

    Parameters
    ----------
    tables : object
        ``runs`` (data frame), ``scenario`` (id), ``labels`` by method, ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, class, x, y``. None if no method has features.
    """
    parts = []
    for method in _methods(tables):
        first = next(tables.cells(tables.scenario, method), None)
        if first is not None and "features" in first[1]:
            parts.append(_projected(tables.scenario, method, first[0]["y_test"], first[1]["features"]))
    if not parts:
        return None
    figure = Figure(figsize=(3.2 * len(parts), 3.5), layout="constrained")
    for axes, part in zip(figure.subplots(1, len(parts), squeeze=False)[0], parts, strict=True):
        for number, (label, points) in enumerate(part.groupby("class")):
            style = {"color": COLOURS[number], "marker": MARKERS[number], "markersize": 3, "markeredgewidth": 0}
            axes.plot(points["x"], points["y"], linestyle="", alpha=0.7, label=f"class {label}", **style)
        method = part["method"].iloc[0]
        axes.set_title(tables.labels.get(method, method), fontsize=9)
        axes.set_aspect("equal", "datalim")
        axes.set_xticks([])
        axes.set_yticks([])
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=6, frameon=False, fontsize=8)
    return figure, pd.concat(parts, ignore_index=True)


def _methods(tables: ScenarioTables) -> list[str]:
    """Linear and cosine heads, and the fewest and the most dimensions."""
    there = list(dict.fromkeys(tables.runs["method"]))
    dims = {name: found[1] for name in there if (found := series_of(name))}
    series = sorted(dims, key=dims.__getitem__)
    return list(dict.fromkeys([*(name for name in ("softmax", "cosine") if name in there), *series[:1], *series[-1:]]))[
        :PANELS
    ]


def _projected(scenario: str, method: str, y: np.ndarray, features: np.ndarray) -> pd.DataFrame:
    chosen = np.isin(y, np.unique(y)[:CLASSES])
    X, y = features[chosen].astype(float), y[chosen]
    X /= np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)
    _, _, axes = np.linalg.svd(X - X.mean(0), full_matrices=False)
    plane = (X - X.mean(0)) @ axes[:2].T
    return pd.DataFrame({"scenario": scenario, "method": method, "class": y, "x": plane[:, 0], "y": plane[:, 1]})
