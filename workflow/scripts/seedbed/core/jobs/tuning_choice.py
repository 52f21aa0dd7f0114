"""What a tuning chose: the candidate that did best, for one method or for several that are tuned together."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

Record = dict[str, Any]  # what the rule tune_method wrote


def best_candidate(records: Sequence[Record]) -> dict[str, Any]:
    """The parameters with the fewest failures, then the best mean over the methods, then the earlier in the list.

    Methods that are compared along a list (subspaces of more and more dimensions, say) get one setting: chosen one by
    one they would differ in it, and the comparison would be one of the settings.

    Raises
    ------
    ValueError
        If the methods have not tried the same candidates.
    """
    first, *others = (record["candidates"] for record in records)
    if any([one["params"] for one in first] != [one["params"] for one in other] for other in others):
        raise ValueError("the methods that are tuned together have tried different parameters")
    sign = -1.0 if records[0].get("direction") == "higher" else 1.0

    def rank(place: int) -> tuple[int, float]:
        tried = [record["candidates"][place] for record in records]
        means = [one["mean"] for one in tried]
        failures = sum(one["values"].count(None) for one in tried)
        return failures, np.inf if None in means else sign * float(np.mean(means))

    return first[min(range(len(first)), key=rank)]["params"]


def at_the_edge(chosen: dict[str, Any], candidates: Sequence[Record]) -> list[str]:
    """The parameters whose chosen value is the smallest or the largest that was tried: a better one may lie beyond."""
    edges = []
    for name, value in chosen.items():
        tried = {one["params"].get(name) for one in candidates}
        numbers = [other for other in tried if isinstance(other, Real) and not isinstance(other, bool)]
        if isinstance(value, Real) and len(numbers) > 1 and value in (min(numbers), max(numbers)):
            edges.append(name)
    return edges
