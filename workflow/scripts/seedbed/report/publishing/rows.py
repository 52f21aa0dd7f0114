"""One claim of the published ledger, a line of ``ledger.csv``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from seedbed.core.files import atomic_path, reading
from seedbed.core.judging.judged_claims import JudgedClaim, read_verdicts
from seedbed.core.study import Study
from seedbed.report.ledger.notes import broken_steps
from seedbed.report.ledger.words import shown_as
from seedbed.report.numbers import factor, known, number, p_value

_SETS = {"replicate": "data sets", "case": "cases", "turn": "turns"}
_EFFECTS = {
    "comparison": "claimed advantage",
    "robustness": "claimed advantage",
    "equivalence": "difference",
    "threshold": "distance from the bound",
    "trend": "change",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A claim with its verdict; ``None`` is what is not known.

    ``effect``, ``low`` and ``high`` are the mean effect and its interval, ``holds_above`` and ``holds_below`` the
    region that the claim names; all five are decimal logarithms where ``scale`` is ``ratio``. ``p`` is adjusted by Holm
    over the ``family`` claims of the study. ``n`` counts replicates, cases or turns, as ``counts`` says.
    ``note`` names the steps of a trend that do not go its way.
    """

    study: str
    id: str
    origin: str
    standing: str
    written: str
    kind: str
    metric: str
    unit: str
    scale: str
    law: str
    counts: str
    verdict: str
    effect: float | None
    low: float | None
    high: float | None
    holds_above: float | None
    holds_below: float | None
    p: float | None
    family: int
    n: int
    n_expected: int
    n_failed: int
    statement: str
    source: str
    reason: str
    note: str

    @classmethod
    def of(cls, study: Study, claim: JudgedClaim) -> Self:
        """From an entry of ``claims.json``."""
        test = claim.test or {}
        metric = study.metrics.get(str(test.get("metric")))
        numbers = ("effect", "low", "high", "holds_above", "holds_below")
        copied = ("id", "origin", "standing", "verdict", "scale", "law", "family", "n", "n_expected", "n_failed")
        return cls(
            study=study.name,
            written=claim.written or "",
            kind=test.get("kind", ""),
            metric=metric.label if metric else "",
            unit=metric.unit if metric else "",
            counts=claim.unit,
            p=_rounded(claim.p_holm),
            note=broken_steps(claim, shown_as(claim)),
            **{name: " ".join(getattr(claim, name).split()) for name in ("statement", "source", "reason")},
            **{name: _rounded(getattr(claim, name)) for name in numbers},
            **{name: getattr(claim, name) for name in copied},
        )

    @classmethod
    def read(cls, cells: Mapping[str, str]) -> Self:
        """From a line of the CSV; older ones have no note."""
        cells = {"note": "", **cells}
        kinds = {field.name: str(field.type) for field in fields(cls)}
        return cls(**{name: _read(kinds[name], cells[name]) for name in kinds})

    @property
    def is_tested(self) -> bool:
        """Whether there is a verdict on evidence."""
        return self.verdict != "not tested here"

    def shown(self, value: float | None) -> str:
        """A number of the claim as a reader wants it: a factor, per cent, or as it is."""
        if self.scale == "ratio":
            return factor(value)
        return (number(100 * value) + " %" if known(value) else "–") if self.law == "share" else number(value)

    @property
    def interval(self) -> str:
        """``[low, high]``, or nothing."""
        return f"[{self.shown(self.low)}, {self.shown(self.high)}]" if known(self.low) and known(self.high) else ""

    @property
    def effect_text(self) -> str:
        """The effect with its interval and its unit."""
        if not known(self.effect):
            return "–"
        unit = {"ratio": "times"}.get(self.scale, f"of the {_SETS[self.counts]}" if self.law == "share" else self.unit)
        return " ".join(part for part in (self.shown(self.effect), self.interval, unit) if part)

    @property
    def found_in_words(self) -> str:
        """The same with what it is, such as the claimed advantage in a metric, and in how many data sets."""
        if self.law == "share":
            return f"{self.shown(self.effect)} {self.interval} of {self.n_in_words}"
        what = _EFFECTS.get(self.kind, "")
        named = f" in {self.metric}" if self.metric else ""
        effect = f"{what}{named}: {self.effect_text}" if what else self.effect_text
        return f"{effect}, {self.n_in_words}"

    @property
    def n_text(self) -> str:
        """How many effects there are, and of how many."""
        return str(self.n) if self.n == self.n_expected else f"{self.n} of {self.n_expected}"

    @property
    def n_in_words(self) -> str:
        """The same with what is counted."""
        return f"{self.n_text} {_SETS[self.counts]}"

    @property
    def region_text(self) -> str:
        """Where the claim holds."""
        if self.law == "share" or not known(self.holds_above):
            return "in every one" if self.law == "share" and self.is_tested else "–"
        if known(self.holds_below):
            return f"{self.shown(self.holds_above)} to {self.shown(self.holds_below)}"
        return f"above {self.shown(self.holds_above)}"

    @property
    def p_text(self) -> str:
        """The adjusted p-value."""
        return p_value(self.p)


def read_claims_of_run(study: Study, path: Path) -> list[Row]:
    """The verdicts of one study, from its ``claims.json``."""
    return [Row.of(study, claim) for claim in read_verdicts(path)]


def read_ledger(path: Path) -> list[Row]:
    """All lines of ``ledger.csv``; none where there is no file yet."""
    if not path.exists():
        return []
    with reading(path), path.open(encoding="utf-8", newline="") as stream:
        return [Row.read(cells) for cells in csv.DictReader(stream)]


def write_ledger(rows: Iterable[Row], path: Path) -> None:
    """Write ``ledger.csv``; equal rows give equal bytes."""
    with atomic_path(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def _read(kind: str, text: str) -> Any:
    if kind == "float | None":
        return float(text) if text else None
    return int(text) if kind == "int" else text


def _rounded(value: float | None) -> float | None:
    """Six digits: what intervals can carry, and what is the same on every machine."""
    return float(f"{value:.6g}") if known(value) else None
