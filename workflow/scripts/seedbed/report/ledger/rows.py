"""The claims ledger as the page shows it: grouped by study, what speaks against a paper first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import markupsafe

from seedbed.core.job_records.reports import StudyDescription
from seedbed.core.judging.claim_tests import read_test
from seedbed.core.judging.judged_claims import VERDICTS, JudgedClaim, StepEffect
from seedbed.core.statistics.over_scenarios import PlaceEffect
from seedbed.report.numbers import known, p_value

from .effect_plot import EffectPlot, adjusted_interval, effect_plot
from .notes import claim_notes
from .words import (
    PageWords,
    Shown,
    agreement,
    interval_in,
    measured,
    named_effect,
    shown_alike,
    shown_as,
    typeset,
    unit_of,
)  # fmt: skip

ORDER = ("contradicted", "reproduced", "no counterexample", "inconclusive", "not tested here")
_INTERVALS = {"any": "bootstrap-t", "share": "exact (Clopper-Pearson)", "normal": "Student"}


@dataclass(frozen=True, kw_only=True)
class LedgerRow(JudgedClaim):
    """A claim with what the page says of it; texts are empty where there is nothing to say."""

    study: str
    study_title: str
    statement_shown: markupsafe.Markup
    how: str
    unit_text: str
    effect_text: str
    measured_text: str  # where the effect is a distance from a bound or a value
    interval_text: str
    adjusted_text: str
    student_text: str
    bounded_text: str
    prediction_text: str
    place_texts: Sequence[str]
    step_texts: Sequence[str]
    notes: Sequence[str]
    interval_kind: str
    holds_text: str
    bound_texts: Sequence[str]
    agreed: str
    share_agreed: float
    data_sets: str
    p_text: str
    plot: EffectPlot | None
    places: Sequence[str]  # the scenarios to look at


Claim = TypeVar("Claim", bound=JudgedClaim)


def ledger_row(claim: JudgedClaim, names: StudyDescription, level: float = 0.95) -> LedgerRow:
    """One claim, ready for the template; ``level`` is that of the intervals."""
    shown, words = shown_as(claim), PageWords(names)
    alike = shown_alike(claim, claim.effect, claim.low, claim.high)
    test = read_test(claim.test) if claim.test else None
    places = dict.fromkeys(test.named_scenarios if test else [])
    adjusted = adjusted_interval(claim, level)
    agreed = agreement(claim)
    return LedgerRow(
        **vars(claim),
        study=names.study,
        study_title=names.title,
        statement_shown=typeset(claim.statement),
        how=test.in_words(words) if test else "",
        unit_text=unit_of(claim, names),
        effect_text=alike(claim.effect),
        measured_text=_measured(claim),
        interval_text=interval_in(claim.low, claim.high, alike),
        adjusted_text=interval_in(*(adjusted or (None, None)), alike),
        student_text=interval_in(claim.student_low, claim.student_high, alike),
        bounded_text=interval_in(claim.bounded_low, claim.bounded_high, alike),
        prediction_text=interval_in(claim.prediction_low, claim.prediction_high, alike),
        place_texts=[named_effect(row.place, row, _alike(claim, row)) for row in claim.by_place],
        step_texts=[named_effect(words.step(row.step), row, _alike(claim, row)) for row in claim.steps],
        notes=claim_notes(claim, level, words),
        interval_kind=_INTERVALS[claim.law],
        holds_text=_region(claim, shown),
        bound_texts=_bounds(claim, shown),
        agreed=agreed.text,
        share_agreed=round(agreed.held / max(1, len(claim.effects)), 4),
        data_sets=agreed.data_sets,
        p_text=p_value(claim.p_holm),
        plot=effect_plot(claim, adjusted),
        places=[name for name in places if name in {item.name for item in names.scenarios}],
    )


def verdict_counts(claims: Sequence[JudgedClaim]) -> dict[str, int]:
    """How many claims got which verdict."""
    return {verdict: sum(claim.verdict == verdict for claim in claims) for verdict in VERDICTS}


def put_to_the_test(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that were put to the test, contradictions first, else in the order of the study."""
    chosen = [claim for claim in claims if claim.verdict != "not tested here"]
    return sorted(chosen, key=lambda claim: ORDER.index(claim.verdict))


def left_out(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """Reason -> the claims that were not tested for it; the reason that most of them share comes first."""
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.verdict == "not tested here":
            groups.setdefault(claim.reason, []).append(claim)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def table_row(row: LedgerRow) -> dict[str, str | float | None]:
    """The claim as a line of the table that the page saves, its numbers in full."""
    copied = ("study", "id", "verdict", "statement", "origin", "standing", "written", "effect", "low", "high", "unit",
              "holds_above", "holds_below", "scale", "p_holm", "family", "n", "n_expected")  # fmt: skip
    return {key: getattr(row, key) for key in copied} | {
        "unit": row.unit_text,
        "on_the_claims_side": row.agreed if row.n else "",
        "paper_figure": row.paper_figure,
        "notes": "; ".join(row.notes) or row.reason,
    }


def false_verdicts(rows: Sequence[LedgerRow], level: float) -> float:
    """How many false verdicts Holm within each study lets through over a whole report, at most: 1 - level a study."""
    return (1 - level) * len({row.study for row in rows if row.family})


def _alike(claim: JudgedClaim, row: PlaceEffect | StepEffect) -> Shown:
    return shown_alike(claim, row.effect, row.low, row.high)


def _measured(claim: JudgedClaim) -> str:
    found = measured(claim)
    if not found:
        return ""
    alike = shown_alike(claim, *found)
    return f"{alike(found[0])} {interval_in(found[1], found[2], alike)}".strip()


def _bounds(claim: JudgedClaim, shown: Shown) -> list[str]:
    """What stands at the bounds of the plot: a share has none, one exception decides."""
    ends = [] if claim.law == "share" else [claim.holds_above, claim.holds_below]
    return [shown(end) for end in ends if known(end)]


def _region(claim: JudgedClaim, shown: Shown) -> str:
    if not known(claim.holds_above):
        return ""
    if claim.law == "share":
        return "holds if all do; one exception contradicts"
    if known(claim.holds_below):
        return f"holds between {shown(claim.holds_above)} and {shown(claim.holds_below)}"
    return f"holds above {shown(claim.holds_above)}"
