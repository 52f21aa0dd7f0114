"""What an estimate at a fixed point does over data sets: histograms with the normal and the stable law."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import norm

from seedbed.studies.density.metrics import log_positive_stable, stable_by_quartiles

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

SHOWN = (2.0, 1.25, 0.7)


def laws_of_sums(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """One row of panels per scenario, at three bandwidths.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, factor, x, density, normal, stable``. None without such sums.
    """
    found = _sums(tables)
    if not found:
        return None
    scenarios = list(dict.fromkeys(scenario for scenario, _ in found))
    figure = Figure(figsize=(3.0 * len(SHOWN), 2.6 * len(scenarios)), layout="constrained")
    panels = figure.subplots(len(scenarios), len(SHOWN), squeeze=False)
    drawn = []
    for row, scenario in zip(panels, scenarios, strict=True):
        for axes, factor in zip(row, SHOWN, strict=True):
            if (scenario, factor) not in found:
                axes.text(0.5, 0.5, "not run", transform=axes.transAxes, ha="center", fontsize=8)
                continue
            table = _panel(factor, found[scenario, factor])
            axes.bar(table["x"], table["density"], width=np.diff(table["x"]).mean(), color="#BBCCEE")
            axes.plot(table["x"], table["normal"], color="#666666", linewidth=1.0, linestyle="--", label="normal")
            axes.plot(table["x"], table["stable"], color="#AA3377", linewidth=1.2, label="stable")
            axes.set_title(f"{tables.scenarios.get(scenario, scenario)}\nh = {factor:g} h_G", fontsize=7)
            axes.set_xlabel("log of the estimate" if factor < 1.0 else "estimate, in interquartile ranges", fontsize=7)
            axes.tick_params(labelsize=6)
            drawn.append(table.assign(scenario=scenario, factor=factor))
    drawn_on = [axes for axes in figure.axes if axes.get_legend_handles_labels()[0]]
    drawn_on[0].legend(frameon=False, fontsize=7)
    return figure, pd.concat(drawn, ignore_index=True)[["scenario", "factor", "x", "density", "normal", "stable"]]


def _panel(factor: float, log_sums: np.ndarray) -> pd.DataFrame:
    m = factor**2
    if factor < 1.0:  # both on the scale of the logarithm, about its median
        values, stable = log_sums - np.median(log_sums), log_positive_stable(m)
        stable = stable - np.median(stable)
    else:
        values = np.exp(log_sums - log_sums.mean())
        low, middle, high = np.percentile(values, (25, 50, 75))
        values = (values - middle) / (high - low)
        stable = stable_by_quartiles(m) if m < 2.0 else np.random.default_rng(0).normal(size=40_000) / 1.349
    first, last = np.percentile(values, (0.5, 99.5))
    edges = np.linspace(first, last, 41)
    middle = 0.5 * (edges[1:] + edges[:-1])
    low, high = np.percentile(values, (25, 75))
    normal = norm.pdf(middle, np.median(values), (high - low) / 1.349)
    share = len(stable) * np.diff(edges)
    return pd.DataFrame(
        {"x": middle, "density": np.histogram(values, edges)[0] / (len(values) * np.diff(edges)), "normal": normal,
         "stable": np.histogram(stable, edges)[0] / share}
    )  # fmt: skip


def _sums(tables: Tables) -> dict[tuple[str, float], np.ndarray]:
    """Logarithms of the sums of all replicates, by scenario and factor."""
    found: dict[tuple[str, float], list[np.ndarray]] = {}
    runs = tables.runs[["scenario", "method"]].drop_duplicates()
    for scenario, method in runs.itertuples(index=False):
        if not method.startswith("kernel_sum"):
            continue
        for _, fit in tables.cells(scenario, method):
            if "log_sums" in fit and float(fit["factor"]) in SHOWN:
                found.setdefault((scenario, float(fit["factor"])), []).append(fit["log_sums"])
    return {key: np.concatenate(parts) for key, parts in found.items()}
