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

SHOWN, MOST_METHODS = 8, 12
SIDE, GAP = 8, 2  # pixels of a digit, and between two


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
    """One picture of all: an axes for every digit takes ten times as long to lay out."""
    figure = Figure(figsize=(7.2, 0.62 * len(rows) + 0.3), layout="constrained")
    panel: Axes = figure.subplots()
    limit, step = np.abs(rows[""]).max(), SIDE + GAP
    sheet = np.full((step * len(rows) - GAP, step * SHOWN - GAP), -limit)
    for line, points in enumerate(rows.values()):
        for place, point in enumerate(points):
            digit = np.nan_to_num(np.clip(point, -limit, limit)).reshape(SIDE, SIDE)
            sheet[step * line : step * line + SIDE, step * place : step * place + SIDE] = digit
    panel.imshow(sheet, cmap="gray_r", vmin=-limit, vmax=limit)
    panel.set_xticks([])
    names = [tables.labels.get(method, method) if method else "the flow's own end" for method in rows]
    panel.set_yticks(step * np.arange(len(rows)) + (SIDE - 1) / 2, names, fontsize=8)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)
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
