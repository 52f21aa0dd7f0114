"""What the charts of one study share: the labels, colours and shapes of its methods, and the parts of Vega-Lite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from seedbed.core.labels import MetricLabel
from seedbed.report.numbers import better_end
from seedbed.report.styles import Style

from .rows import Row

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name, not an address to fetch
SHOWN = {"filter": "indexof(hidden, datum.method) < 0"}
ROW_HEIGHT, HEIGHT, WIDTH = 21, 300, 620
TIP = [{"field": "drawn_tip", "type": "nominal", "title": " "}]  # of a row, in words


class Look:
    """Labels, styles and metrics of one study, as parts of charts."""

    def __init__(
        self,
        labels: Mapping[str, str],
        styles: Mapping[str, Style],
        metrics: Mapping[str, MetricLabel],
        roles: Mapping[str, str] | None = None,
    ) -> None:
        self.labels, self.styles, self.metrics, self.roles = labels, styles, metrics, roles or {}

    def is_ours(self, method: str) -> bool:
        """Whether it is under test; without roles all are."""
        return self.roles.get(method, "ours") == "ours"

    def named(self, rows: Sequence[Row]) -> list[bool]:
        """Which points have their names beside them: the front, and the first method under test."""
        first = next((method for method in self.roles if self.is_ours(method)), None)
        return [row["on_front"] or row["method"] == first for row in rows]

    def axis_title(self, metric: str) -> list[str]:
        """The metric with its unit, and which end is better on a line of its own."""
        about = self.metrics[metric]
        unit = f" ({about.unit})" if about.unit else ""
        return [*broken(about.label + unit), better_end(about.direction)]

    def legend(self, rows: Sequence[Row], channel: str = "colour") -> dict[str, Any]:
        """By label: colour and shape in one legend, in the order of the rows."""
        present = list(dict.fromkeys(row["method"] for row in rows))
        scale = {
            "domain": [self.labels[method] for method in present],
            "range": [getattr(self.styles[method], channel) for method in present],
        }
        legend = {"orient": "bottom", "title": None}
        return {"field": "label", "type": "nominal", "scale": scale, "legend": legend}

    def by_method(self, methods: Iterable[str], channel: str, neutral: Mapping[str, str] | None = None) -> dict:
        """Colour or shape by method without a legend, for rows that have their labels; ``neutral`` has exceptions."""
        domain = list(dict.fromkeys(methods))
        drawn = [(neutral or {}).get(method, getattr(self.styles[method], channel)) for method in domain]
        return {"field": "method", "type": "nominal", "scale": {"domain": domain, "range": drawn}, "legend": None}


def chart(layers: Sequence[dict[str, Any]], height: int = HEIGHT, width: int = WIDTH) -> dict[str, Any]:
    """A chart by itself; ``hidden`` is what the page sets when a method is switched off."""
    return {
        "$schema": SCHEMA,
        "params": [{"name": "hidden", "value": []}],
        "width": width,
        "height": height,
        "layer": list(layers),
    }


def side_by_side(charts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Charts in one, from left to right; where there is little room the page puts one under the other."""
    first = charts[0]
    panels = [{key: part for key, part in one.items() if key not in ("$schema", "params")} for one in charts]
    return {"$schema": SCHEMA, "params": first["params"], "height": first["height"], "hconcat": panels}


def rows_height(n: int) -> int:
    """Of a chart with a row for each of so many methods."""
    return max(3, n) * ROW_HEIGHT


def broken(title: str) -> list[str]:
    """A title in lines that fit a narrow screen."""
    lines, words = [""], title.split()
    for word in words:
        if len(lines[-1]) + len(word) > 44:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def records(rows: Iterable[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """Plain numbers of four digits, unknown ones left out: what JSON and the reader can use."""
    return [{key: _plain(value) for key, value in row.items() if _is_known(value)} for row in rows]


def _is_known(value: Any) -> bool:
    return value is not None and (not isinstance(value, float) or np.isfinite(value))


def _plain(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value
