"""What was found, in sentences that follow from verdicts by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seedbed.core.judging.judged_claims import JudgedClaim

_WORDS = {  # of one claim, and of several
    "contradicted": ("was contradicted", "were contradicted"),
    "reproduced": ("held", "held"),
    "no counterexample": ("met no counterexample", "met no counterexample"),
    "inconclusive": ("stays open", "stay open"),
}
_SAID = ("reproduced", "no counterexample", "contradicted", "inconclusive", "not tested here")
_SIZES = (30, 100, 300, 1000, 10_000)
Claims = Sequence[JudgedClaim]


@dataclass(frozen=True, kw_only=True)
class Group:
    """The papers' claims, or our own: ``bar`` is verdict and count, in the order of the bar."""

    title: str
    origin: str
    bar: tuple[tuple[str, int], ...]
    untested: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What held, what did not and what stays open: ``words`` counts the papers' claims apart from our own.

    ``contradicted``, ``held``, ``unbroken`` (no counterexample was met) and ``left_open`` are the claims themselves,
    the papers' first.
    """

    words: str
    groups: tuple[Group, ...]
    contradicted: Claims
    held: Claims
    unbroken: Claims
    left_open: Claims


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The claims of one kind: whose they are, and whether they were registered."""

    title: str
    origin: str
    standing: str
    claims: Claims


def findings(claims: Claims) -> Findings:
    """The findings of one study."""
    chosen = _by_origin(claims)
    ordered = [*chosen["paper"], *chosen["ours"]]
    return Findings(
        words=totals(claims),
        groups=tuple(
            _group(title, origin, chosen[origin])
            for origin, title in (("paper", "the papers’ claims"), ("ours", "our own"))
            if chosen[origin]
        ),
        contradicted=_of(ordered, "contradicted"),
        held=_of(ordered, "reproduced"),
        unbroken=_of(ordered, "no counterexample"),
        left_open=_of(ordered, "inconclusive"),
    )


def totals(claims: Claims) -> str:
    """The counts of the papers' claims, and of our own, in words."""
    whose = {"paper": "the papers’", "ours": "our own"}
    parts = [
        f"of {whose[origin]} {len(mine)} claim{'s' if len(mine) != 1 else ''}, {_counted(mine)}"
        for origin, mine in _by_origin(claims).items()
        if mine
    ]
    return "; ".join(parts) + "." if parts else "no claims."


def larger_run(claims: Claims) -> str:
    """What more replicates would settle, by the forecasts of the claims that are open; empty where none is.

    ``Were the effects as they look here, 30 replicates would be enough for 1 of the 3 open claims and 100 for 2, for
    each with a probability of 80 %.``
    """
    left_open = _of(claims, "inconclusive")
    needed = [claim.replicates_needed.as_seen if claim.replicates_needed else None for claim in left_open]
    steps: list[tuple[int, int]] = []
    for size in _SIZES:
        settled = sum(one is not None and one <= size for one in needed)
        if settled > (steps[-1][1] if steps else 0):
            steps.append((size, settled))
    if not steps:
        return ""
    (size, settled), *rest = steps
    total = f"{settled} of the {len(left_open)} open claim{'s' if len(left_open) != 1 else ''}"
    said = [f"{size:,} replicates would be enough for {total}", *(f"{size:,} for {count}" for size, count in rest)]
    power = next(claim.replicates_needed.power for claim in left_open if claim.replicates_needed)
    unknown = sum(claim.replicates_needed is None for claim in left_open)
    untold = f" For {unknown} there is no forecast." if unknown else ""
    return (
        f"Were the effects as they look here, {_joined(said)}, for each with a probability of {100 * power:.0f} %."
        f"{untold}"
    )


def tally(claims: Claims) -> Iterator[Tally]:
    """The claims counted by whose they are and whether they were registered, each kind that there is."""
    for origin, title in (("paper", "The papers’ claims"), ("ours", "Our own claims")):
        for standing in ("registered", "exploratory"):
            chosen = [claim for claim in claims if (claim.origin, claim.standing) == (origin, standing)]
            if chosen:
                yield Tally(title=f"{title}, {standing}", origin=origin, standing=standing, claims=chosen)


def _by_origin(claims: Claims) -> dict[str, Claims]:
    return {origin: [claim for claim in claims if claim.origin == origin] for origin in ("paper", "ours")}


def _group(title: str, origin: str, claims: Claims) -> Group:
    counts = {verdict: len(_of(claims, verdict)) for verdict in _WORDS}
    return Group(
        title=title,
        origin=origin,
        bar=tuple((verdict, count) for verdict, count in counts.items() if count),
        untested=len(_of(claims, "not tested here")),
        total=len(claims),
    )


def _of(claims: Claims, *verdicts: str) -> Claims:
    return [claim for claim in claims if claim.verdict in verdicts]


def _counted(claims: Claims) -> str:
    words = {**_WORDS, "not tested here": ("was not tested here", "were not tested here")}
    counts = {verdict: len(_of(claims, verdict)) for verdict in _SAID}
    return _joined([f"{count} {words[verdict][count > 1]}" for verdict, count in counts.items() if count])


def _joined(said: Sequence[str]) -> str:
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
