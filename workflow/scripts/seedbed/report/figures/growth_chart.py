"""A score or a cost along a parameter of the scenarios, a line per method."""

from __future__ import annotations

from typing import Any

from seedbed.report.notation import notation

from .axes import quantity
from .cost_chart import COSTS, IN_WORDS
from .look import SHOWN, TIP, Look, chart, records
from .placing import placed, with_zero
from .rows import Row, finite


def growth_chart(
    look: Look, rows: list[Row], size: str, quantity_name: str, title: str, floor: float | None
) -> dict[str, Any]:
    """A line per method along a parameter of the scenarios, with its band.

    ``rows``: ``method, size, value, low, high``.
    """
    rows, drawn = placed(
        _with_tips(look, rows, size, quantity_name, floor is not None), ("value", "low", "high"), floor
    )
    sizes = [row["size"] for row in rows]
    spread = min(sizes) > 0 and max(sizes) >= 8 * min(sizes)
    x = {**quantity(size, sizes, spread), "field": "size"}
    y = quantity(
        with_zero(title, drawn) if quantity_name in COSTS else title, finite(rows, drawn.values()), floor is not None
    )
    shared, colour = {"data": {"values": records(rows)}, "transform": [SHOWN]}, look.legend(rows)
    at = {"x": x, "y": {**y, "field": drawn["value"]}, "color": colour}
    band = {**at, "y": {**y, "field": drawn["low"]}, "y2": {"field": drawn["high"]}}
    points = {**at, "shape": look.legend(rows, "shape"), "tooltip": TIP}
    return chart([
        {**shared, "mark": {"type": "rule", "opacity": 0.6}, "encoding": band},
        {**shared, "mark": {"type": "line", "strokeWidth": 1.5}, "encoding": at},
        {**shared, "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1}, "encoding": points},
    ])  # fmt: skip


def _with_tips(look: Look, rows: list[Row], size: str, name: str, logarithmic: bool) -> list[Row]:
    """With a label and what is said of each point."""
    shown, told = notation(finite(rows, ("value", "low", "high")), logarithmic), []
    words = IN_WORDS.get(name, shown.number)
    for row in rows:
        label = look.labels[row["method"]]
        told.append(row | {"label": label, "drawn_tip": f"{label}, {size} {row['size']:g}: {words(row['value'])}"})
    return told
