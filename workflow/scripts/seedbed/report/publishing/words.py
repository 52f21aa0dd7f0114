"""What the published pages say of verdicts, runs and versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .rows import Row

# contradictions first: what a reader should not have to look for
ORDER = ("contradicted", "reproduced", "no counterexample", "inconclusive", "not tested here")
SHORT = {
    "reproduced": "held",
    "no counterexample": "no counterexample",
    "contradicted": "contradicted",
    "inconclusive": "open",
    "not tested here": "not tested",
}
WHOSE = {"paper": "The paper’s claims", "ours": "Our own claims"}
EARLIER = "of an earlier version"


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """Verdict -> how many claims have it."""
    return {verdict: sum(row.verdict == verdict for row in rows) for verdict in ORDER}


def counted(rows: Sequence[Row]) -> str:
    """The counts in words.

    >>> counted([])
    'no claims'
    """
    found = counts(rows)
    return ", ".join(f"{found[verdict]} {SHORT[verdict]}" for verdict in SHORT if found[verdict]) or "no claims"


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Contradictions first, else as the study has them."""
    return sorted(rows, key=lambda row: ORDER.index(row.verdict))


def is_earlier(run: Mapping[str, Any], present: str | None) -> bool:
    """Whether claims, scenarios, methods, replicates or code have changed since the run.

    >>> is_earlier({"registration": "ab"}, "ab"), is_earlier({"registration": "ab"}, "cd")
    (False, True)
    """
    return run["registration"] != present


def cell(text: str) -> str:
    """Text for a cell of a table in Markdown."""
    return " ".join(text.split()).replace("|", r"\|")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [[*head], ["---"] * len(head), *([cell(str(one)) for one in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
