"""What tables and figures call things: ids with labels and roles, in the config's order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .records import Record


@dataclass(frozen=True, kw_only=True)
class ScenarioLabel(Record):
    """One scenario of a run: what it is called, and which methods and metrics belong to it."""

    name: str
    label: str
    generator: str
    params: Mapping[str, Any]
    overlap: float | None  # the share of data that two replicates have in common; None where it is not known
    methods: tuple[str, ...]
    metrics: tuple[str, ...]  # the main one first
    task: str = ""


@dataclass(frozen=True, kw_only=True)
class MethodLabel(Record):
    """One method of a run; ``role`` is ``ours``, ``baseline``, ``control`` or ``oracle``.

    What is ``given_the_truth`` is no contestant, whatever its role.
    """

    label: str
    role: str
    reference: str
    tuning_fits: int  # what the choice of its parameters took
    given_the_truth: bool = False
    origin: str = ""

    @property
    def is_contestant(self) -> bool:
        """Whether it can be called best: it is neither a reference nor given what others must estimate."""
        return self.role in ("ours", "baseline") and not self.given_the_truth

    @property
    def what_it_is(self) -> str:
        """In words: what a reader must know before comparing it with others."""
        if self.given_the_truth:
            return "given the truth"
        if self.role in ("control", "oracle"):
            return self.role
        if self.origin:
            return "the paper’s method" if self.origin == "paper" else "our variant"
        return "under test" if self.role == "ours" else "baseline"


@dataclass(frozen=True, kw_only=True)
class MetricLabel(Record):
    """One metric of a study, as :class:`~seedbed.core.study.Metric` says it."""

    label: str
    direction: str
    unit: str
    log_floor: float | None
    bounds: tuple[float, float] | None
    internal: bool = False

    @property
    def ranks(self) -> bool:
        """Whether methods may be ranked by it: it has a better end, and looks at a truth."""
        return self.direction != "none" and not self.internal


@dataclass(frozen=True, kw_only=True)
class StudyLabels(Record):
    """What the tables and figures of one study call things.

    ``registered`` holds all of the study's own methods with their roles, in this run or not: a method keeps its colour
    whatever else is run. ``methods`` and ``metrics`` stand in the order in which the scenarios name them.
    """

    study: str
    replicates: int
    scenarios: tuple[ScenarioLabel, ...]
    methods: Mapping[str, MethodLabel]
    registered: tuple[tuple[str, str], ...]
    metrics: Mapping[str, MetricLabel]

    def __post_init__(self) -> None:
        """Put the mappings in order again, which canonical JSON sorts by name: the first metric is the main one."""
        for kind in ("methods", "metrics"):
            labels = getattr(self, kind)
            named = dict.fromkeys(name for scenario in self.scenarios for name in getattr(scenario, kind))
            order = [name for name in named if name in labels] + [name for name in labels if name not in named]
            object.__setattr__(self, kind, {name: labels[name] for name in order})

    def ranking_metric(self, scored: Collection[str]) -> str | None:
        """The first metric, of those with values in a scenario, that methods may be ranked by; None without a truth."""
        return next((name for name, metric in self.metrics.items() if name in scored and metric.ranks), None)

    @property
    def roles(self) -> dict[str, str]:
        """Method -> role."""
        return {name: method.role for name, method in self.methods.items()}

    @property
    def method_labels(self) -> dict[str, str]:
        """Method -> label."""
        return {name: method.label for name, method in self.methods.items()}
