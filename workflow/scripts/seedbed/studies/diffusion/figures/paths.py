"""Paths on the unrolled cone, and what n and d do to its angle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .axes import plain

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables


def cone(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Every path of the first replicate, a panel for each scenario.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``scenario, method, label, x, y``: r cos(phi), r sin(phi).
    None
        Without paths.
    """
    paths = list(dict.fromkeys(tables.scores["method"]))
    parts, angles = [], {}
    for scenario in tables.scenarios:
        for method in paths:
            found = next(tables.cells(scenario, method), None)
            if found is None or "drawn" not in found[1]:
                continue
            data, (alpha, sigma) = found[0], found[1]["drawn"]
            theta = np.concatenate([[0.0], np.cumsum(data["angle_weights"])])
            phi = np.concatenate([[0.0], np.cumsum(data["angle_weights"] * np.sqrt(data["test_speed2"]))])
            around, r = np.interp(np.arctan2(alpha, sigma), theta, phi), np.hypot(alpha, sigma)
            angles[scenario] = phi[-1]
            points = {"x": (r * np.cos(around)).round(4), "y": (r * np.sin(around)).round(4)}
            label = tables.labels.get(method, method)
            parts.append(pd.DataFrame({"scenario": scenario, "method": method, "label": label, **points}))
    if not parts:
        return None
    drawn = pd.concat(parts, ignore_index=True)
    columns = min(4, len(angles))
    lines = -(-len(angles) // columns)
    figure = Figure(figsize=(2.6 * columns + 2, 2.6 * lines), layout="constrained")
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    known: dict[str, None] = {}
    for panel, (scenario, angle) in zip(panels, angles.items(), strict=False):
        panel.plot([0, 1], [0, 0], color="#BBBBBB", linewidth=0.8)
        panel.plot([0, np.cos(angle)], [0, np.sin(angle)], color="#BBBBBB", linewidth=0.8)
        for method, group in drawn[drawn["scenario"] == scenario].groupby("method", sort=False):
            name = group["label"].iloc[0]
            colour = tables.styles[str(method)].colour
            panel.plot(group["x"], group["y"], color=colour, linewidth=1.4, label=None if name in known else name)
            known[name] = None
        panel.set_aspect("equal")
        panel.set_title(tables.scenarios[scenario], fontsize=8)
        panel.set(xticks=[], yticks=[])
        plain(panel)
    for panel in panels[len(angles) :]:
        panel.set_axis_off()
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn


def separation(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """The cone's angle over pi/2 against log n / d, with the prediction as a line.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``n, d, rate, angle``: log n / d, and the mean angle over replicates.
    None
        Without scenarios of normal points.
    """
    scored = tables.scores[tables.scores["metric"] == "separation_at_one"]
    rows = []
    for scenario, group in scored.groupby("scenario", sort=False):
        method = str(group["method"].iloc[0])
        for data, _ in tables.cells(str(scenario), method):
            if "points_seed" in data:
                angle = float(data["angle_weights"] @ np.sqrt(data["test_speed2"]))
                rows.append((int(data["n_points"]), int(data["dimension"]), angle / (np.pi / 2)))
    if not rows:
        return None
    drawn = pd.DataFrame(rows, columns=["n", "d", "angle"]).groupby(["n", "d"])["angle"].mean().round(4).reset_index()
    drawn.insert(2, "rate", (np.log(drawn["n"]) / drawn["d"]).round(6))
    figure = Figure(figsize=(6.4, 4), layout="constrained")
    axes = figure.subplots()
    rate = np.geomspace(drawn["rate"].min() / 1.5, drawn["rate"].max() * 1.5, 100)
    axes.plot(rate, 1 - 2 / np.pi * np.arctan(np.sqrt(np.expm1(2 * rate))), color="#888888", label="predicted")
    for n, group in drawn.groupby("n"):
        axes.plot(group["rate"], group["angle"], "o", label=f"{n} points")
    axes.set(xscale="log", xlabel="log n / d", ylabel="angle over π/2")
    axes.legend(frameon=False)
    plain(axes)
    return figure, drawn
