"""The charts that every study gets, as Vega-Lite: each a dictionary, the same on paper and on the screen.

A chart takes the rows that it draws, which also become its CSV. Methods keep their colour and shape; ``hidden``
is a parameter that the page sets when a method is switched off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from .styles import Style

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name, not an address to fetch
SHOWN = {"filter": "indexof(hidden, datum.method) < 0"}
TICKS = {"tickCount": 6}
# Logarithmic axes have labels at 1, 2 and 5 times powers of ten.
LEADING = "round(datum.value / pow(10, floor(log(datum.value) / LN10 + 1e-9)))"
POWERS = (
    "datum.value < 0.001 || datum.value >= 1e6 ? format(datum.value, '.0e') "
    ": format(datum.value, datum.value < 1000 ? '.3~g' : ',.0f')"
)
LOG_TICKS = {**TICKS, "labelExpr": f"indexof([1, 2, 5], {LEADING}) < 0 ? '' : {POWERS}"}
ROW_HEIGHT = 21


class Painter:
    """Draws the charts of one study: knows its methods' labels and styles, and its metrics."""

    def __init__(self, labels: Mapping[str, str], styles: Mapping[str, Style], metrics: Mapping[str, Mapping]) -> None:
        self.labels, self.styles, self.metrics = labels, styles, metrics

    def scores(self, means: pd.DataFrame, replicates: pd.DataFrame, metric: str) -> dict[str, Any]:
        """A row per method, best on top: mean with its interval, and every replicate.

        ``means``: ``method, mean, low, high, n_scored, n_expected``; ``replicates``: ``method, replicate, value``.
        """
        about, floor = self.metrics[metric], self.metrics[metric]["log_floor"]
        means = means.sort_values("mean", ascending=about["direction"] == "lower", kind="stable")
        order = [self._label(row) for row in means.itertuples()]
        shown = dict(zip(means["method"], order, strict=True))
        means = means.assign(label=order)
        spread = replicates["replicate"].rank(method="dense") - 1
        replicates = replicates.assign(label=replicates["method"].map(shown), spread=spread)
        if floor is not None:
            means, replicates = _floored(means, floor), _floored(replicates, floor)
        x = _quantity(self._axis(metric), floor is not None)
        y = {"field": "label", "type": "nominal", "sort": order, "title": None}
        colour = self._colour(means["method"])
        dots = {
            "data": {"values": _records(replicates)},
            "transform": [SHOWN],
            "mark": {"type": "circle", "opacity": 0.4, "size": 26},
            "encoding": {
                "x": {**x, "field": "value"},
                "y": y,
                "yOffset": {"field": "spread", "type": "quantitative", "scale": {"zero": False}, "axis": None},
                "color": colour,
                "tooltip": _tooltip(label="method", replicate="replicate", value=about["label"]),
            },
        }
        tips = _tooltip(label="method", mean="mean", low="interval from", high="to", n_scored="replicates")
        return self._chart([dots, *self._whiskers(means, x, y, colour, ("mean", "low", "high"), tips)], len(order))

    def comparisons(self, rows: pd.DataFrame, metric: str) -> dict[str, Any]:
        """A row per peer: the paired difference of one method from it, with its interval.

        ``rows``: ``peer, scale, difference, low, high, n, p_holm``.
        """
        about = self.metrics[metric]
        ratio = about["log_floor"] is not None
        rows = rows.assign(method=rows["peer"], label=rows["peer"].map(self.labels))
        rows = rows.sort_values("difference", ascending=about["direction"] == "higher", kind="stable")
        if ratio:
            rows = rows.assign(**{name: 10 ** rows[name] for name in ("difference", "low", "high")})
        order = rows["label"].tolist()
        title = [*_broken(about["label"]), "its value over the peer's" if ratio else "its value minus the peer's"]
        title[-1] += f"; {'left' if about['direction'] == 'lower' else 'right'} is better for it"
        x = _quantity(title, ratio)
        y = {"field": "label", "type": "nominal", "sort": order, "title": None}
        tips = _tooltip(label="peer", difference="difference", low="interval from", high="to", p_holm="p (Holm)", n="n")
        line = {
            "data": {"values": [{"zero": 1.0 if ratio else 0.0}]},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": "#888"},
            "encoding": {"x": {**x, "field": "zero"}},
        }
        columns = ("difference", "low", "high")
        return self._chart([line, *self._whiskers(rows, x, y, self._colour(rows["method"]), columns, tips)], len(order))

    def costs(self, rows: pd.DataFrame, metric: str, cost: str) -> dict[str, Any]:
        """Score against cost, both with intervals, and the front of what nobody beats in both.

        ``rows``: ``method, mean, low, high``, ``<cost>``, ``<cost>_low``, ``<cost>_high``, ``on_front``.
        """
        floor = self.metrics[metric]["log_floor"]
        rows = rows.assign(label=rows["method"].map(self.labels))
        if floor is not None:
            rows = _floored(rows, floor)
        least = 1e-4 if cost.endswith("seconds") else 0.1
        for name in (cost, f"{cost}_low", f"{cost}_high"):
            rows[name] = rows[name].clip(lower=least)
        title = "CPU time of one fit (s, median)" if cost == "cpu_seconds" else "peak memory of one fit (MiB, median)"
        x = _quantity(title, True)
        y = _quantity(self._axis(metric), floor is not None)
        tips = _tooltip(label="method", mean="mean", low="interval from", high="to", **{cost: "cost"})
        data = {"values": _records(rows)}
        ends = {"x": {**x, "field": f"{cost}_low"}, "x2": {"field": f"{cost}_high"}, "y": {**y, "field": "mean"}}
        sides = {"y": {**y, "field": "low"}, "y2": {"field": "high"}, "x": {**x, "field": cost}}
        front = {
            "data": data,
            "transform": [SHOWN, {"filter": "datum.on_front"}],
            "mark": {"type": "line", "strokeDash": [5, 3], "color": "#888", "interpolate": "step-after"},
            "encoding": {"x": {**x, "field": cost}, "y": {**y, "field": "mean"}, "order": {"field": cost}},
        }
        bars = [
            {
                "data": data,
                "transform": [SHOWN],
                "mark": {"type": "rule", "opacity": 0.6},
                "encoding": {**end, "color": self._legend(rows)},
            }
            for end in (ends, sides)
        ]
        points = {
            "data": data,
            "transform": [SHOWN],
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {
                "x": {**x, "field": cost},
                "y": {**y, "field": "mean"},
                "color": self._legend(rows),
                "shape": self._legend(rows, "shape"),
                "tooltip": tips,
            },
        }
        return {**self._chart([front, *bars, points], 0), "height": 300}

    def scaling(self, rows: pd.DataFrame, size: str, quantity: str, title: str, floor: float | None) -> dict[str, Any]:
        """A line per method along a parameter of the scenarios, with its band.

        ``rows``: ``method, size, quantity, value, low, high``, of all quantities.
        """
        rows = rows[rows["quantity"] == quantity].assign(label=lambda table: table["method"].map(self.labels))
        rows = _floored(rows, floor) if floor is not None else rows
        spread = rows["size"].min() > 0 and rows["size"].max() >= 8 * rows["size"].min()
        x = {**_quantity(size, bool(spread)), "field": "size"}
        y = _quantity(title, floor is not None)
        shared, colour = {"data": {"values": _records(rows)}, "transform": [SHOWN]}, self._legend(rows)
        band = {
            **shared,
            "mark": {"type": "rule", "opacity": 0.6},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour},
        }
        line = {
            **shared,
            "mark": {"type": "line", "strokeWidth": 1.5},
            "encoding": {"x": x, "y": {**y, "field": "value"}, "color": colour},
        }
        tips = _tooltip(label="method", size=size, value=title, low="interval from", high="to")
        points = {
            **shared,
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {
                "x": x,
                "y": {**y, "field": "value"},
                "color": colour,
                "shape": self._legend(rows, "shape"),
                "tooltip": tips,
            },
        }
        return {**self._chart([band, line, points], 0), "height": 300}

    def _chart(self, layers: list[dict[str, Any]], rows: int) -> dict[str, Any]:
        return {
            "$schema": SCHEMA,
            "params": [{"name": "hidden", "value": []}],
            "width": 620,
            "height": max(3, rows) * ROW_HEIGHT,
            "layer": layers,
        }

    def _whiskers(
        self, rows: pd.DataFrame, x: dict, y: dict, colour: dict, columns: Sequence[str], tips: list
    ) -> list[dict[str, Any]]:
        middle, low, high = columns
        shared = {"data": {"values": _records(rows)}, "transform": [SHOWN]}
        shape = {"field": "method", "type": "nominal", "scale": self._range(rows["method"], "shape"), "legend": None}
        rule = {"x": {**x, "field": low}, "x2": {"field": high}, "y": y, "color": colour}
        point = {"x": {**x, "field": middle}, "y": y, "color": colour, "shape": shape, "tooltip": tips}
        return [
            {**shared, "mark": {"type": "rule", "strokeWidth": 2.5}, "encoding": rule},
            {
                **shared,
                "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1},
                "encoding": point,
            },
        ]

    def _colour(self, methods: pd.Series) -> dict[str, Any]:
        return {"field": "method", "type": "nominal", "scale": self._range(methods, "colour"), "legend": None}

    def _legend(self, rows: pd.DataFrame, channel: str = "colour") -> dict[str, Any]:
        """By label: colour and shape in one legend, in the order of the rows."""
        present = list(dict.fromkeys(rows["method"]))
        scale = {
            "domain": [self.labels[method] for method in present],
            "range": [getattr(self.styles[method], channel) for method in present],
        }
        legend = {"orient": "bottom", "title": None}
        return {"field": "label", "type": "nominal", "scale": scale, "legend": legend}

    def _range(self, methods: pd.Series, channel: str) -> dict[str, Any]:
        domain = list(dict.fromkeys(methods))
        return {"domain": domain, "range": [getattr(self.styles[method], channel) for method in domain]}

    def _label(self, row: Any) -> str:
        partial = row.n_scored < row.n_expected
        return self.labels[row.method] + (f" ({row.n_scored} of {row.n_expected})" if partial else "")

    def _axis(self, metric: str) -> list[str]:
        about = self.metrics[metric]
        unit = f" ({about['unit']})" if about["unit"] else ""
        return [*_broken(about["label"] + unit), f"{about['direction']} is better"]


def _broken(title: str) -> list[str]:
    """A title in lines that fit a narrow screen."""
    lines, words = [""], title.split()
    for word in words:
        if len(lines[-1]) + len(word) > 44:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _quantity(title: str | list[str], logarithmic: bool) -> dict[str, Any]:
    """A numeric axis."""
    scale = {"type": "log"} if logarithmic else {"type": "linear", "zero": False, "nice": True}
    return {"type": "quantitative", "title": title, "scale": scale, "axis": LOG_TICKS if logarithmic else TICKS}


def _floored(rows: pd.DataFrame, floor: float) -> pd.DataFrame:
    """A logarithmic axis has no zero: what is smaller is drawn at the floor."""
    columns = [name for name in ("mean", "value", "low", "high") if name in rows]
    return rows.assign(**{name: rows[name].clip(lower=floor) for name in columns})


def _tooltip(**fields: str) -> list[dict[str, Any]]:
    words = {"label", "replicate", "n", "n_scored"}
    return [
        {"field": name, "title": title} | ({} if name in words else {"type": "quantitative", "format": ".3~g"})
        for name, title in fields.items()
    ]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain numbers of four digits, unknown ones left out: what JSON and the reader can use."""
    return [
        {key: _plain(value) for key, value in row.items() if value is not None and value == value}
        for row in rows.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value
