"""Figure: the paper's table 3 beside the same columns of this run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

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


def table_3(tables: Any) -> tuple[Figure, pd.DataFrame] | None:
    """Two tables side by side: theirs on ImageNet, ours on the first scenario with images of this run.

    Parameters
    ----------
    tables : object
        ``scores`` (data frame), ``labels`` by method.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``source, scenario, method, label, metric, mean, standard_error, replicates``. None if no image
        scenario of this run has a method of the table.
    """
    scores = tables.scores[tables.scores["metric"].isin(HEADS) & tables.scores["value"].notna()]
    there = scores[(scores["metric"] == "class_separation") & scores["method"].isin(PAPER["method"])]
    if there.empty:
        return None
    scenario = there["scenario"].iloc[0]
    groups = scores[scores["scenario"] == scenario].groupby(["method", "metric"], sort=False)["value"]
    ours = groups.agg(["mean", "sem", "size"]).reset_index()
    ours.columns = ["method", "metric", "mean", "standard_error", "replicates"]
    ours.loc[ours["metric"].isin(PERCENT), ["mean", "standard_error"]] *= 100
    theirs = PAPER.melt("method", var_name="metric", value_name="mean").assign(standard_error=np.nan, replicates=1)
    paper = theirs.assign(source="paper, ImageNet-1K", scenario="ResNet50-D")
    drawn = pd.concat([paper, ours.assign(source="this run", scenario=scenario)], ignore_index=True)
    names = {"gcr_32": "GCR, k = 32", **tables.labels}
    drawn["label"] = [names.get(method, method) for method in drawn["method"]]
    drawn = drawn[["source", "scenario", "method", "label", "metric", "mean", "standard_error", "replicates"]]
    return _draw(drawn, scenario), drawn


def _draw(drawn: pd.DataFrame, scenario: str) -> Figure:
    sources = [
        ("paper, ImageNet-1K", "THEIRS: ResNet50-D on ImageNet-1K\nWang, Li and Zhang (2023), table 3; one run a row")
    ]
    sources.append(("this run", f"OURS: {scenario}, scaled down\nmean ± standard error over the replicates"))
    lines = max(drawn.loc[drawn["source"] == name, "method"].nunique() for name, _ in sources)
    figure = Figure(figsize=(14, 1.1 + 0.26 * lines), layout="constrained")
    for axes, (source, title) in zip(figure.subplots(1, 2), sources, strict=True):
        part = drawn[drawn["source"] == source]
        labels = dict(zip(part["method"], part["label"], strict=True))
        cells = {(row.method, row.metric): _text(row) for row in part.itertuples()}
        text = [[cells.get((method, metric), "") for metric in HEADS] for method in labels]
        layout = {"loc": "upper right", "colWidths": [0.17] * len(HEADS)}
        table = axes.table(text, rowLabels=list(labels.values()), colLabels=list(HEADS.values()), **layout)
        table.auto_set_font_size(False)
        table.set_fontsize(8)
        axes.set_axis_off()
        axes.set_title(title, fontsize=9)
    return figure


def _text(row: Any) -> str:
    digits = 1 if row.metric in PERCENT or row.metric == "variability" else 3
    error = "" if not np.isfinite(row.standard_error) else f" ± {row.standard_error:.{digits}f}"
    return f"{row.mean:.{digits if error or digits == 3 else 2}f}{error}"
