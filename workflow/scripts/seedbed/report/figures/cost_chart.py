"""Score against cost, with the front of what nobody beats in both; its methods have their names beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seedbed.report.notation import notation
from seedbed.report.numbers import megabytes, seconds

from .axes import quantity
from .look import HEIGHT, SHOWN, TIP, WIDTH, Look, chart, finite, records
from .placing import least_positive, placed, with_zero

COSTS = {"cpu_seconds": "CPU time", "peak_memory_mb": "memory"}
TITLES = {
    "cpu_seconds": "CPU time of one fit (s, median)",
    "peak_memory_mb": "peak memory of one fit (MiB, median)",
}
IN_WORDS = {"cpu_seconds": seconds, "peak_memory_mb": megabytes}
ON_FRONT = {"filter": "datum.on_front"}
NAMED = {side: {"filter": f"datum.drawn_side == '{side}'"} for side in ("left", "right")}
_LETTER, _LINE = 6.2, 14.0  # pixels that a letter is wide and a line is high


def cost_chart(look: Look, rows: pd.DataFrame, metric: str, cost: str) -> dict[str, Any]:
    """Score against cost, both with intervals, and the front of what nobody beats in both.

    ``rows``: ``method, mean, low, high``, ``<cost>``, ``<cost>_low``, ``<cost>_high``, ``on_front``.
    """
    floor = look.metrics[metric].log_floor
    rows = rows.assign(label=rows["method"].map(look.labels))
    rows["drawn_tip"] = _tips(rows, floor is not None, cost)
    rows, score = placed(rows, ("mean", "low", "high"), floor)
    costs = (cost, f"{cost}_low", f"{cost}_high")
    rows, spent = placed(rows, costs, least_positive(rows, costs))
    x = quantity(with_zero(TITLES[cost], spent), finite(rows, spent.values()), True)
    y = quantity(look.axis_title(metric), finite(rows, score.values()), floor is not None)
    at_x, at_y = {**x, "field": spent[cost]}, {**y, "field": score["mean"]}
    named = look.named(rows)
    rows["drawn_side"] = _sides(rows[spent[cost]], rows[score["mean"]], rows["label"], named, (x["scale"], y["scale"]))
    shared = {"data": {"values": records(rows.to_dict("records"))}}
    colour = look.legend(rows)
    front = {
        **shared,
        "transform": [SHOWN, ON_FRONT],
        "mark": {"type": "line", "strokeDash": [5, 3], "color": "#888", "interpolate": "step-after"},
        "encoding": {"x": at_x, "y": at_y, "order": {"field": cost}},
    }
    ends = {"x": {**x, "field": spent[f"{cost}_low"]}, "x2": {"field": spent[f"{cost}_high"]}, "y": at_y}
    sides = {"y": {**y, "field": score["low"]}, "y2": {"field": score["high"]}, "x": at_x}
    bars = [
        {**shared, "transform": [SHOWN], "mark": {"type": "rule", "opacity": 0.6}, "encoding": {**end, "color": colour}}
        for end in (ends, sides)
    ]
    texts = [
        {
            **shared,
            "transform": [SHOWN, NAMED[side]],
            "mark": {"type": "text", "align": side, "dx": 9 if side == "left" else -9, "dy": -9},
            "encoding": {"x": at_x, "y": at_y, "text": {"field": "label", "type": "nominal"}},
        }
        for side in ("left", "right")
        if (rows["drawn_side"] == side).any()
    ]
    points = {
        **shared,
        "transform": [SHOWN],
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "x": at_x,
            "y": at_y,
            "color": colour,
            "shape": look.legend(rows, "shape"),
            "tooltip": TIP,
        },
    }
    return chart([front, *bars, *texts, points])


def _tips(rows: pd.DataFrame, logarithmic: bool, cost: str) -> list[str]:
    shown, words = notation(finite(rows, ("mean", "low", "high")), logarithmic), IN_WORDS[cost]
    return [
        f"{row.label}: {shown.number(row.mean)} {shown.interval(row.low, row.high)} in {words(getattr(row, cost))}"
        for row in rows.itertuples()
    ]


def _sides(x: pd.Series, y: pd.Series, labels: pd.Series, named: pd.Series, scales: tuple[dict, dict]) -> list[str]:
    """Where each name stands: its text begins at the point (``left``), ends there (``right``), or would not fit."""
    across, up = (_place(values, scale) for values, scale in zip((x, y), scales, strict=True))
    boxes: list[tuple[float, float, float]] = []
    sides = []
    for at, height, label, wanted in zip(across * WIDTH, up * HEIGHT, labels, named, strict=True):
        long = _LETTER * len(label)
        side = next(
            (side for side in _by_room(at, long) if wanted and _is_free(boxes, _box(at, height, long, side))), ""
        )
        if side:
            boxes.append(_box(at, height, long, side))
        sides.append(side)
    return sides


def _place(values: pd.Series, scale: dict[str, Any]) -> np.ndarray:
    """Between 0 and 1."""
    turn = np.log10 if scale["type"] == "log" else np.asarray
    low, high = (float(turn(end)) for end in scale["domain"])
    return (turn(values.to_numpy(float)) - low) / (high - low)


def _by_room(at: float, long: float) -> list[str]:
    """The sides on which a text of this length stays within the chart, the roomier first."""
    sides = ["left", "right"] if at < WIDTH / 2 else ["right", "left"]
    return [side for side in sides if (at + long + 12 < WIDTH if side == "left" else at - long - 12 > 0)]


def _box(at: float, height: float, long: float, side: str) -> tuple[float, float, float]:
    return (at, at + long + 12, height) if side == "left" else (at - long - 12, at, height)


def _is_free(boxes: list[tuple[float, float, float]], box: tuple[float, float, float]) -> bool:
    return all(box[1] < other[0] or other[1] < box[0] or abs(box[2] - other[2]) > _LINE for other in boxes)
