"""The claims ledger: each testable claim of a paper, judged on paired replicates by one rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from seedbed.core.statistics.intervals import holm_adjust

from .claim_tests import read_test
from .effects import Effects
from .evidence import Evidence, NotTestable
from .judged_claims import ClaimWords, JudgedClaim, WeighedEffects, or_none
from .score_test import ClaimTest
from .weighing import settling_sizes, verdict, weigh


@dataclass(frozen=True)
class Claim:
    """An entry of ``claims.yaml``: the words that are passed on as they are, and the test or why there is none."""

    words: ClaimWords
    test: ClaimTest | None
    not_tested: str

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Claim:
        """From what the file holds; the schema has looked at it."""
        test = read_test(entry["test"]) if "test" in entry else None
        return cls(ClaimWords.of(entry), test, entry.get("not_tested", ""))

    def measure(self, evidence: Evidence) -> Effects | str:
        """The effects, or the reason why there are none."""
        if self.not_tested or self.test is None:
            return self.not_tested
        if missing := evidence.missing_names(self.test.named_scenarios, self.test.named_methods):
            return missing
        if missing := evidence.missing_cells(self.test.cells):
            return missing
        try:
            effects = self.test.measure(evidence)
        except NotTestable as error:
            return str(error)
        if (known := int(effects.known.sum())) < 2:
            few = "fewer than two" if known or len(effects.known) != 1 else "only one"
            return f"{few} of {len(effects.known)} {effects.unit}s have a result in every cell of the test"
        return effects


def judge_claims(
    claims: Iterable[Mapping[str, Any]],
    scores: pd.DataFrame,
    runs: pd.DataFrame | None = None,
    benchmark: pd.DataFrame | None = None,
    *,
    level: float = 0.95,
    overlaps: Mapping[str, float | None] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    registered: bool = False,
    budgets: Mapping[str, int] | None = None,
) -> list[JudgedClaim]:
    r"""Give every claim its effect, interval, p-values and verdict.

    A claim's test makes one number of every replicate (:mod:`seedbed.core.judging.claim_tests`) and names the region
    in which the mean of these numbers lies if the claim holds. With :math:`\alpha` = 1 - level,

    - ``reproduced``: the mean lies inside the region, by a studentised test (:func:`mean_test`) whose p-value, adjusted
      by Holm over the claims of the study, is below :math:`\alpha`;
    - ``contradicted``: the same outside; or a counterexample to a claim about every replicate, which a fit that raises
      or crashes is too; or a step of a trend that goes the other way;
    - ``no counterexample``: a claim about every replicate, with the bound below which the rate of failures lies;
    - ``inconclusive``: neither; ``replicates_needed`` says how many it may take;
    - ``not tested here``: the reason says why.

    A fit of ours that failed counts as the worst score that any method got on the same data. Where a score is missing
    otherwise, the verdict must be the same whatever stood there.

    Parameters
    ----------
    claims : iterable of mapping
        As ``workflow/schemas/claims.schema.yaml`` describes them.
    scores, runs, benchmark, overlaps, ranges
        See :class:`Evidence`.
    level : float
        Of the intervals.
    registered : bool
        Whether the seed of the data is a digest of what is judged on them.
    budgets : mapping
        How many fits were spent on tuning each method.

    Returns
    -------
    list of JudgedClaim
        In the order of ``claims``.
    """
    evidence = Evidence(scores, runs, benchmark, overlaps or {}, ranges or {})
    records = [Claim.of(entry) for entry in claims]
    measured = [record.measure(evidence) for record in records]
    weighed = [_weighed(found, level) for found in measured]
    adjusted = holm_adjust(np.array([found.p_value for found in weighed], float))
    family = int(np.isfinite(adjusted).sum())
    judged = []
    for record, effects, found, p_holm in zip(records, measured, weighed, adjusted.tolist(), strict=True):
        given = "not tested here"
        if isinstance(effects, Effects):
            given = verdict(found, 1 - level, p_holm)
            if given == "inconclusive":
                found = replace(found, replicates_needed=settling_sizes(effects, (1 - level) / max(1, family), level))
        judged.append(
            JudgedClaim(
                **vars(record.words),
                **vars(found),
                p_holm=or_none(p_holm),
                family=family,
                verdict=given,
                standing=_standing(effects, registered),
                budgets=_unequal_budgets(record, budgets or {}),
            )
        )
    return judged


def _weighed(effects: Effects | str, level: float) -> WeighedEffects:
    return WeighedEffects.none(reason=effects) if isinstance(effects, str) else weigh(effects, level)


def _unequal_budgets(record: Claim, budgets: Mapping[str, int]) -> dict[str, int]:
    """The tuning fits of the methods that a claim compares, where they differ."""
    names = record.test.named_methods if record.test else []
    found = {name: budgets[name] for name in names if name in budgets}
    return found if len(set(found.values())) > 1 else {}


def _standing(effects: Effects | str, registered: bool) -> str:
    """Registered: fixed before the data that judge it were drawn. A clock and a data set of old were there before."""
    drawn = isinstance(effects, Effects) and effects.unit == "replicate" and effects.overlap == 0
    return "registered" if registered and drawn else "exploratory"
