"""The heat maps: where each method stands between the control (0) and the oracle (1)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..core.standings import OVERALL
from .numbers import interval, known, number

# cividis in nine steps: it reads the same for every common kind of colour vision, and in grey
_STEPS = ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55")


def overview(names: dict[str, Any], standings: pd.DataFrame) -> list[dict[str, Any]]:
    """One tile per method of a study, best first: its mean standing over the scenarios."""
    rows = standings[standings["scenario"] == OVERALL].sort_values("standing", ascending=False, kind="stable")
    return [{"method": row.method, **names["methods"][row.method], **_cell(row)} for row in rows.itertuples()]


def heat_maps(names: dict[str, Any], standings: pd.DataFrame) -> list[dict[str, Any]]:
    """One map for each group of scenarios with the same methods (the tasks of a study).

    Each has ``scenarios`` (names and labels) and ``rows``, best method first, with a cell for the mean over the
    scenarios and one per scenario.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for scenario in names["scenarios"]:
        groups.setdefault(tuple(scenario["methods"]), []).append(scenario["name"])
    cells = {(row.scenario, row.method): row for row in standings.itertuples()}
    maps = []
    for methods, scenarios in groups.items():
        rows = [
            {
                "method": method,
                **names["methods"][method],
                "cells": [_cell(cells.get((scenario, method))) for scenario in (OVERALL, *scenarios)],
            }
            for method in methods
        ]
        rows.sort(key=lambda row: -row["cells"][0]["order"])
        maps.append({"scenarios": [item for item in names["scenarios"] if item["name"] in scenarios], "rows": rows})
    return maps


def _cell(row: Any) -> dict[str, Any]:
    """Text, colours and the words on the tip of one cell."""
    if row is None or not known(row.standing):
        return {"text": "–", "half": "", "colour": "", "ink": "", "tip": "no result", "order": -1e9, "partial": ""}
    step = min(len(_STEPS) - 1, max(0, int(row.standing * len(_STEPS))))
    half = (row.high - row.low) / 2
    partial = f"{row.n_scored} of {row.n_expected}" if row.n_scored < row.n_expected else ""
    tip = f"{number(row.standing)} {interval(row.low, row.high)}"
    if row.scenario != OVERALL:
        tip += f"; 0 is {row.zero}, 1 is {row.one}, by {row.metric.replace('_', ' ')}"
    return {
        "text": f"{round(row.standing, 2) + 0.0:.2f}".replace("-", "−"),
        "half": f"±{half:.2f}" if known(half) else "",
        "colour": _STEPS[step],
        "ink": "#fff" if step < 5 else "#111",
        "tip": tip + (f"; {partial}" if partial else ""),
        "order": row.standing,
        "partial": partial,
    }
