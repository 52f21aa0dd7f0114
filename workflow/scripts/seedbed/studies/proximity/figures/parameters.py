"""Curves along the parameter: plain, cosine and logarithm side by side, and what rounding does at large values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.proximity.measures.parameters import relative_grid
from seedbed.proximity.partitions.pair_counts import adjusted_rand_indices

from ..peers.atlas_names import ATLAS_FAMILIES, ATLAS_TRANSFORMS

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables, Tables

_LOOKS = {"log": ("#D55E00", "o"), "cosine": ("#009E73", "s"), "plain": ("#0072B2", "^")}
_WORDS = {"log": "logarithmic", "cosine": "cosine", "plain": "plain"}
_COLUMNS = ["scenario", "family", "transform", "value", "mean", "standard_error", "replicates"]


def parameters(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """A panel per family: the adjusted Rand index along the relative parameter, three forms, mean over replicates.

    Parameters
    ----------
    tables : object
        ``scenario`` (id), and ``cells(scenario, method)``: of the method ``atlas``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, family, transform, value, mean, standard_error, replicates``. None without the method or the
        classes.
    """
    cells = [cell for cell in tables.cells(tables.scenario, "atlas") if "labels" in cell[0]]
    if not cells:
        return None
    scores = np.array([_scores(fit["path_labels"], data["labels"]) for data, fit in cells])
    figure = Figure(figsize=(10, 5.6), layout="constrained")
    panels = figure.subplots(2, 3, sharey=True).ravel()
    drawn = []
    for f, (panel, family) in enumerate(zip(panels, ATLAS_FAMILIES, strict=True)):
        grid = relative_grid(family, scores.shape[3])
        ends = grid.max() < 1.0
        for k, transform in enumerate(ATLAS_TRANSFORMS):
            part = _part(tables.scenario, family, transform, grid, scores[:, f, k])
            _line(panel, 1.0 - part["value"] if ends else part["value"], part, *_LOOKS[transform], _WORDS[transform])
            drawn.append(part)
        panel.set_xscale("log")
        panel.set_title(family.replace("_", " "), fontsize=9)
        panel.set_xlabel("1 - parameter" if ends else "parameter, relative", fontsize=8)
        if ends:
            panel.invert_xaxis()
        panel.grid(True, color="#dddddd", linewidth=0.6)
        panel.tick_params(labelsize=7)
    figure.supylabel("adjusted Rand index, mean and standard error", fontsize=9)
    figure.legend(
        *panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=3, frameon=False, fontsize=8
    )
    return figure, pd.concat(drawn, ignore_index=True)


def large_t(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """A panel per scenario: the index of log communicability against t times the gap, stable and naive.

    Parameters
    ----------
    tables : object
        ``scenarios`` (id -> label), ``labels``, ``styles``, and ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns as of :func:`parameters`, the family being the method. None where neither method was run.
    """
    parts = {}
    for scenario in tables.scenarios:
        for method in ("large_t_stable", "large_t_naive"):
            cells = [cell for cell in tables.cells(scenario, method) if "labels" in cell[0]]
            if cells:
                scores = np.array([_scores(fit["path_labels"], data["labels"]) for data, fit in cells])
                parts[scenario, method] = _part(scenario, method, "log", cells[0][1]["path"], scores)
    if not parts:
        return None
    names = list(dict.fromkeys(scenario for scenario, _ in parts))
    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(2.7 * columns, 2.4 * rows + 0.5), layout="constrained")
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
    for panel in panels[len(names) :]:
        panel.remove()
    for panel, name in zip(panels, names, strict=False):
        for (scenario, method), part in parts.items():
            if scenario == name:
                look = tables.styles[method]
                _line(panel, part["value"], part, look.colour, look.marker, str(tables.labels.get(method, method)))
        panel.set_title(name, fontsize=8)
        panel.axvline(-np.log(2.0**-52), color="#999999", linewidth=0.8, linestyle=":")
        panel.grid(True, color="#dddddd", linewidth=0.6)
        panel.tick_params(labelsize=7)
    figure.supxlabel(
        "t times the gap between the first two eigenvalues; dotted: minus the log of the rounding unit", fontsize=8
    )
    figure.supylabel("adjusted Rand index", fontsize=9)
    figure.legend(
        *panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False, fontsize=8
    )
    return figure, pd.concat(parts.values(), ignore_index=True)


def _scores(paths: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The index of every partition of an array of them."""
    flat = paths.reshape(-1, paths.shape[-1])
    return adjusted_rand_indices(labels, flat).reshape(paths.shape[:-1])


def _part(scenario: str, family: str, transform: str, values: np.ndarray, scores: np.ndarray) -> pd.DataFrame:
    n = len(scores)
    error = scores.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(values), np.nan)
    names = {
        "scenario": scenario,
        "family": family,
        "transform": transform,
        "value": values,
        "mean": scores.mean(axis=0),
    }
    return pd.DataFrame({**names, "standard_error": error, "replicates": n}, columns=_COLUMNS)


def _line(panel: Any, x: Any, part: pd.DataFrame, colour: str, marker: str, label: str) -> None:
    bars = np.nan_to_num(part["standard_error"].to_numpy())
    panel.errorbar(
        x, part["mean"], bars, color=colour, marker=marker, markersize=3.5, linewidth=1.1, capsize=2, label=label
    )
