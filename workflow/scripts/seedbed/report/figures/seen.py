"""What is seen in a chart, in a sentence that follows from its numbers by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

import numpy as np
import pandas as pd

from .rows import Row

MOST_NAMED = 3


def scores_seen(label: str, under_test: str, differences: Iterable[Row], direction: str) -> str:
    """How many methods the one under test is ahead of, by the intervals of the paired differences.

    ``differences``: ``difference, low, high`` of each other method minus the one under test.

    >>> rows = [{"difference": 0.2, "low": 0.1, "high": 0.3}, {"difference": 0.1, "low": -0.1, "high": 0.3}]
    >>> scores_seen("error", "mine", rows, "lower")
    'Error: mine is ahead of 1 of 2 methods and not told apart from 1'
    """
    known = [row for row in differences if isfinite(row["low"]) and isfinite(row["high"])]
    above, below = sum(row["low"] > 0 for row in known), sum(row["high"] < 0 for row in known)
    name = label[:1].upper() + label[1:]
    if not known or direction == "none":
        return f"{name}: {above} of {len(known)} methods are above {under_test}, {below} below" if len(known) else name
    ahead, behind = (above, below) if direction == "lower" else (below, above)
    parts = [("ahead of", ahead), ("behind", behind), ("not told apart from", len(known) - ahead - behind)]
    said = [f"{words} {count}" for words, count in parts if count]
    said[0] += f" of {len(known)} method{'s' if len(known) != 1 else ''}"
    return f"{name}: {under_test} is {_listed(said)}"


def front_seen(labels: Sequence[str], cost: str) -> str:
    """Who nobody beats in both score and cost.

    >>> front_seen(["k-means", "EM"], "CPU time")
    'Nothing beats k-means and EM in both score and CPU time'
    >>> front_seen(["EM, ridge 0.1", "EM, floor", "Ward"], "memory")
    'Nothing beats EM, ridge 0.1; EM, floor; and Ward in both score and memory'
    """
    if not labels:
        return f"Score against {cost}"
    if len(labels) > MOST_NAMED:
        return f"{len(labels)} methods that nothing beats in both score and {cost}"
    return f"Nothing beats {_listed(labels)} in both score and {cost}"


def growth_seen(rows: pd.DataFrame, labels: Mapping[str, str], size: str) -> str:
    """How many times as long the fastest and the slowest growing method takes at the largest size as at the smallest.

    ``rows``: ``method, size, value``, of the CPU time.
    """
    table = rows.pivot_table(index="method", columns="size", values="value").dropna()
    if table.shape[1] < 2 or table.empty:
        return f"Along {size}"
    first, last = table.columns[0], table.columns[-1]
    growth = (table[last] / table[first]).replace([np.inf], np.nan).dropna().sort_values()
    if growth.empty:
        return f"Along {size}"
    ends = [
        f"{_times(growth.iloc[place])} for {labels[growth.index[place]]}"
        for place in ((0, -1) if len(growth) > 1 else (0,))
    ]
    return f"From {size} {first:g} to {last:g} CPU time is multiplied by {' and by '.join(ends)}"


def _times(factor: float) -> str:
    return f"{factor:.2g}" if factor < 100 else f"{float(f'{factor:.2g}'):,.0f}"


def _listed(parts: Iterable[str]) -> str:
    """Names that have commas of their own are kept apart by semicolons."""
    parts = list(parts)
    if len(parts) > 1 and any("," in part for part in parts):
        return "; ".join([*parts[:-1], f"and {parts[-1]}"])
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
