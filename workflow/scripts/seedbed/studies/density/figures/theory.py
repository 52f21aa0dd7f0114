"""Measured against exact: how many points carry a value, and the divergence as a function of the bandwidth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.density.theory.condensation import critical_bandwidths
from seedbed.density.theory.exact_risk import expected_kl, expected_participation, optimal_bandwidth

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

DIMENSIONS, SIZES = (10, 16, 25, 40, 64, 100), (1000, 10_000, 100_000)
COLOURS = ("#4477AA", "#228833", "#AA3377")
REGIMES = (("condensed", "#F4D6CC"), ("heavy-tailed", "#FFF3C4"), ("normal", "#DCEBD5"))
BEST = "oracle_bandwidth"
# kernels in the shape of the data, so that h is in units of their deviation
PLAIN = ("scott", "silverman", "theory", "nearest", "loo_full", BEST)


def effective_points(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Points that carry a value at the best bandwidth, against the dimension, for three sizes.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``kind`` (exact or measured), ``n_samples, n_features, effective_points``. None without a scenario of
        spherical Gaussian data with the best bandwidth.
    """
    measured = [
        (n, d, 1.0 / np.mean([fit["participation"].mean() for fit in fits]))
        for _, (n, d), fits in _gaussian(tables, BEST)
    ]
    if not measured:
        return None
    exact = [(n, d, 1.0 / expected_participation(optimal_bandwidth(n, d), n, d)) for n in SIZES for d in DIMENSIONS]
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    for n, colour in zip(SIZES, COLOURS, strict=True):
        line = np.array([(d, value) for size, d, value in exact if size == n])
        axes.plot(line[:, 0], line[:, 1], color=colour, label=f"exact, n = {n:,}".replace(",", " "))
    for n, d, value in measured:
        axes.plot(d, value, "o", color="black", markersize=5)
        axes.annotate(f"n = {n}", (d, value), (5, 4), textcoords="offset points", fontsize=7)
    axes.set(xlabel="dimension d", ylabel="points that carry a value", xscale="log", yscale="log")
    axes.set_xticks(DIMENSIONS, [str(d) for d in DIMENSIONS])
    axes.set_yticks((2, 3, 5, 8, 12), ("2", "3", "5", "8", "12"))
    axes.minorticks_off()
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.legend(frameon=False, fontsize=8)
    rows = [("exact", *row) for row in exact] + [("measured", *row) for row in measured]
    return figure, pd.DataFrame(rows, columns=["kind", "n_samples", "n_features", "effective_points"])


def risk_by_bandwidth(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Divergence against the bandwidth, one panel per scenario of spherical Gaussian data.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, kind, label, bandwidth, kl``. None without such scenarios.
    """
    plain: dict[str, list[tuple[str, float, float]]] = {}
    sizes: dict[str, tuple[int, int]] = {}
    for method in PLAIN:
        for scenario, size, fits in _gaussian(tables, method):
            width = float(np.mean([fit["bandwidth"] for fit in fits]))
            plain.setdefault(scenario, []).append((method, width, _mean_kl(tables, scenario, method)))
            sizes[scenario] = size
    if not plain:
        return None
    figure = Figure(figsize=(3.5 * min(2, len(plain)), 3.2 * -(-len(plain) // 2)), layout="constrained")
    panels = figure.subplots(-(-len(plain) // 2), min(2, len(plain)), squeeze=False).ravel()
    for axes in panels[len(plain) :]:
        axes.remove()
    drawn = []
    for axes, (scenario, found) in zip(panels, plain.items(), strict=False):
        n, d = sizes[scenario]
        best = optimal_bandwidth(n, d)
        h = best * np.geomspace(0.75, 1.7, 25)
        line = [expected_kl(each, n, d) for each in h]
        _shade(axes, n, d, h)
        axes.plot(h, line, color="black", linewidth=1.2)
        for method, width, value in found:
            style = tables.styles[method]
            axes.plot(width, value, style.marker, color=style.colour, label=tables.labels.get(method, method))
        axes.set(xlim=(h[0], h[-1]), ylim=(0.9 * min(line), min(line) * 2.2), xlabel="bandwidth h", ylabel="nats")
        axes.set_title(tables.scenarios.get(scenario, scenario), fontsize=8)
        drawn += [(scenario, "exact", "exact risk", *pair) for pair in zip(h, line, strict=True)]
        drawn += [(scenario, "measured", tables.labels.get(m, m), w, v) for m, w, v in found]
    shown: dict = {}
    for axes in figure.axes:
        shown |= dict(zip(*axes.get_legend_handles_labels()[::-1], strict=True))
    figure.legend(shown.values(), shown.keys(), loc="outside upper center", ncols=3, frameon=False, fontsize=7)
    return figure, pd.DataFrame(drawn, columns=["scenario", "kind", "label", "bandwidth", "kl"])


def _mean_kl(tables: Tables, scenario: str, method: str) -> float:
    scores = tables.scores
    cell = (scores["scenario"] == scenario) & (scores["method"] == method) & (scores["metric"] == "kl")
    return float(scores.loc[cell, "value"].mean())


def _shade(axes, n: int, d: int, h: np.ndarray) -> None:
    at = critical_bandwidths(n, d)
    edges = np.clip([h[0], at.h_g, at.h_clt, h[-1]], h[0], h[-1])
    for (name, colour), low, high in zip(REGIMES, edges[:-1], edges[1:], strict=True):
        if high > low:
            axes.axvspan(low, high, color=colour, linewidth=0)
            if high - low < 0.12 * (h[-1] - h[0]):
                continue  # no room for a word
            axes.text((low * high) ** 0.5, 0.97, name, transform=axes.get_xaxis_transform(), fontsize=6, ha="center",
                      va="top")  # fmt: skip


def _gaussian(tables: Tables, method: str) -> list[tuple[str, tuple[int, int], list[Mapping[str, np.ndarray]]]]:
    """Scenarios of spherical Gaussian data with the fits of a kernel estimate, and their sizes."""
    found = []
    for scenario in dict.fromkeys(tables.runs["scenario"]):
        cells = list(tables.cells(scenario, method))
        if not cells or not cells[0][0].get("spherical", False) or "bandwidth" not in cells[0][1]:
            continue
        found.append((scenario, cells[0][0]["X"].shape, [fit for _, fit in cells]))
    return found
