"""What the kernels are functions of: the angle between two inputs, and for convolutional ones a tree of patches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seedbed.wide_networks.profiles.angle_profile import angle_profile

from .cells import plain

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

DEPTHS, PATCHES = (1, 2, 3, 5, 10, 20, 50), 8


def kernel_profiles(tables: Tables) -> tuple[Figure, pd.DataFrame]:
    """Both kernels of ReLU networks against the angle, depth 1 to 50, and the tree of a convolutional one.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``kernel, depth, angle, value``, the value over that at the angle zero.
    """
    angles = np.linspace(0, np.pi, 91)
    rows = []
    for kernel in ("ntk", "nngp"):
        for depth in DEPTHS:
            values = angle_profile(depth, "relu", which=kernel)(angles)
            rows += [(kernel, depth, round(t, 4), round(v, 5)) for t, v in zip(angles, values / values[0], strict=True)]
    drawn = pd.DataFrame(rows, columns=["kernel", "depth", "angle", "value"])
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    panels = figure.subplots(1, 3, width_ratios=[1, 1, 1.1])
    for axes, (kernel, group) in zip(panels, drawn.groupby("kernel", sort=False), strict=False):
        for number, (depth, line) in enumerate(group.groupby("depth")):
            shade = str(0.75 - 0.75 * number / (len(DEPTHS) - 1))
            axes.plot(line["angle"], line["value"], color=shade, linewidth=1.2, label=f"depth {depth}")
        title = "neural tangent kernel" if kernel == "ntk" else "Gaussian process kernel"
        axes.set(xlabel="angle between inputs", title=title, ylim=(-0.12, 1.02))
        axes.set_xticks([0, np.pi / 2, np.pi], ["0", "π/2", "π"])
        plain(axes)
    panels[0].set_ylabel("kernel over its value at 0")
    panels[0].legend(frameon=False, fontsize=7)
    _tree(panels[2])
    return figure, drawn


def _tree(axes: Axes) -> None:
    """Patches at the bottom, each node the mean over its two children and a layer."""
    places, height = np.arange(PATCHES, dtype=float), 0
    while True:
        axes.plot(places, np.full(len(places), height), "s" if height == 0 else "o", color="black", markersize=6)
        if len(places) == 1:
            break
        above = places.reshape(-1, 2).mean(axis=1)
        for child, parent in zip(places, np.repeat(above, 2), strict=True):
            axes.plot([child, parent], [height, height + 1], color="#888888", linewidth=1, zorder=0)
        places, height = above, height + 1
    for number in range(PATCHES):
        axes.add_artist(_circle(number))
    axes.text((PATCHES - 1) / 2 + 0.3, height, "output", va="center", fontsize=8)
    axes.set(ylim=(-1.1, height + 0.4), xlim=(-0.8, PATCHES - 0.2))
    axes.text(-0.6, -1.05, "each patch is a point of a circle", fontsize=8)
    axes.set_title("convolutional: a tree of patches")
    axes.set_axis_off()


def _circle(number: int):
    from matplotlib.patches import Ellipse

    return Ellipse((number, -0.5), 0.5, 0.32, fill=False, edgecolor="#888888")
