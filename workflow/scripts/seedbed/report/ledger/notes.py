"""What a reader must know of a verdict beside its numbers, in sentences."""

from __future__ import annotations

from collections.abc import Callable

from seedbed.core.judging.judged_claims import JudgedClaim
from seedbed.core.statistics.mean_test import fewest
from seedbed.core.statistics.sample_size import SizesNeeded
from seedbed.report.numbers import known, p_value

from .words import PageWords, Shown, named_effect, shown_alike, shown_as


def claim_notes(claim: JudgedClaim, level: float, words: PageWords) -> list[str]:
    """All that applies to one claim, what left it open first."""
    notes = [open_because(claim, level)] if claim.verdict == "inconclusive" else [contradicted_by_steps(claim)]
    if known(claim.failure_bound):
        bound = f"{100 * claim.failure_bound:.2g} %"
        notes.append(f"in {claim.n} {claim.unit}s; the rate of failures is below {bound}, one-sided")
    if claim.least and claim.most:
        shown = shown_as(claim)
        ends = f"{shown(claim.least.effect)} to {shown(claim.most.effect)}"
        notes.append(f"scores are missing: the mean lies anywhere from {ends}, by what stood there")
    if claim.budgets:
        spent = "; ".join(f"{words.method(name)}: {fits}" for name, fits in claim.budgets.items())
        notes.append(f"fits that tuned the methods differ in number ({spent})")
    if claim.n_failed:
        notes.append(f"in {claim.n_failed} replicates a fit of ours failed and counts as the worst score there")
    if claim.overlap is None:
        notes.append("for this data set, over splits of it: other data are not spoken of")
    elif claim.overlap:
        share = f"{100 * claim.overlap:.3g} %"
        notes.append(f"replicates are splits of one data set; their overlap of {share} is corrected for")
    notes.append(broken_steps(claim, named=words.step))
    if claim.verdict == "inconclusive":
        notes.append(settling_text(claim.replicates_needed))
    return [note for note in notes if note]


def contradicted_by_steps(claim: JudgedClaim) -> str:
    """Of a contradicted trend whose slope is not surely the other way: that a step of it is."""
    if claim.verdict != "contradicted" or not claim.steps or not (known(claim.high) and known(claim.holds_above)):
        return ""
    return "" if claim.high < claim.holds_above else "the whole may go the claim’s way, a step of it surely does not"


def broken_steps(claim: JudgedClaim, shown: Shown | None = None, named: Callable[[str], str] = str) -> str:
    """Which steps of a trend do not go its way, and by how much; nothing where all of them do."""
    broken = [
        named_effect(named(row.step), row, shown or shown_alike(claim, row.effect, row.low, row.high))
        for row in claim.steps
        if not row.kept
    ]
    return f"not at every step: {'; '.join(broken)}" if broken else ""


def open_because(claim: JudgedClaim, level: float) -> str:
    """Which condition of a verdict failed: number, interval, or the correction for the study's other claims."""
    low, high = claim.low, claim.high
    if claim.law == "any" and claim.n < fewest(1 - level):
        return f"{claim.n} are too few for any verdict at this level: it takes {fewest(1 - level)}"
    if claim.law == "share" or not (known(low) and known(high)):
        return ""
    least = claim.holds_above if known(claim.holds_above) else -float("inf")
    most = claim.holds_below if known(claim.holds_below) else float("inf")
    inside, outside = least < low and high < most, high < least or low > most
    if inside and any(not row.kept for row in claim.steps):
        return "the whole goes the claim’s way, a step of it does not"
    if not (inside or outside):
        return "the interval reaches across the bound: the effect may lie on either side"
    side = "on the claim’s side" if inside else "against the claim"
    adjusted = f"p, adjusted for the study’s {claim.family} tests, is {p_value(claim.p_holm)}"
    return f"the interval of this claim alone lies {side}, but {adjusted}, not below {1 - level:.2g}"


def settling_text(sizes: SizesNeeded | None) -> str:
    """How many replicates would settle a claim, as a range of rounded numbers."""
    if not sizes:
        return ""
    seen, least, most = map(rounded, (sizes.as_seen, sizes.at_least, sizes.at_most))
    power = f"{100 * sizes.power:.0f} %"
    if least is None:
        return "more replicates would hardly settle it"
    ends = f"{least:,} to {most:,}" if most is not None else f"{least:,} to never"
    if most == least:
        ends = f"{least:,} too"
    if seen is None:
        return f"replicates that would settle it, were the effect as seen: never; its interval allows {ends}"
    return f"{seen:,} replicates would settle it ({power}), were the effect as seen; its interval allows {ends}"


def rounded(size: int | None) -> int | None:
    """Two digits: what a forecast from ten replicates can carry.

    >>> rounded(44007), rounded(98), rounded(None)
    (44000, 98, None)
    """
    return None if size is None else int(float(f"{size:.2g}"))
