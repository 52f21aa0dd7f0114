"""Drawings that were read from a file, before a browser draws them: they hold data, and fetch and run nothing.

A chart in Vega-Lite can name addresses to load data and images from, and expressions to compute. Ours have their
data in themselves, and expressions that stand in the modules beside this one alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import axes, cost_chart, look

MARKS = {"circle", "line", "point", "rule", "text"}
EXPRESSIONS = {step["filter"] for step in (look.SHOWN, cost_chart.ON_FRONT, *cost_chart.NAMED.values())} | {axes.POWERS}
# What a chart of ours is made of; everything else could fetch, link or compute.
_KEYS = {
    "$schema", "align", "axis", "color", "data", "description", "domain", "dx", "dy", "encoding", "field",
    "filled", "filter", "format", "hconcat", "height", "interpolate", "labelExpr", "labels", "layer", "legend", "mark",
    "name", "nice", "opacity", "order", "orient", "params", "range", "scale", "shape", "size", "sort", "strokeDash",
    "strokeWidth", "text", "ticks", "title", "tooltip", "transform", "type", "value", "values", "width", "x", "x2", "y",
    "y2", "yOffset", "zero",
}  # fmt: skip


def check_view(view: Any) -> None:
    """Look through one chart.

    Raises
    ------
    ValueError
        That names what our charts have not.
    """
    if not isinstance(view, dict) or not isinstance(view.get("layer", view.get("hconcat")), list):
        raise ValueError("a view is no chart in layers")
    height = view.get("height")
    if isinstance(height, bool) or not isinstance(height, int | float):
        raise ValueError("a view says nothing of its height")
    for key, value in _entries(view):
        if key not in _KEYS:
            raise ValueError(f"a view holds '{str(key)[:40]}', which no view of this version has")
        if key == "data" and not (isinstance(value, dict) and set(value) == {"values"}):
            raise ValueError("a view takes its data from somewhere else")
        if key == "mark" and (value.get("type") if isinstance(value, dict) else value) not in MARKS:
            raise ValueError("a view draws other marks than this version does")
        if key == "mark" and isinstance(value, dict) and "text" in value:
            raise ValueError("a view writes texts that are not of its rows")
        if key in ("filter", "labelExpr") and value not in EXPRESSIONS:
            raise ValueError("a view computes other things than this version does")
        if key == "transform" and not all(isinstance(step, dict) and set(step) == {"filter"} for step in value):
            raise ValueError("a view changes its data in other ways than this version does")
        if key == "$schema" and value != look.SCHEMA:
            raise ValueError("a view is of another version of Vega-Lite")


def _entries(part: Any) -> Iterator[tuple[str, Any]]:
    """Every key of a chart, but not the rows of its data, which hold numbers and names."""
    if isinstance(part, list):
        for item in part:
            yield from _entries(item)
    elif isinstance(part, dict):
        for key, value in part.items():
            yield key, value
            if key != "values":
                yield from _entries(value)
            elif not _are_plain(value):
                raise ValueError("a view holds data that are no rows of numbers and text")


def _are_plain(rows: Any) -> bool:
    """Rows of data, or the ticks of an axis."""
    return isinstance(rows, list) and all(
        isinstance(row, int | float)
        or (isinstance(row, dict) and all(isinstance(value, str | int | float | None) for value in row.values()))
        for row in rows
    )
