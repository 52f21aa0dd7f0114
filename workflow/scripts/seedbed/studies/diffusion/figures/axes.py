"""What the figures of this study share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables


def plain(axes: Axes) -> None:
    """Without the frame's upper and right sides."""
    axes.spines[["top", "right"]].set_visible(False)


def labelled(tables: Tables, methods: pd.Series) -> list[str]:
    """What methods are called."""
    return [tables.labels.get(str(method), str(method)) for method in methods]


def scores_of(tables: Tables, metric: str) -> pd.DataFrame:
    """The rows of one metric that have a value."""
    return tables.scores[(tables.scores["metric"] == metric) & tables.scores["value"].notna()]
