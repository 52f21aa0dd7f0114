"""Accuracy against the size of the smaller of two classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

_SHOWN = (
    "log_communicability", "cosine_communicability", "plain_communicability", "plain_walk", "auto_refined", "spectral",
    "louvain", "genie",
)  # fmt: skip


def small_class(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Mean adjusted Rand index of some methods against the size of the smaller class.

    Parameters
    ----------
    tables : object
        ``scores`` (data frame), ``labels``, ``styles``, ``scenarios``, and ``first_data(scenario)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``smallest, scenario, method, label, mean, standard_error, replicates``. None unless two scenarios have
        two planted classes of 100 nodes in all, with edges .3 and .1.
    """
    sizes = {name: size for name in tables.scenarios if (size := _smallest(tables, name)) is not None}
    if len(sizes) < 2:
        return None
    scores = tables.scores[(tables.scores["metric"] == "adjusted_rand_index") & tables.scores["scenario"].isin(sizes)]
    scores = scores[scores["method"].isin(_SHOWN)].dropna(subset=["value"])
    if scores.empty:
        return None
    drawn = scores.groupby(["scenario", "method"], sort=False)["value"].agg(
        mean="mean", standard_error="sem", replicates="size"
    )
    drawn = drawn.reset_index()
    drawn.insert(0, "smallest", [sizes[name] for name in drawn["scenario"]])
    drawn.insert(3, "label", [tables.labels.get(method, method) for method in drawn["method"]])
    drawn = drawn.sort_values(["method", "smallest"], kind="stable", ignore_index=True)
    figure = Figure(figsize=(6.5, 4.4), layout="constrained")
    axes = figure.subplots()
    for method, cell in drawn.groupby("method", sort=False):
        look = tables.styles[method]
        bars = np.nan_to_num(cell["standard_error"].to_numpy())
        style = {"color": look.colour, "marker": look.marker, "linewidth": 1.2, "markersize": 4, "capsize": 2}
        axes.errorbar(cell["smallest"], cell["mean"], bars, label=tables.labels.get(method, method), **style)
    axes.set_xlabel("nodes of the smaller class, of 100")
    axes.set_ylabel("adjusted Rand index")
    axes.grid(True, color="#dddddd", linewidth=0.6)
    figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=8)
    return figure, drawn


def _smallest(tables: Tables, scenario: str) -> int | None:
    """Of two planted classes in 100 nodes with edges .3 and .1."""
    data = tables.first_data(scenario)
    if data is None or "probabilities" not in data or len(data["X"]) != 100 or data["probabilities"].shape != (2, 2):
        return None
    if not np.allclose(data["probabilities"], [[0.3, 0.1], [0.1, 0.3]]) or not np.allclose(data["popularity"], 1.0):
        return None
    return int(np.bincount(data["labels"]).min())
