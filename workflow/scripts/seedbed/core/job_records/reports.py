"""What the jobs are told that speak of the whole run: report, archive, verify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seedbed.core.labels import StudyLabels
from seedbed.core.records import Record

from .summaries import BenchmarkTable


@dataclass(frozen=True, kw_only=True)
class FigureText(Record):
    """What the report says of a figure; see :class:`~seedbed.core.study.Figure`."""

    name: str
    title: str
    per: str
    kind: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class StudyDescription(StudyLabels):
    """What the report says of a study on top of its labels; see :class:`~seedbed.core.study.Study`."""

    title: str
    question: str
    method: str
    formula: str
    references: tuple[str, ...]
    bibtex: str
    environment: str
    figures: tuple[FigureText, ...]
    describe: Mapping[str, str]  # scenario -> the dotted target that says what was understood of the user's file
    cells: str  # the digest of what the config asks for


@dataclass(frozen=True, kw_only=True)
class ReportSettings(Record):
    """``report`` of the config."""

    title: str
    confidence_level: float
    bootstrap_samples: int
    figure_formats: tuple[str, ...] = ("svg",)


@dataclass(frozen=True, kw_only=True)
class ReportJob(Record):
    """The page and its provenance.

    ``config`` is as it was read, ``resolved`` has every scenario and method with all parameters, by study, and
    ``registered`` the digests that are seeds; ``code`` are the digests of the code and of the page's templates.
    """

    config: Mapping[str, Any]
    config_digest: str
    resolved: Mapping[str, Any]
    registered: Mapping[str, str]
    settings: ReportSettings
    studies: tuple[StudyDescription, ...]
    benchmarks: tuple[BenchmarkTable, ...]
    code: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ArchiveJob(Record):
    """The run in one file: ``data_files`` and ``modules`` are the user's, ``snakemake`` is the version that ran."""

    config: Mapping[str, Any]
    snakemake: str
    title: str
    data_files: tuple[str, ...]
    modules: tuple[str, ...]
    code: str


@dataclass(frozen=True, kw_only=True)
class VerifyJob(Record):
    """Rerun ``cells`` cells of each study of an archive (a path), by Snakemake, which ``command`` starts."""

    archive: str
    cells: int
    command: tuple[str, ...]
