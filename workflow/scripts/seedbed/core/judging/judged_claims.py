"""What was found of a claim: the records that ``claims.json`` holds, in the order of its keys.

Unknown numbers, and bounds that are not there, are None, as they are null in the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self

from seedbed.core.files import read_json, reading, write_json
from seedbed.core.records import Record
from seedbed.core.statistics.over_scenarios import PlaceEffect
from seedbed.core.statistics.sample_size import SizesNeeded

VERDICTS = ("reproduced", "no counterexample", "contradicted", "inconclusive", "not tested here")


@dataclass(frozen=True, kw_only=True)
class MeanBound(Record):
    """The mean effect and its interval, were the missing scores the worst, or the best, that they can have been."""

    effect: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class StepEffect(Record):
    """One step of a trend, and whether it goes the trend's way."""

    step: str
    effect: float | None
    low: float | None
    high: float | None
    kept: bool


@dataclass(frozen=True, kw_only=True)
class ClaimWords(Record):
    """What an entry of ``claims.yaml`` says that is passed on as it is."""

    id: str
    statement: str
    source: str
    origin: str  # "paper" or "ours"
    written: str
    paper_figure: str | None
    test: Mapping[str, Any] | None

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """From what the file holds; the schema has looked at it."""
        chosen: dict[str, Any] = {field.name: entry.get(field.name) for field in fields(cls)}
        return cls(**chosen)


@dataclass(frozen=True, kw_only=True)
class WeighedEffects(Record):
    """What the effects of a claim weigh, before other claims are looked at.

    ``low, high`` is the interval of the mean ``effect``, ``holds_above, holds_below`` the region in which the claim
    holds, ``prediction_low, prediction_high`` where the effect of one more scenario would lie. ``failure_bound`` is
    the bound of the rate of failures of a claim about every replicate. ``p_inside`` and ``p_outside`` are those of
    :class:`~seedbed.core.statistics.mean_test.MeanTest`. ``least`` and ``most`` are there where scores are missing.
    """

    effect: float | None
    low: float | None
    high: float | None
    student_low: float | None
    student_high: float | None
    holds_above: float | None
    holds_below: float | None
    bounded_low: float | None
    bounded_high: float | None
    failure_bound: float | None
    p_inside: float | None
    p_outside: float | None
    p_value: float | None
    p_sign_flips: float | None
    p_signed_rank: float | None
    prediction_low: float | None
    prediction_high: float | None
    n: int
    n_expected: int
    n_failed: int
    least: MeanBound | None
    most: MeanBound | None
    replicates_needed: SizesNeeded | None
    law: Literal["any", "share", "normal"]
    unit: Literal["replicate", "case", "turn"]
    scale: Literal["difference", "ratio"]
    effects: Mapping[str, float]  # by replicate, case or turn
    by_place: tuple[PlaceEffect, ...]
    steps: tuple[StepEffect, ...]
    refuted: bool  # by an exception to a claim about every replicate
    overlap: float | None
    reason: str  # why there are no effects

    @classmethod
    def none(cls, reason: str) -> Self:
        """Of a claim that could not be measured."""
        empty: dict[str, Any] = {field.name: None for field in fields(cls)}
        empty |= {"n": 0, "n_expected": 0, "n_failed": 0, "law": "any", "unit": "replicate", "scale": "difference"}
        empty |= {"effects": {}, "by_place": (), "steps": (), "refuted": False, "overlap": 0.0, "reason": reason}
        return cls(**empty)


@dataclass(frozen=True, kw_only=True)
class JudgedClaim(WeighedEffects, ClaimWords):
    """A claim of ``claims.json``: its words, what its effects weigh, and its verdict.

    ``p_holm`` is the p-value adjusted for the ``family`` of tests of the study, ``standing`` is ``registered`` or
    ``exploratory``, ``budgets`` are the tuning fits of the methods that are compared, where they differ.
    """

    p_holm: float | None
    family: int
    verdict: str
    standing: str
    budgets: Mapping[str, int]


def write_verdicts(claims: Iterable[JudgedClaim], path: str | Path) -> None:
    """Write ``claims.json``."""
    write_json([asdict(claim) for claim in claims], path)


def read_verdicts(path: str | Path) -> list[JudgedClaim]:
    """Read what :func:`write_verdicts` wrote.

    Raises
    ------
    UserError
        If a claim lacks something, or has a verdict that is not known.
    """
    entries, known = read_json(path), {field.name for field in fields(JudgedClaim)}
    with reading(path):
        for entry in entries:
            if missing := known - set(entry):
                raise ValueError(f"a claim has no {', '.join(sorted(missing))}")
            if entry["verdict"] not in VERDICTS:
                raise ValueError(f"a claim has the verdict '{entry['verdict']}', which is not known")
        return [JudgedClaim.from_json(json.dumps(entry)) for entry in entries]


def or_none(number: float) -> float | None:
    """A number as JSON knows it; None for one that is unknown or without bound. A bound given as 0 stays 0."""
    if not math.isfinite(number):
        return None
    return number if isinstance(number, int) else float(number)
