"""Figure: the estimated against the true sufficient predictor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import rankdata

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

_MOST = 8  # methods
_COLUMNS = 4


def predictors(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """A panel per method and coordinate of the truth: test rows of the first replicate, best methods first.

    The horizontal axis is a coordinate of the true predictor, the vertical one the estimated component that has the
    largest rank correlation with it, turned to rise. A curve is a perfect estimate; a fold is not.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs`` (data frames), ``scenario`` (id), ``labels``, ``styles`` and
        ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, coordinate, true, estimated``. None where no true predictor is known.
    """
    found = ((method, next(tables.cells(tables.scenario, method), None)) for method in _ranked(tables))
    cells = [(method, *cell) for method, cell in found if cell is not None and "Z_test" in cell[0]]
    if not cells:
        return None
    truth = cells[0][1]["Z_test"]
    parts = [
        _panel(tables, method, truth[:, coordinate], fit["predictor_test"], coordinate)
        for method, _, fit in cells
        for coordinate in range(truth.shape[1])
    ]
    rows = -(-len(parts) // _COLUMNS)
    figure = Figure(figsize=(2.6 * _COLUMNS, 2.3 * rows + 0.4), layout="constrained")
    panels = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axes in panels[len(parts) :]:
        axes.remove()
    for axes, part in zip(panels, parts, strict=False):
        method, coordinate = part["method"].iloc[0], part["coordinate"].iloc[0]
        colour = tables.styles[method].colour
        axes.plot(part["true"], part["estimated"], ".", color=colour, alpha=0.5, markersize=3, markeredgewidth=0)
        axes.set_title(tables.labels.get(method, method), fontsize=7)
        axes.set_xlabel(f"true predictor, coordinate {coordinate}", fontsize=7)
        axes.set_ylabel("estimated component", fontsize=7)
        axes.tick_params(labelsize=6)
    return figure, pd.concat(parts, ignore_index=True)


def _ranked(tables: ScenarioTables) -> list[str]:
    """Methods by their mean distance correlation, the oracle left out: it is the diagonal."""
    scores = tables.scores[tables.scores["metric"] == "distance_correlation"].dropna(subset=["value"])
    means = scores.groupby("method", sort=False)["value"].mean().sort_values(ascending=False, kind="stable")
    return [method for method in means.index if tables.roles.get(method) != "oracle"][:_MOST]


def _panel(
    tables: ScenarioTables, method: str, true: np.ndarray, estimated: np.ndarray, coordinate: int
) -> pd.DataFrame:
    ranks = rankdata(estimated, axis=0)
    centred, target = ranks - ranks.mean(axis=0), rankdata(true) - (len(true) + 1) / 2
    scale = np.linalg.norm(centred, axis=0) * np.linalg.norm(target)
    correlation = centred.T @ target / np.where(scale > 0, scale, 1.0)
    best = int(np.abs(correlation).argmax())
    component = estimated[:, best] * (-1.0 if correlation[best] < 0 else 1.0)
    deviation = component.std()
    return pd.DataFrame(
        {
            "scenario": tables.scenario,
            "method": method,
            "label": tables.labels.get(method, method),
            "coordinate": coordinate + 1,
            "true": true,
            "estimated": (component - component.mean()) / (deviation if deviation > 0 else 1.0),
        }
    )
