"""Errors against evaluations, and errors and artefacts by guidance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .axes import labelled, plain, scores_of

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables


def convergence(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Median error on smooth laws against evaluations, with slopes of orders one to four.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, evaluations, error``, medians over replicates.
    None
        Without a smooth scenario.
    """
    rows = []
    pairs = scores_of(tables, "convergence_order")[["scenario", "method"]].drop_duplicates()
    for scenario, method in pairs.itertuples(index=False):
        for data, fit in tables.cells(scenario, method):
            for n, end in zip(data["evaluations"], fit["ends"], strict=True):
                error = np.median(np.sqrt(((end - data["reference"]) ** 2).mean(-1)))
                rows.append((method, int(n), float(error)))
    if not rows:
        return None
    table = pd.DataFrame(rows, columns=["method", "evaluations", "error"])
    drawn = table.groupby(["method", "evaluations"], sort=False)["error"].median().reset_index()
    drawn["error"] = [float(f"{value:.4g}") for value in drawn["error"]]
    drawn.insert(1, "label", labelled(tables, drawn["method"]))
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    axes = figure.subplots()
    sizes = np.unique(drawn["evaluations"])
    for order in (1, 2, 3, 4):
        axes.plot(
            sizes, drawn["error"].max() * (sizes / sizes[0]) ** -float(order), color="#CCCCCC", linewidth=0.8, zorder=0
        )
        axes.annotate(
            str(order), (sizes[-1], drawn["error"].max() * (sizes[-1] / sizes[0]) ** -float(order)), fontsize=8
        )
    for method, group in drawn.groupby("method", sort=False):
        style = tables.styles[str(method)]
        axes.plot(group["evaluations"], group["error"], color=style.colour, marker=style.marker, markersize=4,
                  linewidth=1.2, label=group["label"].iloc[0])  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="evaluations", ylabel="distance to the end of the flow")
    axes.set_xticks(sizes, [str(n) for n in sizes])
    axes.minorticks_off()
    plain(axes)
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn


def errors_and_artefacts(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Two panels on shared rows: error and artefact share of every sampler, a colour for each scenario.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``scenario, method, label, error, artefacts``.
    None
        Without samplers.
    """
    errors, shares = (scores_of(tables, name) for name in ("trajectory_error", "artefact_share"))
    if shares.empty:
        return None
    keys = ["scenario", "method"]
    error = errors.assign(value=np.log(errors["value"].clip(lower=1e-4))).groupby(keys, sort=False)["value"].mean()
    share = shares.groupby(keys, sort=False)["value"].mean()
    drawn = pd.DataFrame({"error": np.exp(error).round(4), "artefacts": share.round(4)}).dropna().reset_index()
    drawn.insert(2, "label", labelled(tables, drawn["method"]))
    order = drawn.groupby("method")["error"].mean().sort_values(ascending=False).index
    place = {method: i for i, method in enumerate(order)}
    figure = Figure(figsize=(10, 0.26 * len(place) + 1.4), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    scenarios = list(dict.fromkeys(drawn["scenario"]))
    shades = [f"C{i % 10}" for i in range(len(scenarios))]
    for scenario, shade in zip(scenarios, shades, strict=True):
        chosen = drawn[drawn["scenario"] == scenario]
        rows = chosen["method"].map(place)
        name = tables.scenarios.get(scenario, scenario)
        panels[0].plot(chosen["error"], rows, "o", color=shade, markersize=4, label=name)
        panels[1].plot(chosen["artefacts"], rows, "o", color=shade, markersize=4)
    panels[0].set_yticks(range(len(place)), [tables.labels.get(method, method) for method in place], fontsize=8)
    panels[0].set(xscale="log", xlabel="distance to the end of the flow")
    panels[1].set(xlabel="share of samples beyond data and flow", xlim=(-0.02, 1.02))
    for panel in panels:
        plain(panel)
        panel.grid(axis="y", color="#EEEEEE")
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    return figure, drawn
