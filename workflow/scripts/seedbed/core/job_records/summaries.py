"""What the jobs are told that judge and draw a study, or measure its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seedbed.core.labels import StudyLabels
from seedbed.core.records import Record


@dataclass(frozen=True, kw_only=True)
class BenchmarkTable(Record):
    """The table of an earlier benchmark: where it lies, its digest, and the digest of the job it would take today."""

    path: str
    content: str
    job: str


@dataclass(frozen=True, kw_only=True)
class SummaryJob(Record):
    """The tables that people read and the verdicts on ``claims``, which are as ``claims.yaml`` has them.

    ``cells`` is the digest of what the config asks for, and ``registered`` says whether the seed is that of
    registered claims.
    """

    names: StudyLabels
    confidence_level: float
    bootstrap_samples: int
    claims: tuple[Mapping[str, Any], ...]
    cells: str
    benchmark: BenchmarkTable | None
    registered: bool
    code: str


@dataclass(frozen=True, kw_only=True)
class FigureCall(Record):
    """A figure of the study's own: a dotted target, to be called once ``per`` ``scenario`` or ``study``."""

    function: str
    per: str
    code: str = ""  # the digest of what draws it


@dataclass(frozen=True, kw_only=True)
class FigureJob(Record):
    """The study's own figures, those that every study has, and the ``formats`` of all of them."""

    figures: Mapping[str, FigureCall]
    names: StudyLabels
    code: str
    formats: tuple[str, ...] = ("svg",)


@dataclass(frozen=True, kw_only=True)
class BenchmarkJob(Record):
    """The benchmark cases of a study: ``cases`` is the dotted target of a tuple of them."""

    study: str
    cases: str
    code: str
