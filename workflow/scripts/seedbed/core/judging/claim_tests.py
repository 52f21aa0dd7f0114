"""The kinds of tests that a claim can have: one record each, with its methods, its measure and its words.

A new kind is a class here and a definition in ``workflow/schemas/claims.schema.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seedbed.core.study import Study

from .effects import Effects, Term
from .evidence import Evidence, NotTestable
from .listed_turns import listed_turns
from .score_test import ClaimTest, ScoreTest, Words
from .trend_test import Trend


@dataclass(frozen=True, kw_only=True)
class Comparison(ScoreTest):
    r"""The advantage of ours, :math:`\pm(x_{ours} - x_{peer})`, or the logarithm of the ratio."""

    kind = "comparison"
    ours: str
    peer: str
    scale: str = "difference"
    floor: float | None = None

    @property
    def named_methods(self) -> list[str]:
        return [self.ours, self.peer]

    @property
    def log_floor(self) -> float | None:
        return self.floor if self.scale == "ratio" else None

    @property
    def region(self) -> tuple[float, float]:
        return float(np.log10(self.margin)) if self.scale == "ratio" else self.margin, np.inf

    def terms(self, place: int) -> list[Term]:
        where = self.scenarios[place]
        return [Term(self.sign, where, self.ours, self.worst), Term(-self.sign, where, self.peer)]

    def in_words(self, words: Words) -> str:
        pair = f"{words.method(self.ours)} against {words.method(self.peer)}"
        return f"{pair}, {words.metric(self.metric)}{self.where()}; paired by replicate{self.how()}"


@dataclass(frozen=True, kw_only=True)
class Equivalence(ScoreTest):
    """The difference of ours from the peer, or from a known value, both ways within the margin."""

    kind = "equivalence"
    ours: str
    peer: str | None = None
    value: float | None = None

    @property
    def named_methods(self) -> list[str]:
        return [self.ours] if self.peer is None else [self.ours, self.peer]

    @property
    def constant(self) -> float:
        return -(self.value or 0.0)

    @property
    def region(self) -> tuple[float, float]:
        return -self.margin, self.margin

    def terms(self, place: int) -> list[Term]:
        where = self.scenarios[place]
        return [Term(weight, where, name) for weight, name in zip((1.0, -1.0), self.named_methods, strict=False)]

    def in_words(self, words: Words) -> str:
        other = f"the value {words.number(self.value or 0.0)}" if self.peer is None else words.method(self.peer)
        text = f"{words.method(self.ours)} the same as {other} up to {words.number(self.margin)}"
        return f"{text}, {words.metric(self.metric)}{self.where()}{self.how()}"


@dataclass(frozen=True, kw_only=True)
class Threshold(ScoreTest):
    """How far the metric is on the right side of the bound; or whether it is, for ``every`` replicate."""

    kind = "threshold"
    ours: str
    bound: float
    holds_for: str = "mean"

    @property
    def named_methods(self) -> list[str]:
        return [self.ours]

    @property
    def constant(self) -> float:
        return -self.sign * self.bound

    def terms(self, place: int) -> list[Term]:
        return [Term(self.sign, self.scenarios[place], self.ours, self.worst)]

    def measure(self, evidence: Evidence) -> Effects:
        if self.holds_for != "every":
            return super().measure(evidence)
        parts = [self._kept(name, evidence) for name in self.scenarios]
        least, most = (pd.concat([part[end] for part in parts], axis=1).min(axis=1) for end in (0, 1))
        return Effects(least, most, least == most, 0.5, law="share")

    def _kept(self, scenario: str, evidence: Evidence) -> tuple[pd.Series, pd.Series]:
        """1 where the bound is kept, 0 where not or where the fit broke; anything where it was stopped by a limit."""
        values = evidence.values(scenario, self.ours, self.metric)
        within = (self.sign * (values - self.bound) >= 0).astype(float).where(values.notna())
        within[values.index.isin(evidence.failures(scenario, self.ours, "error"))] = 0.0
        return within.fillna(0.0), within.fillna(1.0)

    def in_words(self, words: Words) -> str:
        side = "at most" if self.direction == "lower" else "at least"
        every = self.holds_for == "every"
        whom = "in every replicate" if every else "on average"
        text = f"{words.method(self.ours)}: {words.metric(self.metric)} {side} {words.number(self.bound)} {whom}"
        return f"{text}{self.where()}{'' if every else self.how()}"


@dataclass(frozen=True, kw_only=True)
class Robustness(ScoreTest):
    """How much more the peer loses than ours on the way from clean to disturbed."""

    kind = "robustness"
    ours: str
    peer: str
    clean_scenarios: Sequence[str] = ()
    clean_ours: str | None = None
    clean_peer: str | None = None

    @property
    def named_methods(self) -> list[str]:
        return [name for name in (self.ours, self.peer, self.clean_ours, self.clean_peer) if name is not None]

    @property
    def named_scenarios(self) -> list[str]:
        return [*self.scenarios, *self.clean_scenarios]

    def terms(self, place: int) -> list[Term]:
        where = self.scenarios[place]
        clean = self.clean_scenarios[place] if self.clean_scenarios else where
        return [
            Term(self.sign, clean, self.clean_peer or self.peer),
            Term(-self.sign, where, self.peer),
            Term(-self.sign, clean, self.clean_ours or self.ours),
            Term(self.sign, where, self.ours, self.worst),
        ]

    def in_words(self, words: Words) -> str:
        losses = " minus ".join(f"loss of {words.method(name)}" for name in (self.peer, self.ours))
        text = f"{losses}, {words.metric(self.metric)}{self.where()}"
        if self.clean_ours and self.clean_peer:
            text += f", from {words.method(self.clean_peer)} and {words.method(self.clean_ours)}"
        if self.clean_scenarios:
            text += ", from " + ", ".join(name.replace("_", " ") for name in self.clean_scenarios)
        return text + self.how()

    def errors(self, study: Study) -> Iterator[str]:
        yield from super().errors(study)
        if self.clean_scenarios and len(self.clean_scenarios) != len(self.scenarios):
            yield "clean_scenarios: one is needed for each of the scenarios, in their order"


@dataclass(frozen=True, kw_only=True)
class Speed(ClaimTest):
    """Decimal logarithm of the peer's CPU time over ours: of each case, averaged over the turns of the benchmark.

    The cases are a sample of what might have been timed; of a single case, the turns are one of what this machine
    does.
    """

    kind = "speed"
    cases: Sequence[str]
    ours: str
    peer: str
    factor: float

    def measure(self, evidence: Evidence) -> Effects:
        if evidence.benchmark is None:
            raise NotTestable("snakemake benchmark has not been run")
        ratios = {case: self._ratios(evidence.benchmark, case) for case in self.cases}
        alone = len(ratios) == 1
        means = pd.Series({case: values.mean() for case, values in ratios.items()})
        return Effects.of(
            ratios[self.cases[0]] if alone else means,
            low=float(np.log10(self.factor)),
            law="normal",
            scale="ratio",
            unit="turn" if alone else "case",
            by_place={} if alone else ratios,
        )

    def _ratios(self, table: pd.DataFrame, case: str) -> pd.Series:
        """Of the turns in which both gave a result."""
        rows = table[table["case"] == case].set_index("contender")
        if absent := [name for name in (self.ours, self.peer) if name not in rows.index]:
            raise NotTestable(f"the benchmark has no case '{case}' with {' and '.join(absent)}")
        if not np.isfinite(rows.loc[[self.ours, self.peer], "cpu_seconds_min"]).all():
            raise NotTestable(f"a contender of the benchmark's case '{case}' gave no result")
        ours, peer = (listed_turns(rows.loc[name]) for name in (self.ours, self.peer))
        if not len(ours) == len(peer) > 0:
            raise NotTestable(
                f"the turns of the benchmark's case '{case}' cannot be paired; run snakemake benchmark anew"
            )
        ratios = pd.Series(np.log10(peer / ours), [f"turn {turn + 1}" for turn in range(len(ours))]).dropna()
        if ratios.empty:
            raise NotTestable(f"in no turn of the benchmark's case '{case}' did both contenders give a result")
        return ratios

    def in_words(self, words: Words) -> str:
        how = "turns averaged, one number per case" if len(self.cases) > 1 else "one number per turn, on this machine"
        cases = ", ".join(self.cases)
        return f"CPU time of {self.peer} over that of {self.ours} in snakemake benchmark ({cases}); {how}"


KINDS: dict[str, type[ClaimTest]] = {
    cls.kind: cls for cls in (Comparison, Equivalence, Threshold, Trend, Robustness, Speed)
}


def read_test(entry: Mapping[str, Any]) -> ClaimTest:
    """The record of what ``claims.yaml`` calls ``test``; the schema has looked at it."""
    settings: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    cls = KINDS[settings.pop("kind")]
    return cls(**settings)
