"""Learning rates: against batch size as a map, with eigenvalues beside it, and against width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.studies.wide_networks.tasks.rate_metrics import CONSTANT_LOSS, best_rates, largest_usable

from .cells import fits_with, plain, sizes_on

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables


def loss_maps(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Loss over batch size and rate, a map for each optimiser, with the largest usable and the best rate.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, batch_size, rate, loss``, medians over replicates.
    None
        Without maps.
    """
    maps = []
    for _, method, cells in fits_with(tables, "loss_same_writers"):
        losses = np.median([np.minimum(fit["loss"], 10 * CONSTANT_LOSS) for _, fit in cells], axis=0)
        maps.append((method, cells[0][0]["batch_sizes"], cells[0][1]["rates"], losses))
    if not maps:
        return None
    figure = Figure(figsize=(4.4 * len(maps) + 1.0, 3.8), layout="constrained")
    panels = figure.subplots(1, len(maps), squeeze=False)[0]
    rows, shades = [], []
    for axes, (method, sizes, rates, losses) in zip(panels, maps, strict=True):
        label = tables.labels.get(method, method)
        rows += [
            (method, label, int(size), float(f"{rate:.4g}"), round(float(loss), 4))
            for size, line in zip(sizes, losses, strict=True)
            for rate, loss in zip(rates, line, strict=True)
        ]
        shown = np.minimum(losses, 1.5 * CONSTANT_LOSS).T
        shades.append(axes.pcolormesh(sizes, rates, shown, cmap="Greys", shading="nearest", vmin=0))
        axes.plot(sizes, largest_usable(rates, losses), color="#D55E00", marker="^", label="largest usable")
        axes.plot(sizes, best_rates(rates, losses), color="#0072B2", marker="o", label="best")
        axes.set_yscale("log", base=2)
        sizes_on(axes, "x", sizes)
        axes.set(xlabel="batch size", title=label)
    panels[0].set_ylabel("learning rate")
    figure.colorbar(shades[-1], ax=panels, label="loss on held-out digits", shrink=0.8)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    return figure, pd.DataFrame(rows, columns=["method", "label", "batch_size", "rate", "loss"])


def batch_eigenvalues(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Extreme eigenvalues against batch size, those of all rows dashed, and the excess against 1/B - 1/N.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, batch_size, largest, smallest, excess, predicted``, means over replicates.
    None
        Without batch curvature.
    """
    rows, full = [], {}
    for _, method, cells in fits_with(tables, "full_largest"):
        fits = [fit for _, fit in cells]
        full[method] = [np.mean([fit[f"full_{end}"] for fit in fits if f"full_{end}" in fit] or [np.nan])
                        for end in ("largest", "smallest")]  # fmt: skip
        for k, size in enumerate(fits[0]["sizes"]):
            values = [
                np.mean([fit["largest"][k] for fit in fits]),
                np.mean([fit["smallest"][k] for fit in fits if "smallest" in fit] or [np.nan]),
                np.mean([fit["largest"][k] - fit["full_largest"] for fit in fits]),
                np.mean([fit["predicted"][k] for fit in fits]),
            ]
            more = 1 / size - 1 / float(fits[0]["n"])
            rows.append((method, tables.labels.get(method, method), int(size), more, *np.round(values, 4)))
    if not rows:
        return None
    columns = ["method", "label", "batch_size", "inverse", "largest", "smallest", "excess", "predicted"]
    drawn = pd.DataFrame(rows, columns=columns)
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for method, part in drawn.groupby("method", sort=False):
        style, label = tables.styles[str(method)], part["label"].iloc[0]
        for end, value in zip(("largest", "smallest"), full[method], strict=True):
            named = label if end == "largest" else None
            left.plot(part["batch_size"], part[end], color=style.colour, marker=style.marker, label=named)
            left.axhline(value, color=style.colour, linestyle="--", linewidth=0.9)
        right.plot(part["inverse"], part["excess"], color=style.colour, marker=style.marker, label=label)
        right.plot(part["inverse"], part["predicted"], color=style.colour, linestyle=":", label=f"{label}, crude order")
    sizes_on(left, "x", np.unique(drawn["batch_size"]))
    left.set(xlabel="batch size", ylabel="extreme eigenvalues (dashed: all rows)")
    right.set(xscale="log", yscale="log", xlabel="1/B - 1/N", ylabel="excess of the largest")
    for axes in (left, right):
        plain(axes)
    right.legend(frameon=False, fontsize=7)
    return figure, drawn.drop(columns="inverse")


def losses_by_width(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Loss against learning rate, one curve per width, a panel per parametrisation; a dot at each least loss.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, width, rate, loss``, medians over replicates.
    None
        Without sweeps.
    """
    rows = []
    for _, method, cells in fits_with(tables, "feature_change"):
        losses = np.median([fit["loss"] for _, fit in cells], axis=0)
        fit = cells[0][1]
        rows += [
            (method, tables.labels.get(method, method), int(width), float(f"{rate:.4g}"), round(float(loss), 4))
            for width, line in zip(fit["widths"], losses, strict=True)
            for rate, loss in zip(fit["rates"], line, strict=True)
        ]
    if not rows:
        return None
    drawn = pd.DataFrame(rows, columns=["method", "label", "width", "rate", "loss"])
    methods, widths = list(dict.fromkeys(drawn["method"])), np.unique(drawn["width"])
    figure = Figure(figsize=(2.5 * len(methods) + 1.2, 3.2), layout="constrained")
    panels = figure.subplots(1, len(methods), squeeze=False, sharey=True)[0]
    for axes, method in zip(panels, methods, strict=True):
        part = drawn[drawn["method"] == method]
        for number, (_, line) in enumerate(part.groupby("width")):
            shade = str(0.75 - 0.75 * number / max(len(widths) - 1, 1))
            shown = line[line["loss"] < 1.3 * CONSTANT_LOSS]
            best = line.loc[line["loss"].idxmin()]
            axes.plot(shown["rate"], shown["loss"], color=shade, linewidth=1.3, label=f"width {line['width'].iloc[0]}")
            axes.plot(best["rate"], best["loss"], "o", color=shade, markersize=5)
        axes.set_xscale("log", base=2)
        axes.set_title(part["label"].iloc[0], fontsize=8)
        axes.set_xlabel("learning rate at the base width", fontsize=8)
        plain(axes)
    panels[0].set_ylabel("loss after a few steps")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn
