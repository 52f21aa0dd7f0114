"""Judged claims for tests of what is said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from seedbed.core.judging.judged_claims import ClaimWords, JudgedClaim, WeighedEffects

WORDS = ClaimWords(
    id="x", statement="", source="", origin="paper", written="", paper_figure=None, test={"metric": "gap"}
)
UNTESTED = JudgedClaim(
    **vars(WORDS), **vars(WeighedEffects.none("")), p_holm=None, family=0, verdict="not tested here",
    standing="exploratory", budgets={},
)  # fmt: skip


def judged_claim(verdict: str = "inconclusive", **changes: Any) -> JudgedClaim:
    """A claim of which only what is given is known."""
    return replace(UNTESTED, verdict=verdict, **changes)
