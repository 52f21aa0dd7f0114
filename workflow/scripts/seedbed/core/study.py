"""What a study is: the tables that its ``study.py`` fills in.

Everything that a study offers is named by a dotted target, ``"package.module:attribute"``, so that
reading the table imports no algorithm, and so that the engine can follow the imports of exactly the
module that a result depends on.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from .errors import SkipFit
from .study_folders import find_user_modules, study_folder, study_names

__all__ = [
    "Case", "Direction", "Figure", "Generator", "Method", "Metric", "Origin", "Role", "Scenario", "SkipFit", "Study",
    "find_user_modules", "load_claims", "load_references", "load_study", "load_target", "read_claims", "study_cases",
    "study_names",
]  # fmt: skip

Role = Literal["ours", "baseline", "control", "oracle"]
Origin = Literal["paper", "ours", ""]
Direction = Literal["lower", "higher", "none"]


@dataclass(frozen=True)
class Generator:
    """Draws one replicate: a class with ``draw(rng) -> dict of arrays``, or ``function(rng, **params)``.

    Of a class, a frozen dataclass, the fields are what the config may set, and ``messages()`` lists what is wrong
    with them; it needs no ``check``. One that reads a user's file says in ``understood()``, texts too, what was
    understood of it, for terminal and report, and needs no ``describe``; in ``overlap()`` what its replicates have in
    common, and needs no function for that; and draws in ``whole()`` all of its rows, for ``snakemake answer``.

    ``function``'s keyword-only parameters, with their annotations and defaults, are what the config may
    set. ``check(**params) -> list of messages`` is called when the config is read, for what only the
    generator can know (does the file exist, are there more clusters than points). ``describe(**params) -> list of
    texts`` says what a function understood of the user's file.
    """

    function: str
    check: str | None = None
    files: tuple[str, ...] = ()  # parameters that name an input file: the workflow watches these files
    task: str = ""  # what methods are to do with the data; only those of the same task, or of none, are run
    # function(**params) -> the share of data that two replicates have in common, or None where it is not known; for
    # generators that resample one data set, whose replicates are not independent (core/statistics/resampling.py)
    overlap: str = ""
    describe: str | None = None


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

    ``origin`` says of a method that the study is about whose it is: ``paper``, as the paper defines it, or ``ours``, a
    variant of our own.

    ``given_the_truth`` is for a method that is handed what others must estimate: it is shown, but is never called
    best, nor ranked among the others.

    ``tune`` holds lists of values: the combination that does best by the main metric on data sets drawn for
    tuning alone is what the fits get (rule ``tune_method``), in scenarios that say where to tune.
    """

    target: str
    params: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    role: Role = "baseline"
    reference: str = ""
    task: str = ""
    tune: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    given_the_truth: bool = False
    origin: Origin = ""


@dataclass(frozen=True)
class Metric:
    """``function(data, fit) -> float`` on the arrays of one replicate; NaN where it does not apply.

    The first metric of a task is its main one: tables are sorted by it. ``log_floor`` puts the metric on
    logarithmic axes, with smaller values drawn there: for errors that span decades. ``direction`` is ``none`` where no
    end is the better one: a claim about such a metric names its own. ``bounds`` are the lowest and the highest value
    that it can have, if there are such. ``internal`` is for a metric that looks at data and answer alone, and not at a
    truth: it is shown, and ranks no method. A function that takes ``before`` is given the pair (data, fit) of the
    replicate before, None if there is none.
    """

    function: str
    label: str
    direction: Direction
    unit: str = ""
    task: str = ""
    log_floor: float | None = None
    bounds: tuple[float, float] | None = None
    internal: bool = False


@dataclass(frozen=True)
class Figure:
    """``function(tables) -> (matplotlib figure, data frame)``, or None, once per scenario or per study.

    In place of the matplotlib figure there may be a data frame of texts, which is shown as a table; the label of a
    figure (``figure.set_label``) is what is seen in it.

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
    ``clock="wall"``, for what several cores share, the wall's. With ``warm``, each turn is the second call in its
    process, after one on a copy of the problem: for calls of milliseconds, which a program makes again and again, and
    of which the first pays for memory that was never touched and for modules that load when they are asked.
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
    warm: bool = False


@dataclass(frozen=True)
class Study:
    """The table of contents of one study.

    For the report: ``question`` in two or three sentences; ``method``, a paragraph on the method under test, with
    formulas as ``$...$`` (LaTeX); ``formula``, its central formula in LaTeX, displayed, one per line of text;
    ``references`` in words; ``references.bib`` beside ``study.py`` has the same as BibTeX entries to copy.

    Targets of the study's own modules may be written relative to it, ``".metrics:error"``, wherever it lies.
    """

    name: str
    title: str
    question: str
    # fit(estimator_class, params, data, seed) -> dict of arrays; may raise SkipFit. A single number ``seconds`` among
    # them is its own measure of CPU time, and no result. Its module may have a prepare(estimator_class), called once
    # per job for what every replicate would otherwise load
    adapter: str
    generators: Mapping[str, Generator]
    scenarios: Mapping[str, Scenario]
    methods: Mapping[str, Method]
    metrics: Mapping[str, Metric]
    figures: Mapping[str, Figure]
    # of a class of the user's: one of the methods that it must have, the names of the arguments that the adapter adds
    # where it takes them, and of these the ones without which it is not told what it is to find
    calls: tuple[str, ...] = ("fit_predict", "fit")
    given: tuple[str, ...] = ("random_state",)
    needs: tuple[str, ...] = ()
    # `make check-method` tries a class on these scenarios, or the first of each task; on hard_cases(data) -> {title:
    # data} of the first of them, or those of core/hard_tables.py; and says remarks(data, fit) -> texts on answers
    tried_on: tuple[str, ...] = ()
    hard_cases: str = ""
    remarks: str = ""
    environment: str = "base"  # what the study's fits need: a name in envs/, or a YAML file beside study.py
    libraries: tuple[str, ...] = ("sklearn.cluster", "sklearn.mixture")  # imported once per run, not once per job
    references: tuple[str, ...] = ()
    method: str = ""
    formula: str = ""


def load_target(target: str) -> Any:
    """Import ``"package.module:attribute"``."""
    find_user_modules()
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def load_study(name: str) -> Study:
    """The ``STUDY`` of a study's ``study.py``, ours or the user's, with its targets written out in full."""
    folder = study_folder(name)
    return _in_full(load_target(f"{folder.package}.study:STUDY"), folder.target)


def load_claims(name: str) -> list[dict[str, Any]]:
    """The claims ledger of a study, its ``claims.yaml``."""
    return read_claims(study_folder(name).path / "claims.yaml")


def read_claims(path: Path) -> list[dict[str, Any]]:
    """What a claims ledger holds; libyaml reads it ten times as fast as PyYAML itself, where it is there."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or []


def load_references(name: str) -> str:
    """The BibTeX entries of a study, its ``references.bib``."""
    path = study_folder(name).path / "references.bib"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def study_cases(name: str) -> str:
    """The target of a study's benchmark cases."""
    return study_folder(name).target(".benchmarks.cases:CASES")


def _in_full(study: Study, target: Callable[[str], str]) -> Study:
    """What stands in a study as ``.module:attribute``, written out."""

    def entries(table: Mapping[str, Any], *fields: str) -> dict[str, Any]:
        return {
            name: replace(entry, **{key: target(text) for key in fields if (text := getattr(entry, key))})
            for name, entry in table.items()
        }

    return replace(
        study,
        adapter=target(study.adapter),
        hard_cases=target(study.hard_cases),
        remarks=target(study.remarks),
        generators=entries(study.generators, "function", "check", "overlap", "describe"),
        methods=entries(study.methods, "target"),
        metrics=entries(study.metrics, "function"),
        figures=entries(study.figures, "function"),
        libraries=tuple(target(library) for library in study.libraries),
    )
