"""What the jobs are told that fit a method: fit, tune."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .cells import CellJob


@dataclass(frozen=True, kw_only=True)
class MethodJob(CellJob):
    """A job that fits a method.

    ``adapter`` and ``target`` are dotted targets, of the study's ``fit`` and of the class; ``limits`` are those of a
    single fit, by what is limited; ``rename`` says what the class calls what the adapter passes; ``method_files`` are
    the digests of files that the class reads; ``own`` says that the class is not one of ours.
    """

    method: str
    adapter: str
    target: str
    params: Mapping[str, Any]
    limits: Mapping[str, float]
    rename: Mapping[str, str] = field(default_factory=dict)
    method_files: Mapping[str, str] = field(default_factory=dict)
    own: bool = False

    @property
    def cell(self) -> str:
        """What a log calls it."""
        return f"{self.study} / {self.scenario} / {self.method}"


@dataclass(frozen=True, kw_only=True)
class FitJob(MethodJob):
    """Fit a method to every replicate of a block."""


@dataclass(frozen=True, kw_only=True)
class TuneJob(MethodJob):
    """Choose among ``candidates``, each of them parameters on top of ``params``.

    ``replicates`` data sets are drawn by ``generator(rng, **scenario_params)``; ``metric`` (dotted) with its
    ``direction`` says which candidate is the best.
    """

    candidates: tuple[Mapping[str, Any], ...]
    generator: str
    scenario_params: Mapping[str, Any]
    replicates: int
    metric: str
    direction: str
    files: tuple[str, ...]
