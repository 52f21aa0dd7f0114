"""Figure: what the data look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

CLASSES, IMAGES = 6, 12
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


def images(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """Training images of some classes, one row per class; of features, two principal components.

    Parameters
    ----------
    tables : object
        ``runs`` (data frame), ``scenario`` (id), ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, class, row`` of the images shown, or ``scenario, class, x, y`` of the features. None
        without a result.
    """
    methods = dict.fromkeys(tables.runs["method"])
    first = next((cell for name in methods for cell in [next(tables.cells(tables.scenario, name), None)] if cell), None)
    if first is None:
        return None
    X, y = first[0]["X"], first[0]["y"]
    return _pictures(tables.scenario, X, y) if X.ndim == 4 else _plane(tables.scenario, X, y)


def _pictures(scenario: str, X: np.ndarray, y: np.ndarray) -> tuple[Figure, pd.DataFrame]:
    classes = np.unique(y)[:CLASSES]
    figure = Figure(figsize=(IMAGES * 0.6, len(classes) * 0.66), layout="constrained")
    figure.set_label(f"Images of {len(classes)} of {len(np.unique(y))} classes, a row per class")
    low, high = np.quantile(X, [0.01, 0.99])
    shown = []
    for line, label in zip(figure.subplots(len(classes), IMAGES, squeeze=False), classes, strict=True):
        rows = np.flatnonzero(y == label)
        rows = rows[np.linspace(0, len(rows) - 1, min(IMAGES, len(rows))).astype(int)]
        for axes in line:
            axes.set_axis_off()
        for axes, row in zip(line, rows, strict=False):
            picture = np.moveaxis(X[row], 0, 2).clip(low, high)
            picture = (picture - low) / max(high - low, 1e-12)
            axes.imshow(picture if X.shape[1] == 3 else picture[:, :, 0], cmap="gray", vmin=0, vmax=1)
            shown.append((scenario, label, row))
    return figure, pd.DataFrame(shown, columns=["scenario", "class", "row"])


def _plane(scenario: str, X: np.ndarray, y: np.ndarray) -> tuple[Figure, pd.DataFrame]:
    _, _, axes = np.linalg.svd(X - X.mean(0), full_matrices=False)
    plane = (X - X.mean(0)) @ axes[:2].T
    plane = np.column_stack([plane, np.zeros(len(plane))])[:, :2]
    table = pd.DataFrame({"scenario": scenario, "class": y, "x": plane[:, 0], "y": plane[:, 1]})
    table = table[table["class"].isin(np.unique(y)[:CLASSES])]
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    shown, there = table["class"].nunique(), len(np.unique(y))
    figure.set_label(f"{shown} of {there} classes on the first two principal components of the features")
    axes = figure.subplots()
    for colour, (label, points) in zip(COLOURS, table.groupby("class"), strict=False):
        axes.plot(points["x"], points["y"], ".", color=colour, alpha=0.6, markeredgewidth=0, label=f"class {label}")
    axes.set_xlabel("first principal component")
    axes.set_ylabel("second principal component")
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, table.reset_index(drop=True)
