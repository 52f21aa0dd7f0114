"""What the ledger calls methods, metrics, units and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import markupsafe

from seedbed.core.errors import printable
from seedbed.core.judging.judged_claims import JudgedClaim, StepEffect
from seedbed.core.labels import StudyLabels
from seedbed.core.statistics.intervals import share_interval
from seedbed.core.statistics.over_scenarios import PlaceEffect
from seedbed.report.formulas import with_formulas
from seedbed.report.notation import notation, significant
from seedbed.report.numbers import MISSING, factor, known, number

Shown = Callable[[float | None], str]
_EACH = {"replicate": "data set", "case": "case", "turn": "turn"}


class PageWords:
    """What the page calls methods, metrics and numbers."""

    def __init__(self, names: StudyLabels) -> None:
        self._names = names

    def method(self, name: str) -> str:
        """Its label; a method that the run does not have keeps its name."""
        return self._names.methods[name].label if name in self._names.methods else name

    def step(self, name: str) -> str:
        """From one method, or scenario, to the next."""
        return " → ".join(map(self.method, name.split(" → ")))

    def metric(self, name: str) -> str:
        return self._names.metrics[name].label if name in self._names.metrics else name

    def number(self, value: float) -> str:
        return number(value)


def shown_as(claim: JudgedClaim) -> Shown:
    """How the numbers of a claim are written: as factors, in per cent, or as they are."""
    if claim.scale == "ratio":
        return factor
    return (lambda value: number(None if value is None else 100 * value) + " %") if claim.law == "share" else number


def shown_alike(claim: JudgedClaim, *values: float | None) -> Shown:
    """As :func:`shown_as`, and all alike: a number and the ends of its interval have the same decimals.

    Factors have the same digits instead, since they may span decades.
    """
    if claim.scale == "ratio":
        return lambda value: significant(10**value) if known(value) else MISSING
    times, unit = (100, " %") if claim.law == "share" else (1, "")
    written = notation(times * value for value in values if known(value))
    return lambda value: written.number(times * value) + unit if known(value) else MISSING


def interval_in(low: float | None, high: float | None, shown: Shown) -> str:
    """``[low, high]``; nothing where an end is not known."""
    return f"[{shown(low)}, {shown(high)}]" if known(low) and known(high) else ""


def named_effect(name: str, row: PlaceEffect | StepEffect, shown: Shown) -> str:
    """The effect of a scenario or of a step with its interval."""
    return f"{name}: {shown(row.effect)} {interval_in(row.low, row.high, shown)}".strip()


def unit_of(claim: JudgedClaim, names: StudyLabels) -> str:
    """The unit of an effect; of a metric without one its name, so that no effect stands without either."""
    if claim.law == "share":
        return f"of the {_EACH[claim.unit]}s"
    if claim.scale == "ratio":
        return "times"
    metric = names.metrics.get(str((claim.test or {}).get("metric")))
    unit = (metric.unit or metric.label) if metric else ""
    start = reference(claim)
    return unit if start is None else f"from {number(start)}, {unit}"


def reference(claim: JudgedClaim) -> float | None:
    """The bound or value, not zero, from which the effects of a claim count; None where they are differences."""
    test = claim.test or {}
    if claim.scale == "ratio" or claim.law == "share":
        return None
    start = {"threshold": test.get("bound"), "equivalence": test.get("value")}.get(str(test.get("kind")))
    return start or None


def measured(claim: JudgedClaim) -> tuple[float, float | None, float | None] | None:
    """What was measured itself, and its interval, where the effect is its distance from a bound or a value."""
    start = reference(claim)
    if start is None or claim.effect is None:
        return None
    test = claim.test or {}
    if test["kind"] == "threshold" and test.get("direction") == "lower":
        low, high = (None if end is None else start - end for end in (claim.high, claim.low))
        return start - claim.effect, low, high
    low, high = (None if end is None else start + end for end in (claim.low, claim.high))
    return start + claim.effect, low, high


class Agreement(NamedTuple):
    """On how many data sets the effect is on the claim's side, also in words, and what these are called."""

    held: int
    text: str
    data_sets: str


def agreement(claim: JudgedClaim) -> Agreement:
    """Of the effects one by one; where there is no region no side is another's. Splits of one table are called so."""
    low, high = claim.holds_above, claim.holds_below
    values = [*claim.effects.values()]
    held = sum((low is None or value > low) and (high is None or value < high) for value in values)
    name = "split" if claim.unit == "replicate" and claim.overlap != 0 else _EACH[claim.unit]
    each = name + ("s" if len(values) != 1 else "")
    return Agreement(held, f"{held} of {len(values)}", each)


def share_text(successes: int, n: int, level: float = 0.95, chance: bool = True) -> str:
    """``k of n [low %, high %]``, the interval exact; none for what is so by design and not by ``chance``."""
    if n == 0 or not chance:
        return f"{successes} of {n}"
    low, high = share_interval(successes, n, level)
    return f"{successes} of {n} [{100 * low:.3g} %, {100 * high:.3g} %]"


def typeset(text: str) -> markupsafe.Markup:
    """Powers and indices that were typed on a keyboard, as a reader wants them, and formulas; all else is escaped.

    >>> str(typeset("log I_v(x) within 1e-15 of 2e3 & more"))
    'log I<sub>v</sub>(x) within 10<sup>−15</sup> of 2·10<sup>3</sup> &amp; more'
    """
    return with_formulas(text, _typed)


def _typed(text: str) -> markupsafe.Markup:
    safe = str(markupsafe.escape(printable(text)))
    safe = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)e([+-]?\d+)\b", _power, safe)
    return markupsafe.Markup(re.sub(r"\b([A-Za-z])_(\w)\b(?=\()", r"\1<sub>\2</sub>", safe))


def _power(found: re.Match[str]) -> str:
    exponent = str(int(found[2])).replace("-", "−")
    return ("" if found[1] == "1" else f"{found[1]}·") + f"10<sup>{exponent}</sup>"
