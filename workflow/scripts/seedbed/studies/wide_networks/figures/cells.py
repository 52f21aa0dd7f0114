"""What the figures of this study share: fits by what they hold, axes without a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

Arrays = Mapping[str, np.ndarray]


def fits_with(tables: Tables, *keys: str) -> Iterator[tuple[str, str, Sequence[tuple[Arrays, Arrays]]]]:
    """(scenario, method, replicates) of all whose fits hold these arrays, in the run's order."""
    pairs = tables.runs[["scenario", "method"]].drop_duplicates()
    for scenario, method in pairs.itertuples(index=False):
        cells = [cell for cell in tables.cells(scenario, method) if all(key in cell[1] for key in keys)]
        if cells:
            yield scenario, method, cells


def plain(axes: Axes) -> None:
    """Without the frame's upper and right sides."""
    axes.spines[["top", "right"]].set_visible(False)


def sizes_on(axes: Axes, which: str, sizes: np.ndarray) -> None:
    """A logarithmic axis with ticks at these sizes alone."""
    getattr(axes, f"set_{which}scale")("log")
    axis = getattr(axes, f"{which}axis")
    low, high = getattr(axes, f"get_{which}lim")()
    axis.set_ticks([float(size) for size in sizes], labels=[f"{size:g}" for size in sizes])
    getattr(axes, f"set_{which}lim")(low, high)
    axis.set_minor_locator(NullLocator())
