"""Learning curves of convolutional and fully connected kernels, by how many patches the target depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .cells import fits_with, plain, sizes_on

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

PATCHES = 4


def learning_curves(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Expected error against sample size, a panel for each target of four patches, smooth above and rough below.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``target, dimension, method, label, size, error``, geometric means over replicates, and ``predicted``, the line
        of the predicted exponent through the first size's, where there is one.
    None
        Without such targets.
    """
    rows = []
    for _, method, cells in fits_with(tables, "errors"):
        data = cells[0][0]
        if data["patches"].shape[1] != PATCHES:
            continue
        errors = np.exp(np.mean([np.log(fit["errors"]) for _, fit in cells], axis=0))
        exponent = float(cells[0][1].get("predicted_exponent", np.nan))
        lines = errors[0] * (data["sizes"] / data["sizes"][0]) ** -exponent
        rows += [
            (str(data["target"]), int(data["target_dimension"]), method, tables.labels.get(method, method), int(n),
             float(f"{e:.4g}"), float(f"{p:.4g}"))
            for n, e, p in zip(data["sizes"], errors, lines, strict=True)
        ]  # fmt: skip
    if not rows:
        return None
    columns = ["target", "dimension", "method", "label", "size", "error", "predicted"]
    drawn = pd.DataFrame(rows, columns=columns)
    kinds, dimensions = sorted(set(drawn["target"]), reverse=True), sorted(set(drawn["dimension"]))
    figure = Figure(figsize=(2.9 * len(dimensions) + 2, 2.7 * len(kinds)), layout="constrained")
    panels = figure.subplots(len(kinds), len(dimensions), squeeze=False, sharex=True, sharey="row")
    shown: dict = {}
    for line, kind in zip(panels, kinds, strict=True):
        for axes, dimension in zip(line, dimensions, strict=True):
            part = drawn[(drawn["target"] == kind) & (drawn["dimension"] == dimension)]
            for method, curve in part.groupby("method", sort=False):
                style = tables.styles[str(method)]
                axes.plot(curve["size"], curve["error"], color=style.colour, marker=style.marker, markersize=4,
                          linewidth=1.2, label=curve["label"].iloc[0])  # fmt: skip
                if curve["predicted"].notna().all():
                    axes.plot(curve["size"], curve["predicted"], color=style.colour, linestyle=":", linewidth=1.4)
            axes.set_yscale("log")
            if len(part):
                sizes_on(axes, "x", np.unique(part["size"]))
            axes.set_title(f"{kind}, {dimension} of {PATCHES} patches", fontsize=8)
            plain(axes)
            shown |= dict(zip(*axes.get_legend_handles_labels()[::-1], strict=True))
        line[0].set_ylabel("expected error")
    for axes in panels[-1]:
        axes.set_xlabel("sample size")
    figure.legend(shown.values(), shown.keys(), loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn
