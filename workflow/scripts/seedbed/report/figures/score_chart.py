"""Scores of one scenario, a row per method, and on the same rows how far each is from the method under test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from seedbed.report.notation import Notation, notation

from .axes import quantity
from .look import SHOWN, TIP, Look, broken, chart, records, rows_height, side_by_side
from .placing import placed, with_floor
from .rows import Row, finite, in_order

PLAIN_COLOUR, PLAIN_SHAPE = "#7a8189", "circle"  # of what stands beside the method under test; seen on light and dark
WIDTHS = 400, 300
_UNSURE = 0.4  # opacity of a difference whose interval holds zero


def score_chart(look: Look, means: list[Row], replicates: list[Row], metric: str) -> dict[str, Any]:
    """A row per method, best on top: mean with its interval, and every replicate.

    ``means``: ``method, mean, low, high, n_scored, n_expected``; ``replicates``: ``method, replicate, value``. Colours
    are those of our methods alone: rows have labels.
    """
    about, floor = look.metrics[metric], look.metrics[metric].log_floor
    means = _means_with_tips(look, in_order(means, about.direction), floor is not None)
    labels = {row["method"]: row["label"] for row in means}
    dots_with_tips = _dots_with_tips(look, replicates, labels, floor is not None)
    means, drawn = placed(means, ("mean", "low", "high"), floor)
    replicates, dots_at = placed(dots_with_tips, ("value",), floor)
    values = [*finite(means, drawn.values()), *finite(replicates, dots_at.values())]
    title = with_floor(look.axis_title(metric), floor, {**drawn, **dots_at})
    x, y = quantity(title, values, floor is not None), _rows([*labels.values()])
    dots = {
        "data": {"values": records(replicates)},
        "transform": [SHOWN],
        "mark": {"type": "circle", "opacity": 0.4, "size": 26},
        "encoding": {
            "x": {**x, "field": dots_at["value"]},
            "y": y,
            "yOffset": {"field": "drawn_spread", "type": "quantitative", "scale": {"zero": False}, "axis": None},
            "color": _colour(look, labels),
            "tooltip": TIP,
        },
    }
    return chart([dots, *_whiskers(look, means, x, y, [*drawn.values()])], rows_height(len(means)))


def _means_with_tips(look: Look, rows: list[Row], logarithmic: bool) -> list[Row]:
    """With a label and what is said of each method."""
    shown, told = notation(finite(rows, ("mean", "low", "high")), logarithmic), []
    for row in rows:
        label, found = _label(look, row), f"{shown.number(row['mean'])} {shown.interval(row['low'], row['high'])}"
        tip = f"{label}: {found}, {row['n_scored']} of {row['n_expected']}"
        told.append(row | {"label": label, "drawn_tip": tip})
    return told


def _dots_with_tips(look: Look, rows: list[Row], labels: Mapping[str, str], logarithmic: bool) -> list[Row]:
    """With the label of the row that each dot is on, how far down it is there, and what is said of it."""
    shown, told = notation(finite(rows, ("value",)), logarithmic), []
    places = {replicate: float(place) for place, replicate in enumerate(sorted({row["replicate"] for row in rows}))}
    for row in rows:
        method, replicate = row["method"], row["replicate"]
        tip = f"{look.labels[method]}, replicate {replicate}: {shown.number(row['value'])}"
        told.append(row | {"label": labels.get(method), "drawn_spread": places[replicate], "drawn_tip": tip})
    return told


def beside_chart(look: Look, means: list[Row], differences: list[Row], metric: str, under_test: str) -> dict[str, Any]:
    """The same rows: how far each method is from the one under test, paired by replicate, with its interval.

    ``differences``: ``method, difference, low, high, n, p_holm``; of a metric on logarithmic axes decimal logarithms of
    ratios. Faint: the interval holds zero.
    """
    about, ratio = look.metrics[metric], look.metrics[metric].log_floor is not None
    name = look.labels[under_test]
    labels = {row["method"]: _label(look, row) for row in in_order(means, about.direction)}
    found = {row["method"]: row for row in differences}
    rows = [_row(found.get(method), method, label, under_test, ratio) for method, label in labels.items()]
    rows = [row for row in rows if row]
    values = [row[end] for row in rows for end in _ENDS if np.isfinite(row[end])]
    shown = notation(values, ratio)
    for row in rows:
        row["drawn_tip"] = _difference_tip(row, shown, name, ratio)
    title = [*broken(f"{about.label}: {'times that' if ratio else 'difference from that'} of {name}")]
    better = {"lower": "right", "higher": "left"}.get(about.direction)
    title.append(f"{better} of the line: {name} is better" if better else "no end is better")
    zero = 1.0 if ratio else 0.0
    x, y = quantity(title, [*values, zero], ratio), _rows([*labels.values()])
    y["axis"] = {"labels": False, "ticks": False}
    line = {
        "data": {"values": [{"drawn_zero": zero}]},
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": "#888"},
        "encoding": {"x": {**x, "field": "drawn_zero"}},
    }
    whiskers = _whiskers(look, rows, x, y, _ENDS)
    faint = {"field": "drawn_opacity", "type": "quantitative", "scale": None, "legend": None}
    for layer in whiskers:
        layer["encoding"]["opacity"] = faint
    return chart([line, *whiskers], rows_height(len(means)))


_ENDS = ("difference", "low", "high")


def _row(found: Row | None, method: str, label: str, under_test: str, ratio: bool) -> Row:
    """What is drawn of one method; of the one under test that it does not differ from itself."""
    ends: dict[str, float] = dict.fromkeys(_ENDS, 0.0)
    if method != under_test:
        if found is None:
            return {}
        ends = {end: found[end] for end in _ENDS}
    unsure = method != under_test and not (ends["low"] > 0 or ends["high"] < 0)
    if ratio:
        ends = {end: 10.0 ** min(value, 300.0) for end, value in ends.items()}
    counted: dict[str, Any] = {}
    if found is not None and method != under_test:
        counted = {"n": int(found["n"]), "p_holm": found["p_holm"]}
    return {"method": method, "label": label, **ends, **counted, "drawn_opacity": _UNSURE if unsure else 1.0}


def beside_scores(
    look: Look, scores: dict[str, Any], means: list[Row], differences: list[Row], metric: str, under_test: str
) -> dict[str, Any]:
    """Scores to the left and differences to the right, on shared rows."""
    charts = scores, beside_chart(look, means, differences, metric, under_test)
    return side_by_side([{**one, "width": width} for one, width in zip(charts, WIDTHS, strict=True)])


def _difference_tip(row: Row, shown: Notation, name: str, ratio: bool) -> str:
    if "n" not in row:
        return f"{row['label']}: the method that the others are compared with"
    p = "p < 0.001" if row["p_holm"] < 0.001 else f"p = {row['p_holm']:.3f}"
    times = f"times that of {name}" if ratio else f"more than {name}"
    found = f"{shown.number(row['difference'])} {times} {shown.interval(row['low'], row['high'])}"
    return f"{row['label']}: {found}, {row['n']} pairs, {p} (Holm)"


def _label(look: Look, row: Row) -> str:
    scored, expected = row["n_scored"], row["n_expected"]
    return look.labels[row["method"]] + (f" ({scored} of {expected})" if scored < expected else "")


def _rows(labels: list[str]) -> dict[str, Any]:
    return {"field": "label", "type": "nominal", "sort": labels, "title": None}


def _colour(look: Look, methods: Iterable[str]) -> dict[str, Any]:
    methods = [*methods]
    return look.by_method(methods, "colour", {name: PLAIN_COLOUR for name in methods if not look.is_ours(name)})


def _whiskers(
    look: Look, rows: list[Row], x: dict[str, Any], y: dict[str, Any], columns: Sequence[str]
) -> list[dict[str, Any]]:
    middle, low, high = columns
    methods = [row["method"] for row in rows]
    shared, colour = {"data": {"values": records(rows)}, "transform": [SHOWN]}, _colour(look, methods)
    plain = {name: PLAIN_SHAPE for name in methods if look.roles.get(name) == "baseline"}
    shape = look.by_method(methods, "shape", plain)
    rule = {"x": {**x, "field": low}, "x2": {"field": high}, "y": y, "color": colour}
    point = {"x": {**x, "field": middle}, "y": y, "color": colour, "shape": shape, "tooltip": TIP}
    mark = {"type": "point", "filled": True, "size": 75, "opacity": 1}
    return [
        {**shared, "mark": {"type": "rule", "strokeWidth": 2.5}, "encoding": rule},
        {**shared, "mark": mark, "encoding": point},
    ]
