"""A score or a cost along a parameter of the scenarios, a line per method."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seedbed.report.notation import notation

from .axes import quantity
from .cost_chart import COSTS, IN_WORDS
from .look import SHOWN, TIP, Look, chart, finite, records
from .placing import placed, with_zero


def growth_chart(
    look: Look, rows: pd.DataFrame, size: str, quantity_name: str, title: str, floor: float | None
) -> dict[str, Any]:
    """A line per method along a parameter of the scenarios, with its band.

    ``rows``: ``method, size, quantity, value, low, high``, of all quantities.
    """
    rows = rows[rows["quantity"] == quantity_name].assign(label=lambda table: table["method"].map(look.labels))
    rows["drawn_tip"] = _tips(rows, size, quantity_name, floor is not None)
    rows, drawn = placed(rows, ("value", "low", "high"), floor)
    spread = rows["size"].min() > 0 and rows["size"].max() >= 8 * rows["size"].min()
    x = {**quantity(size, finite(rows, ("size",)), bool(spread)), "field": "size"}
    y = quantity(
        with_zero(title, drawn) if quantity_name in COSTS else title, finite(rows, drawn.values()), floor is not None
    )
    shared, colour = {"data": {"values": records(rows.to_dict("records"))}, "transform": [SHOWN]}, look.legend(rows)
    at = {"x": x, "y": {**y, "field": drawn["value"]}, "color": colour}
    band = {**at, "y": {**y, "field": drawn["low"]}, "y2": {"field": drawn["high"]}}
    points = {**at, "shape": look.legend(rows, "shape"), "tooltip": TIP}
    return chart([
        {**shared, "mark": {"type": "rule", "opacity": 0.6}, "encoding": band},
        {**shared, "mark": {"type": "line", "strokeWidth": 1.5}, "encoding": at},
        {**shared, "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1}, "encoding": points},
    ])  # fmt: skip


def _tips(rows: pd.DataFrame, size: str, name: str, logarithmic: bool) -> list[str]:
    shown = notation(finite(rows, ("value", "low", "high")), logarithmic)
    words = IN_WORDS.get(name, shown.number)
    return [f"{row.label}, {size} {row.size:g}: {words(row.value)}" for row in rows.itertuples()]
