"""What the data look like: the report shows it beside the scenarios, before any result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables


def sample(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """The first sample of one scenario in rising order, the observations that are wrong in grey."""
    data = tables.first_data(tables.scenario)
    if data is None:
        return None  # nothing to show: the figure is left out
    order = np.argsort(data["X"])
    drawn = pd.DataFrame({"rank": np.arange(len(order)), "value": data["X"][order], "wrong": data["wrong"][order]})
    figure, axes = plt.subplots(figsize=(6, 3))
    axes.scatter(drawn["rank"], drawn["value"], c=np.where(drawn["wrong"], "0.7", "#0072B2"), s=12)
    axes.set_xlabel("rank")
    axes.set_ylabel("observation (standard deviations)")
    plt.close(figure)
    return figure, drawn
