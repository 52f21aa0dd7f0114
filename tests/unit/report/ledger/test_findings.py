"""What was found, in sentences that follow from verdicts."""

from __future__ import annotations

from judged import judged_claim
from seedbed.core.judging.judged_claims import JudgedClaim
from seedbed.core.statistics.sample_size import SizesNeeded
from seedbed.report.ledger.findings import findings, larger_run, tally


def claims(*rows: tuple[str, str], standing: str = "exploratory") -> list[JudgedClaim]:
    return [judged_claim(verdict, origin=origin, standing=standing) for origin, verdict in rows]


def test_findings_follow_from_verdicts_and_keep_the_papers_claims_apart() -> None:
    found = findings(
        claims(
            ("ours", "contradicted"), ("paper", "reproduced"), ("paper", "contradicted"), ("paper", "not tested here")
        )
    )  # fmt: skip
    assert found.words == (
        "of the papers’ 3 claims, 1 held, 1 was contradicted and 1 was not tested here; of our own 1 claim, 1 was "
        "contradicted."
    )
    assert [claim.origin for claim in found.contradicted] == ["paper", "ours"], "the paper's come first"
    assert len(found.held) == 1 and found.left_open == []
    paper, own = found.groups
    assert paper.bar == (("contradicted", 1), ("reproduced", 1)) and paper.untested == 1 and paper.total == 3
    assert own.bar == (("contradicted", 1),) and own.untested == 0
    assert findings([]).words == "no claims." and findings([]).groups == ()
    assert findings(claims(("ours", "inconclusive"))).words == "of our own 1 claim, 1 stays open."
    several = findings(claims(*[("paper", "inconclusive")] * 2, *[("paper", "not tested here")] * 2))
    assert several.words == "of the papers’ 4 claims, 2 stay open and 2 were not tested here."


def test_claims_are_counted_by_whose_they_are_and_when_they_were_fixed() -> None:
    rows = [*claims(("paper", "reproduced"), ("ours", "reproduced")), *claims(("paper", "x"), standing="registered")]
    assert {row.title: len(row.claims) for row in tally(rows)} == {
        "The papers’ claims, registered": 1,
        "The papers’ claims, exploratory": 1,
        "Our own claims, exploratory": 1,
    }


def test_what_a_larger_run_would_settle_is_said_in_steps() -> None:
    def left_open(*sizes: int | None) -> list[JudgedClaim]:
        needed = [SizesNeeded(as_seen=size, at_least=None, at_most=None, power=0.8) for size in sizes]
        return [judged_claim(replicates_needed=one) for one in needed]

    assert larger_run(left_open(29, 31, 9000, None)) == (
        "Were the effects as they look here, 30 replicates would be enough for 1 of the 4 open claims, 100 for 2 and "
        "10,000 for 3, for each with a probability of 80 %."
    )
    assert larger_run(left_open(None, 20_000)) == "" and larger_run([]) == ""
    assert larger_run([judged_claim()]) == ""
