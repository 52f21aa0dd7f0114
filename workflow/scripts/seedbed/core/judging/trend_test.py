"""Trends along an ordered list of methods or scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from seedbed.core.study import Study

from .effects import Effects, Enclosed, Term, aggregated, weighted_sum
from .evidence import Evidence
from .score_test import ScoreTest, Words


@dataclass(frozen=True, kw_only=True)
class Trend(ScoreTest):
    """The slope along an ordered list of methods or scenarios, per replicate, and the change at every step of it."""

    kind = "trend"
    ours: str | None = None
    methods: Sequence[str] = ()
    statistic: str = "slope"
    positions: Sequence[float] = ()

    @property
    def named_methods(self) -> list[str]:
        return [self.ours] if self.ours is not None else list(self.methods)

    @property
    def _steps(self) -> Sequence[str]:
        return self.scenarios if self.ours is not None else self.methods

    @property
    def region(self) -> tuple[float, float]:
        return (-self.margin, self.margin) if self.direction == "flat" else (self.margin, np.inf)

    @property
    def sign(self) -> float:
        return -1.0 if self.direction == "lower" else 1.0

    def _weights(self) -> np.ndarray:
        if self.statistic == "last_minus_first":
            return np.array([-1.0, *[0.0] * (len(self._steps) - 2), 1.0])
        positions = np.asarray(self.positions or range(1, len(self._steps) + 1), float)
        centred = positions - positions.mean()
        return centred / (centred @ centred)

    def _sum(self, weights: Mapping[int, float], place: int) -> list[Term]:
        cells = [(name, self.ours) if self.ours is not None else (self.scenarios[place], name) for name in self._steps]
        return [Term(self.sign * weight, *cells[step]) for step, weight in weights.items()]

    def terms(self, place: int) -> list[Term]:
        return self._sum(dict(enumerate(self._weights())), place)

    def sums(self, evidence: Evidence) -> dict[str, Enclosed]:
        if self.ours is None:
            return super().sums(evidence)
        return {"along the scenarios": weighted_sum(self.terms(0), evidence, self.metric)}

    def measure(self, evidence: Evidence) -> Effects:
        effects = super().measure(evidence)
        steps = {}
        places = range(1 if self.ours is not None else len(self.scenarios))
        for first, second in pairwise(range(len(self._steps))):
            terms = [self._sum({first: -1.0, second: 1.0}, place) for place in places]
            whole = aggregated([weighted_sum(each, evidence, self.metric) for each in terms], self.aggregation)
            steps[f"{self._steps[first]} → {self._steps[second]}"] = whole.least, whole.most
        by_place = effects.by_place if self.ours is None else {}
        return replace(effects, by_place=by_place, steps=steps if len(self._steps) > 2 else {})

    def in_words(self, words: Words) -> str:
        steps = [words.method(name) for name in self.named_methods]
        way = {"higher": "rises", "lower": "falls", "flat": "stays the same"}[self.direction]
        measure = "last minus first"
        if self.statistic == "slope":
            measure = "slope" + (f" on {', '.join(map(words.number, self.positions))}" if self.positions else "")
            measure += " and every step" if len(self._steps) > 2 else ""
        text = f"{words.metric(self.metric)} {way} along {' → '.join(steps)}{self.where()} ({measure}, per replicate)"
        return text if self.ours is not None else text + self.how()

    def errors(self, study: Study) -> Iterator[str]:
        yield from super().errors(study)
        if self.positions and len(self.positions) != len(self._steps):
            yield f"positions: {len(self._steps)} are needed, one per step of the trend"

    def turned(self, message: str) -> Iterator[str]:
        """A metric may go where it is worse."""
        yield from ()
