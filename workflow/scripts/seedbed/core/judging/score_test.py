"""What all kinds of tests have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from seedbed.core.errors import did_you_mean
from seedbed.core.study import Study

from .effects import Effects, Enclosed, Term, aggregated, span_of, weighted_sum
from .evidence import Evidence, NotTestable


class Words(Protocol):
    """What a page calls things."""

    def method(self, name: str) -> str: ...
    def metric(self, name: str) -> str: ...
    def number(self, value: float) -> str: ...


class ClaimTest(ABC):
    """What every kind of test says of itself."""

    kind: ClassVar[str]
    scenarios: Sequence[str] = ()

    @property
    def named_methods(self) -> list[str]:
        """The methods that it needs, in the order in which it names them."""
        return []

    @property
    def named_scenarios(self) -> list[str]:
        """The scenarios that it needs."""
        return list(self.scenarios)

    @property
    def cells(self) -> list[tuple[str, str]]:
        """The pairs of scenario and method whose scores it reads."""
        return []

    @abstractmethod
    def measure(self, evidence: Evidence) -> Effects:
        """The effects, turned so that larger ones are what the claim says; NotTestable if there can be none."""

    @abstractmethod
    def in_words(self, words: Words) -> str:
        """What is compared, where, and how the numbers of a replicate become one."""

    def errors(self, study: Study) -> Iterator[str]:
        """What it names and the study does not have."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class ScoreTest(ClaimTest):
    """A test on scores: a weighted sum of them in every scenario, aggregated over the scenarios."""

    metric: str
    scenarios: Sequence[str]
    direction: str = ""
    margin: float = 0.0
    aggregation: str = "mean"

    @property
    def sign(self) -> float:
        return 1.0 if self.direction == "higher" else -1.0

    @property
    def worst(self) -> str:
        """Which of ``min`` and ``max`` speaks against the claim."""
        return "min" if self.direction == "higher" else "max"

    @abstractmethod
    def terms(self, place: int) -> list[Term]:
        """What is summed in the scenario of this number."""

    @property
    def cells(self) -> list[tuple[str, str]]:
        return [(term.scenario, term.method) for place in range(len(self.scenarios)) for term in self.terms(place)]

    @property
    def constant(self) -> float:
        return 0.0

    @property
    def log_floor(self) -> float | None:
        """Scores are compared by their logarithms, with smaller ones counted as this one."""
        return None

    @property
    def region(self) -> tuple[float, float]:
        return self.margin, np.inf

    def sums(self, evidence: Evidence) -> dict[str, Enclosed]:
        """The effects of every scenario."""
        return {
            name: weighted_sum(self.terms(place), evidence, self.metric, self.constant, self.log_floor)
            for place, name in enumerate(self.scenarios)
        }

    def measure(self, evidence: Evidence) -> Effects:
        sums = self.sums(evidence)
        whole = aggregated(list(sums.values()), self.aggregation)
        overlaps = [evidence.overlaps.get(name, 0.0) for name in self.named_scenarios]
        known = [overlap for overlap in overlaps if overlap is not None]
        if same := [name for name in self.named_scenarios if evidence.overlaps.get(name) == 1]:
            raise NotTestable(f"all replicates of {', '.join(same)} are one data set (sample_size)")
        limits = evidence.ranges.get(self.metric) if self.log_floor is None else None
        return Effects(
            whole.least,
            whole.most,
            whole.known,
            *self.region,
            scale="difference" if self.log_floor is None else "ratio",
            by_place={name: part.least[part.known] for name, part in sums.items()},
            failed=len(whole.failed),
            overlap=max(known) if len(known) == len(overlaps) else None,
            span=span_of(self.terms(0), limits, self.constant),
        )

    def where(self) -> str:
        """The scenarios in words."""
        names = [name.replace("_", " ") for name in self.scenarios]
        return f" in {', '.join(names)}" if names else ""

    def how(self) -> str:
        """How one number comes from several scenarios."""
        joined = {"mean": "averaged over", "median": "the median over", "worst": "the worst of"}
        return f"; {joined[self.aggregation]} the scenarios" if len(self.scenarios) > 1 else ""

    def errors(self, study: Study) -> Iterator[str]:
        for kind, names, known in (
            ("method", self.named_methods, study.methods),
            ("scenario", self.named_scenarios, study.scenarios),
        ):
            for name in dict.fromkeys(names):
                if name.partition("~")[0] not in known:
                    yield f"unknown {kind} '{name}'{did_you_mean(name, known)}"
        metric = study.metrics.get(self.metric)
        if metric is None:
            yield f"unknown metric '{self.metric}'{did_you_mean(self.metric, study.metrics)}"
        elif self.direction in ("lower", "higher") and metric.direction not in (self.direction, "none"):
            yield from self.turned(f"direction: of {self.metric}, {metric.direction} is better")

    def turned(self, message: str) -> Iterator[str]:
        """What to say of a direction that is not the metric's."""
        yield message
