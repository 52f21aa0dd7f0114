"""What the jobs are told that make tables of fits: score one scenario, collect a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seedbed.core.records import Record

Tuning = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class ScoreJob(Record):
    """Every metric (id -> dotted target) of every fit of one scenario; files come in the order of ``methods``."""

    study: str
    scenario: str
    methods: tuple[str, ...]
    metrics: Mapping[str, str]
    code: str


@dataclass(frozen=True, kw_only=True)
class CollectJob(Record):
    """The tables of a study from those of its ``scenarios``.

    ``tunings`` are triples: the scenario, the method, and the methods that get the same parameters.
    """

    scenarios: tuple[str, ...]
    tunings: tuple[Tuning, ...]
    code: str
