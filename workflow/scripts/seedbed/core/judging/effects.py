"""One number per replicate, and the region in which a claim says that their mean lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from .evidence import Cell, Evidence

_AGGREGATED = {"mean": "mean", "median": "median", "worst": "min"}


@dataclass(frozen=True)
class Effects:
    """What a test measured.

    ``least`` and ``most`` hold the effect of every replicate that the run was asked for; they differ where a score
    is missing, and enclose what the effect can have been. ``law`` says which test suits them: ``any`` effects,
    ``share`` for zeros and ones, ``normal`` for logarithms of times. ``by_place`` has the effects of each scenario,
    ``steps`` those of each adjacent pair of a trend.
    """

    least: pd.Series
    most: pd.Series
    known: pd.Series
    low: float = 0.0
    high: float = np.inf
    law: Literal["any", "share", "normal"] = "any"
    scale: Literal["difference", "ratio"] = "difference"
    unit: Literal["replicate", "case", "turn"] = "replicate"
    by_place: Mapping[str, pd.Series] = field(default_factory=dict)
    steps: Mapping[str, tuple[pd.Series, pd.Series]] = field(default_factory=dict)
    failed: int = 0  # replicates in which a fit of ours failed and counts as the worst
    overlap: float | None = 0.0  # None: resampled from one data set, by a share that is not known
    span: tuple[float, float] | None = None  # between which the effects must lie, whatever the data

    @property
    def values(self) -> pd.Series:
        """The effects that are known, with the failures among them."""
        return self.least[self.known]

    @classmethod
    def of(cls, values: pd.Series, **settings: Any) -> Effects:
        """Effects of which none is missing but the NaNs."""
        return cls(values, values, values.notna(), **settings)


@dataclass(frozen=True)
class Term:
    """A weighted score. ``worst`` (``min`` or ``max``) says as which score a failed fit counts; "" for neither."""

    weight: float
    scenario: str
    method: str
    worst: str = ""


@dataclass(frozen=True)
class Enclosed:
    """An effect by replicate, between ``least`` and ``most``."""

    least: pd.Series
    most: pd.Series
    known: pd.Series
    failed: frozenset[int]


def weighted_sum(
    terms: Iterable[Term], evidence: Evidence, metric: str, constant: float = 0.0, floor: float | None = None
) -> Enclosed:
    """``constant`` plus the weighted scores; their decimal logarithms, if there is a ``floor``."""

    def scaled(values: pd.Series) -> pd.Series:
        return values if floor is None else np.log10(values.clip(lower=floor))

    cells: list[tuple[float, Cell]] = [
        (term.weight, evidence.cell(term.scenario, term.method, metric, term.worst)) for term in terms
    ]
    ends = []
    for first, second in (("least", "most"), ("most", "least")):
        parts = [weight * scaled(getattr(cell, first if weight > 0 else second)) for weight, cell in cells]
        ends.append(pd.concat(parts, axis=1).sum(axis=1, skipna=False) + constant)
    least, most = ends
    known = pd.concat([cell.known for _, cell in cells], axis=1).eq(True).all(axis=1)
    return Enclosed(least, most, known, frozenset().union(*(cell.failed for _, cell in cells)))


def aggregated(parts: Sequence[Enclosed], how: str) -> Enclosed:
    """One number per replicate from one per scenario: their mean, median or worst (smallest)."""

    def joined(name: str) -> pd.DataFrame:
        return pd.concat([getattr(part, name) for part in parts], axis=1)

    least, most = (getattr(joined(name), _AGGREGATED[how])(axis=1, skipna=False) for name in ("least", "most"))
    known = joined("known").eq(True).all(axis=1)
    return Enclosed(least, most, known, frozenset().union(*(part.failed for part in parts)))


def span_of(terms: Iterable[Term], limits: tuple[float, float] | None, constant: float) -> tuple[float, float] | None:
    """Between which numbers a weighted sum must lie if every score lies between ``limits``."""
    if limits is None:
        return None
    ends = [sorted(term.weight * end for end in limits) for term in terms]
    return constant + sum(end[0] for end in ends), constant + sum(end[1] for end in ends)
