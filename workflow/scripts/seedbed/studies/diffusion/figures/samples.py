"""What samplers make of the same noise: digits as digits, other points on two axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .axes import labelled

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

SHOWN, MOST_METHODS, SIDE = 8, 12, 8


def samples(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """The first samples of the first replicate, a row for each sampler.

    Parameters
    ----------
    tables : object
        ``scores`` of the scenario, ``labels``, and ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, sample, distance``: the root mean square distance of each sample to the end of the flow.
    None
        For scenarios without samplers.
    """
    methods = list(dict.fromkeys(tables.scores["method"]))
    ends: dict[str, np.ndarray] = {}
    reference = None
    for method in methods:
        found = next(tables.cells(tables.scenario, method), None)
        if found is None or "samples" not in found[1] or "reference" not in found[0]:
            continue
        reference = found[0]["reference"][:SHOWN]
        ends[method] = found[1]["samples"][:SHOWN]
    if reference is None:
        return None
    rows = {"": reference, **dict(list(ends.items())[:MOST_METHODS])}
    figure = _digits(tables, rows) if reference.shape[1] == SIDE * SIDE else _points(tables, rows)
    with np.errstate(over="ignore", invalid="ignore"):
        distances = {name: np.sqrt(((end - reference) ** 2).mean(1)) for name, end in ends.items()}
    drawn = pd.DataFrame(
        [(name, i, float(f"{value:.4g}")) for name, row in distances.items() for i, value in enumerate(row)],
        columns=["method", "sample", "distance"],
    )
    drawn.insert(1, "label", labelled(tables, drawn["method"]))
    return figure, drawn


def _digits(tables: ScenarioTables, rows: dict[str, np.ndarray]) -> Figure:
    figure = Figure(figsize=(7.2, 0.62 * len(rows) + 0.3), layout="constrained")
    panels = figure.subplots(len(rows), SHOWN, squeeze=False)
    limit = np.abs(rows[""]).max()
    for line, (method, points) in zip(panels, rows.items(), strict=True):
        for panel, point in zip(line, points, strict=False):
            shown = np.nan_to_num(np.clip(point, -limit, limit)).reshape(SIDE, SIDE)
            panel.imshow(shown, cmap="gray_r", vmin=-limit, vmax=limit)
        for panel in line:
            panel.set(xticks=[], yticks=[])
            panel.spines[:].set_visible(False)
        name = tables.labels.get(method, method) if method else "the flow's own end"
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=8)
    return figure


def _points(tables: ScenarioTables, rows: dict[str, np.ndarray]) -> Figure:
    """On the first two principal axes of the flow's ends, with lines to them."""
    centre = rows[""].mean(axis=0)
    axes_ = np.linalg.svd(rows[""] - centre, full_matrices=False)[2][:2]
    flat = {name: np.nan_to_num(np.clip(points - centre, -1e3, 1e3)) @ axes_.T for name, points in rows.items()}
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    panel: Axes = figure.subplots()
    panel.plot(*_two(flat.pop("")), "k*", markersize=10, linestyle="none", label="the flow's own end")
    for method, points in flat.items():
        style = tables.styles[method]
        name = tables.labels.get(method, method)
        panel.plot(*_two(points), color=style.colour, marker=style.marker, linestyle="none", markersize=4, label=name)
    panel.set(xlabel="first principal axis", ylabel="second principal axis")
    figure.legend(loc="outside right upper", frameon=False, fontsize=7)
    return figure


def _two(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return points[:, 0], points[:, 1] if points.shape[1] > 1 else np.zeros(len(points))
