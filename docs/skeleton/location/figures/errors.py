"""Figures that only this study has; scores, comparisons and costs are drawn for every study alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables


def errors(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """All errors of one scenario, one line per method; the numbers drawn go into the figure's CSV file."""
    scores = tables.scores[tables.scores["metric"] == "absolute_error"]
    if scores.empty:
        return None  # nothing to show: the figure is left out
    figure, axes = plt.subplots(figsize=(6, 3))
    for name, group in scores.groupby("method", sort=False):
        axes.plot(group["value"], [tables.labels[name]] * len(group), "o", alpha=0.5)
    axes.set_xlabel("absolute error (standard deviations)")
    plt.close(figure)
    return figure, scores[["method", "replicate", "value"]]
