"""The paper's table 3 beside the same columns of this run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from seedbed.core.statistics.intervals import mean_interval

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

# Wang, Li and Zhang (2023), table 3, from the authors' poster: ResNet50-D, ImageNet-1K, linear transfer by support
# vector machines, mean of six data sets. One run a row; no errors are given.
PAPER = pd.DataFrame(
    [
        ("softmax", 78.04, 60.12, 0.495, 77.98),
        ("cosine", 78.30, 56.87, 0.528, 73.72),
        ("gcr_1", 78.42, 56.50, 0.534, 73.64),
        ("gcr_4", 78.68, 61.48, 0.459, 76.21),
        ("gcr_8", 79.26, 63.49, 0.430, 77.64),
        ("gcr_16", 79.21, 65.79, 0.395, 78.95),
        ("gcr_32", 78.63, 67.74, 0.365, 79.70),
    ],
    columns=["method", "accuracy", "variability", "class_separation", "transfer_full"],
)
HEADS = {
    "accuracy": "accuracy (%)",
    "variability": "variability (°)",
    "class_separation": "R²",
    "transfer_full": "transfer (%)",
}
PERCENT = ("accuracy", "transfer_full")
SOURCES = ("paper, ImageNet-1K", "this run")


def table_3(tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Theirs on ImageNet, and ours on the first scenario with images of this run, in one table.

    Parameters
    ----------
    tables : object
        ``scores`` (data frame), ``labels`` by method.

    Returns
    -------
    shown : pandas.DataFrame
        The table as texts: a row per method, and in a cell their number, a bar, and ours with its 95 % interval.
    drawn : pandas.DataFrame
        Columns ``source, scenario, method, label, metric, mean, low, high, replicates``. None if no image scenario of
        this run has a method of the table.
    """
    scores = tables.scores[tables.scores["metric"].isin(HEADS) & tables.scores["value"].notna()]
    there = scores[(scores["metric"] == "class_separation") & scores["method"].isin(PAPER["method"])]
    if there.empty:
        return None
    scenario = there["scenario"].iloc[0]
    groups = scores[scores["scenario"] == scenario].groupby(["method", "metric"], sort=False)["value"]
    found = [(*key, *mean_interval(values.to_numpy()), len(values)) for key, values in groups]
    ours = pd.DataFrame(found, columns=["method", "metric", "mean", "error", "low", "high", "replicates"])
    ours.loc[ours["metric"].isin(PERCENT), ["mean", "low", "high"]] *= 100
    theirs = PAPER.melt("method", var_name="metric", value_name="mean").assign(low=np.nan, high=np.nan, replicates=1)
    paper = theirs.assign(source="paper, ImageNet-1K", scenario="ResNet50-D")
    drawn = pd.concat([paper, ours.assign(source="this run", scenario=scenario)], ignore_index=True)
    names = {"gcr_32": "GCR, k = 32", **tables.labels}
    drawn["label"] = [names.get(method, method) for method in drawn["method"]]
    drawn = drawn[["source", "scenario", "method", "label", "metric", "mean", "low", "high", "replicates"]]
    return _shown(drawn), drawn


def _shown(drawn: pd.DataFrame) -> pd.DataFrame:
    labels = dict(zip(drawn["method"], drawn["label"], strict=True))
    cells = {(row.source, row.method, row.metric): _text(row) for row in drawn.itertuples()}
    columns = {
        head: [" | ".join(cells.get((source, method, metric), "–") for source in SOURCES) for method in labels]
        for metric, head in HEADS.items()
    }
    return pd.DataFrame({"Method: theirs | ours": [*labels.values()], **columns})


def _text(row: Any) -> str:
    digits = 1 if row.metric in PERCENT or row.metric == "variability" else 3
    if not np.isfinite(row.low):
        return f"{row.mean:.{3 if digits == 3 else 2}f}"
    return f"{row.mean:.{digits}f} [{row.low:.{digits}f}, {row.high:.{digits}f}]"
