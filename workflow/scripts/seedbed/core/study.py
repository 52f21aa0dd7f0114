"""What a study is: the tables that its ``study.py`` fills in.

Everything that a study offers is named by a dotted target, ``"package.module:attribute"``, so that
reading the table imports no algorithm, and so that the engine can follow the imports of exactly the
module that a result depends on.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from .errors import SkipFit

__all__ = [
    "Case", "Figure", "Generator", "Method", "Metric", "Scenario", "SkipFit", "Study",
    "find_user_modules", "load_claims", "load_study", "load_target", "study_names",
]  # fmt: skip

_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Generator:
    """Draws one replicate: ``function(rng, **params) -> dict of arrays``.

    ``function``'s keyword-only parameters, with their annotations and defaults, are what the config may
    set. ``check(**params) -> list of messages`` is called when the config is read, for what only the
    generator can know (does the file exist, are there more clusters than points).
    """

    function: str
    check: str | None = None
    files: tuple[str, ...] = ()  # parameters that name an input file: the workflow watches these files
    task: str = ""  # what methods are to do with the data; only those of the same task, or of none, are run


@dataclass(frozen=True)
class Scenario:
    """A named preset of a generator: what ``scenarios: {name: {}}`` in the config means."""

    generator: str
    params: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    tune_on: str = ""  # the scenario on whose separate data sets methods are tuned; without it defaults hold


@dataclass(frozen=True)
class Method:
    """A class to fit and its default parameters. ``role`` is how the report reads its results.

    ``tune`` holds lists of values: the combination that does best by the main metric on data sets drawn for
    tuning alone is what the fits get (rule ``tune_method``), in scenarios that say where to tune.
    """

    target: str
    params: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    role: Literal["ours", "baseline", "control", "oracle"] = "baseline"
    reference: str = ""
    task: str = ""
    tune: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Metric:
    """``function(data, fit) -> float`` on the arrays of one replicate; NaN where it does not apply.

    The first metric of a task is its main one: tables are sorted by it. ``log_floor`` puts the metric on
    logarithmic axes, with smaller values drawn there: for errors that span decades.
    """

    function: str
    label: str
    direction: Literal["lower", "higher"]
    unit: str = ""
    task: str = ""
    log_floor: float | None = None


@dataclass(frozen=True)
class Figure:
    """``function(tables) -> (matplotlib figure, data frame)``, or None, once per scenario or per study.

    The report draws the scores, the paired comparisons and the costs of every study by itself; a study's
    figures show what is its own. ``kind`` says where they stand: ``data`` for pictures of the data (every study
    should have one), ``convergence``, or ``result``. ``caption`` is one sentence under the figure.
    ``tables.styles[method]`` has the method's ``colour`` and ``marker``, the same in all figures.
    """

    function: str
    title: str
    per: Literal["scenario", "study"] = "scenario"
    kind: Literal["result", "data", "convergence"] = "result"
    caption: str = ""


@dataclass(frozen=True)
class Case:
    """One benchmark: the same problem for every contender; the first contender is ours.

    ``accuracy(problem, result)`` is measured outside the clock, by one routine for all contenders, and is
    lower for better. ``target`` is the ratio (peer's time / ours) that we hold ourselves to, against the
    contender named ``peer``; ``more_targets`` are those against others. Time is CPU time, or with
    ``clock="wall"``, for what several cores share, the wall's.
    """

    name: str
    problem: Callable[[], Any]
    contenders: Mapping[str, Callable[[Any], Any]]
    accuracy: Callable[[Any, Any], float]
    accuracy_label: str
    peer: str
    target: float | None = None
    repeats: int = 3
    more_targets: Mapping[str, float] = field(default_factory=dict)
    clock: Literal["cpu", "wall"] = "cpu"


@dataclass(frozen=True)
class Study:
    """The table of contents of one study.

    For the report: ``question`` in two or three sentences; ``method``, a paragraph on the method under test, with
    formulas as ``$...$`` (LaTeX); ``formula``, its central formula in LaTeX, displayed, one per line of text;
    ``references`` in words, and ``bibtex``, the same as BibTeX entries to copy.
    """

    name: str
    title: str
    question: str
    # fit(estimator_class, params, data, seed) -> dict of arrays; may raise SkipFit. Its module may have a
    # prepare(estimator_class), called once per job for what every replicate would otherwise load
    adapter: str
    generators: Mapping[str, Generator]
    scenarios: Mapping[str, Scenario]
    methods: Mapping[str, Method]
    metrics: Mapping[str, Metric]
    figures: Mapping[str, Figure]
    environment: str = "base"  # the file in envs/ that the study's fits need
    libraries: tuple[str, ...] = ("sklearn.cluster", "sklearn.mixture")  # imported once per run, not once per job
    references: tuple[str, ...] = ()
    method: str = ""
    formula: str = ""
    bibtex: str = ""


def study_names() -> list[str]:
    """The studies there are: every folder of the package that holds a ``study.py``."""
    return sorted(path.parent.name for path in _PACKAGE.glob("*/study.py") if path.parent.name != "core")


def load_target(target: str) -> Any:
    """Import ``"package.module:attribute"``."""
    find_user_modules()
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def find_user_modules() -> None:
    """Make modules in the working directory, beside config.yaml, importable: after all others."""
    if (folder := os.getcwd()) not in sys.path:
        sys.path.append(folder)


def load_study(name: str) -> Study:
    """The ``STUDY`` of ``seedbed.<name>.study``."""
    return load_target(f"seedbed.{name}.study:STUDY")


def load_claims(name: str) -> list[dict[str, Any]]:
    """The claims ledger of a study, ``seedbed/<name>/claims.yaml``."""
    return yaml.safe_load((_PACKAGE / name / "claims.yaml").read_text(encoding="utf-8")) or []
