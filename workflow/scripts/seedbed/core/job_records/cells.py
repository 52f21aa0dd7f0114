"""What the jobs of one scenario are told: where they stand, and what to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seedbed.core.records import Record


@dataclass(frozen=True, kw_only=True)
class CellJob(Record):
    """A job of one scenario; ``seed`` is the run's, ``code`` the digest of what the job's result depends on."""

    seed: int
    study: str
    scenario: str
    code: str


@dataclass(frozen=True, kw_only=True)
class DrawJob(CellJob):
    """Draw a block of replicates: ``generator(rng, **params)`` for each; ``files`` are digests of what it reads."""

    generator: str
    params: Mapping[str, Any]
    replicates: tuple[int, ...]
    files: tuple[str, ...]
