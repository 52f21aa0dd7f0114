"""Score against cost, with the front of what nobody beats in both; its methods have their names beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from seedbed.report.notation import notation
from seedbed.report.numbers import megabytes, seconds

from .axes import quantity
from .look import HEIGHT, SHOWN, TIP, WIDTH, Look, chart, records
from .placing import least_positive, placed, with_zero
from .rows import Row, finite

COSTS = {"cpu_seconds": "CPU time", "peak_memory_mb": "memory"}
TITLES = {
    "cpu_seconds": "CPU time of one fit (s, median)",
    "peak_memory_mb": "peak memory of one fit (MiB, median)",
}
IN_WORDS = {"cpu_seconds": seconds, "peak_memory_mb": megabytes}
ON_FRONT = {"filter": "datum.on_front"}
NAMED = {side: {"filter": f"datum.drawn_side == '{side}'"} for side in ("left", "right")}
_LETTER, _LINE = 6.2, 14.0  # pixels that a letter is wide and a line is high


def cost_chart(look: Look, rows: list[Row], metric: str, cost: str) -> dict[str, Any]:
    """Score against cost, both with intervals, and the front of what nobody beats in both.

    ``rows``: ``method, mean, low, high``, ``<cost>``, ``<cost>_low``, ``<cost>_high``, ``on_front``.
    """
    floor = look.metrics[metric].log_floor
    rows = _with_tips(look, rows, floor is not None, cost)
    rows, score = placed(rows, ("mean", "low", "high"), floor)
    costs = (cost, f"{cost}_low", f"{cost}_high")
    rows, spent = placed(rows, costs, least_positive(rows, costs))
    x = quantity(with_zero(TITLES[cost], spent), finite(rows, spent.values()), True)
    y = quantity(look.axis_title(metric), finite(rows, score.values()), floor is not None)
    at_x, at_y = {**x, "field": spent[cost]}, {**y, "field": score["mean"]}
    places = [(row[spent[cost]], row[score["mean"]]) for row in rows]
    sides_of = _sides(places, [row["label"] for row in rows], look.named(rows), (x["scale"], y["scale"]))
    rows = [row | {"drawn_side": side} for row, side in zip(rows, sides_of, strict=True)]
    shared = {"data": {"values": records(rows)}}
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
        if side in sides_of
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


def _with_tips(look: Look, rows: list[Row], logarithmic: bool, cost: str) -> list[Row]:
    """With a label and what is said of each method."""
    shown, words, told = notation(finite(rows, ("mean", "low", "high")), logarithmic), IN_WORDS[cost], []
    for row in rows:
        label, score = (
            look.labels[row["method"]],
            f"{shown.number(row['mean'])} {shown.interval(row['low'], row['high'])}",
        )
        told.append(row | {"label": label, "drawn_tip": f"{label}: {score} in {words(row[cost])}"})
    return told


def _sides(
    places: Sequence[tuple[float, float]], labels: Sequence[str], named: Sequence[bool], scales: tuple[dict, dict]
) -> list[str]:
    """Where each name stands: its text begins at the point (``left``), ends there (``right``), or would not fit."""
    across, up = (_place(values, scale) for values, scale in zip(np.array(places).T, scales, strict=True))
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


def _place(values: np.ndarray, scale: dict[str, Any]) -> np.ndarray:
    """Between 0 and 1."""
    turn = np.log10 if scale["type"] == "log" else np.asarray
    low, high = (float(turn(end)) for end in scale["domain"])
    return (turn(values) - low) / (high - low)


def _by_room(at: float, long: float) -> list[str]:
    """The sides on which a text of this length stays within the chart, the roomier first."""
    sides = ["left", "right"] if at < WIDTH / 2 else ["right", "left"]
    return [side for side in sides if (at + long + 12 < WIDTH if side == "left" else at - long - 12 > 0)]


def _box(at: float, height: float, long: float, side: str) -> tuple[float, float, float]:
    return (at, at + long + 12, height) if side == "left" else (at - long - 12, at, height)


def _is_free(boxes: list[tuple[float, float, float]], box: tuple[float, float, float]) -> bool:
    return all(box[1] < other[0] or other[1] < box[0] or abs(box[2] - other[2]) > _LINE for other in boxes)
