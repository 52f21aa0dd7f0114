"""Reject curves, averaged over replicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.proximity.partitions.reject_curves import reject_curve

from ..peers.atlas_names import ATLAS_FAMILIES, ATLAS_TRANSFORMS

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

_GRID = np.linspace(0.0, 1.0, 51)
_COLOURS = {"log": "#D55E00", "cosine": "#009E73", "plain": "#0072B2"}
_LINES = {"log": "-", "cosine": "--", "plain": "-."}


def reject_curves(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """A panel per family: shares of pairs within and between classes below each distance.

    Parameters
    ----------
    tables : object
        ``scenario`` (id), ``runs``, and ``cells(scenario, method)``: of the methods ``plain_...``, ``cosine_...`` and
        ``log_...``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, auc, fpr, tpr``. None where there is no such method, or no classes.
    """
    known = set(tables.runs["method"])
    curves: dict[tuple[str, str], tuple[float, np.ndarray]] = {}
    for family in ATLAS_FAMILIES:
        for transform in ATLAS_TRANSFORMS:
            name = f"{transform}_{family}"
            found = _mean_curve(tables, name) if name in known else None
            if found is not None:
                curves[family, transform] = found
    if not curves:
        return None
    families = list(dict.fromkeys(family for family, _ in curves))
    columns = min(3, len(families))
    rows = -(-len(families) // columns)
    figure = Figure(figsize=(3.4 * columns, 3.1 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    for panel in panels[len(families) :]:
        panel.remove()
    for panel, family in zip(panels, families, strict=False):
        for (name, transform), (auc, tpr) in curves.items():
            if name == family:
                panel.plot(
                    _GRID, tpr, _LINES[transform], color=_COLOURS[transform], label=f"{transform}, area {auc:.3f}"
                )
        panel.plot([0, 1], [0, 1], ":", color="#999999", linewidth=0.8)
        panel.set_title(family.replace("_", " "), fontsize=9)
        panel.legend(fontsize=7, frameon=False, loc="lower right")
        panel.grid(True, color="#dddddd", linewidth=0.6)
        panel.tick_params(labelsize=7)
    figure.supxlabel("share of the pairs between classes", fontsize=9)
    figure.supylabel("share of the pairs within classes", fontsize=9)
    return figure, pd.concat(
        [
            pd.DataFrame(
                {"scenario": tables.scenario, "method": f"{form}_{family}", "auc": auc, "fpr": _GRID, "tpr": tpr}
            )
            for (family, form), (auc, tpr) in curves.items()
        ],
        ignore_index=True,
    )


def _mean_curve(tables: ScenarioTables, method: str) -> tuple[float, np.ndarray] | None:
    curves, areas = [], []
    for data, fit in tables.cells(tables.scenario, method):
        if "labels" in data and "distance_ranks" in fit:
            found = reject_curve(fit["distance_ranks"].astype(float), data["labels"])
            if np.isfinite(found.auc):
                curves.append(np.interp(_GRID, found.fpr, found.tpr))
                areas.append(found.auc)
    return (float(np.mean(areas)), np.mean(curves, axis=0)) if curves else None
