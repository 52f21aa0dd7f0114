"""The heat maps: where each method stands between the control (0) and the oracle (1)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seedbed.core.judging.standings import OVERALL
from seedbed.core.labels import StudyLabels
from seedbed.report.notation import Notation
from seedbed.report.numbers import interval, known, number

_MARGIN = 0.05  # of the track, on either side of 0 and 1
# cividis in nine steps: it reads the same for every common kind of colour vision, and in grey
_STEPS = ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55")


def overview(maps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each task of a study the mean standings of its methods, from its :func:`heat_maps`.

    Each has ``scenarios`` and ``metrics``, the ``ranked`` contestants, best first, and apart from them those with a
    standing ``elsewhere``, in some of the scenarios alone, whose means are of other data, and the ``references``:
    controls, oracles, and methods that are given the truth.
    """
    tiles = [
        {**one, "tiles": [{**row, **row["cells"][0]} for row in one["rows"] if row["cells"][0]["interval"]]}
        for one in maps
    ]
    return [
        {
            "scenarios": one["scenarios"],
            "metrics": one["metrics"],
            "ranked": [tile for tile in one["tiles"] if tile["contestant"] and tile["everywhere"]],
            "elsewhere": [tile for tile in one["tiles"] if tile["contestant"] and not tile["everywhere"]],
            "references": [tile for tile in one["tiles"] if not tile["contestant"]],
        }
        for one in tiles
    ]


def heat_maps(names: StudyLabels, standings: pd.DataFrame) -> list[dict[str, Any]]:
    """One map for each task of a study in which something is ranked.

    Each has ``scenarios`` (names and labels), the ``metrics`` (labels) that rank there, and ``rows``: contestants with
    a standing wherever there is one (``everywhere``), best first, then those with a standing in some scenarios, and
    references last. A row has a cell for the mean over the scenarios and one per scenario.
    """
    groups: dict[str, list[str]] = {}
    run: dict[str, set[str]] = {}
    for scenario in names.scenarios:
        groups.setdefault(scenario.task, []).append(scenario.name)
        run.setdefault(scenario.task, set()).update(scenario.methods)
    cells = {(row.scenario, row.method): row for row in standings.itertuples()}
    maps = []
    for task, scenarios in groups.items():
        rows = [
            {
                "method": method,
                **vars(names.methods[method]),
                "contestant": names.methods[method].is_contestant,
                "cells": [_cell(cells.get((scenario, method))) for scenario in (OVERALL, *scenarios)],
            }
            for method in names.methods
            if method in run[task]
        ]
        if not any(cell["interval"] for row in rows for cell in row["cells"]):
            continue  # nothing is ranked: the scores alone stand in the tables of the scenarios, with their intervals
        most = max((_places(row) for row in rows if row["contestant"]), default=0)
        rows = [{**row, "everywhere": _places(row) == most} for row in rows]
        rows.sort(key=lambda row: (not row["contestant"], not row["everywhere"], -row["cells"][0]["order"]))
        ranked = {row.metric for (scenario, _), row in cells.items() if scenario in scenarios and known(row.standing)}
        metrics = [about.label for name, about in names.metrics.items() if name in ranked]
        here = [item for item in names.scenarios if item.name in scenarios]
        maps.append({"scenarios": here, "metrics": metrics, "rows": rows})
    return maps


def _places(row: dict[str, Any]) -> int:
    """In how many scenarios a method has a standing."""
    return sum(bool(cell["interval"]) for cell in row["cells"][1:])


def _cell(row: Any) -> dict[str, Any]:
    """Text, colours and the words on the tip of one cell."""
    score = number(row.score) if row is not None and known(row.score) else ""
    if row is None or not known(row.standing):
        empty = dict.fromkeys(("half", "colour", "ink", "partial", "bounds", "score", "interval", "dot"), "")
        tip = f"{row.metric.replace('_', ' ')} {score}; not ranked" if row is not None and score else "no result"
        return {"text": score or "–", "tip": tip, "order": -1e9} | empty
    step = min(len(_STEPS) - 1, max(0, int(row.standing * len(_STEPS))))
    half = (row.high - row.low) / 2
    partial = f"{row.n_scored} of {row.n_expected}" if row.n_scored < row.n_expected else ""
    bounds = f"{_two_places(row.least)} to {_two_places(row.most)}" if known(row.least) and known(row.most) else ""
    tip = f"{number(row.standing)} {interval(row.low, row.high)}"
    if row.scenario != OVERALL:
        tip += f"; 0 is {row.zero}, 1 is {row.one}, by {row.metric.replace('_', ' ')}"
    return {
        "text": _two_places(row.standing),
        "half": f"±{half:.2f}" if known(half) else "",
        "colour": _STEPS[step],
        "ink": "#fff" if step < 5 else "#111",
        "tip": tip + (f"; {partial}" if partial else "") + (f", so from {bounds}" if bounds else ""),
        "order": row.standing,
        "partial": partial,
        "bounds": bounds,
        "score": score,
        "interval": Notation(2).interval(row.low, row.high),
        "dot": _dot(row.standing, row.low, row.high),
    }


def _dot(standing: float, low: float, high: float) -> dict[str, float]:
    """Where a standing and its interval stand on a track from a little below 0 to a little above 1, in per cent."""

    def place(value: float) -> float:
        return round(100 * (min(max(value, -_MARGIN), 1 + _MARGIN) + _MARGIN) / (1 + 2 * _MARGIN), 2)

    start, end = (place(value if known(value) else standing) for value in (low, high))
    return {"at": place(standing), "start": start, "width": round(end - start, 2)}


def _two_places(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")
