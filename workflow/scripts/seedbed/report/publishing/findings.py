"""The findings of README.md: sentences chosen by hand, numbers from the ledger, between two markers."""

from __future__ import annotations

from collections.abc import Sequence

from seedbed.core.errors import UserError
from seedbed.core.study import study_names

from .chosen import FINDINGS, MOST_FINDINGS, Finding
from .pages import Ledger
from .rows import Row
from .words import counted

BEGIN, END = "<!-- findings: written by make pages -->", "<!-- end of findings -->"
_VERDICTS = {"reproduced": "Held", "no counterexample": "No counterexample", "contradicted": "Contradicted"}


def findings_block(ledger: Ledger) -> str:
    """The counts over all studies, and the findings that the ledger bears out."""
    paper, ours = ([row for row in ledger.rows if row.origin == origin] for origin in ("paper", "ours"))
    found = [line for finding in FINDINGS if (line := _finding(ledger.rows, finding))][:MOST_FINDINGS]
    heads = [
        _which_studies(ledger),
        f"Of {len(paper)} claims of the papers: {counted(paper)}. Of {len(ours)} claims of our own: {counted(ours)}",
        f"([all of them](docs/ledger/README.md)). {'Some of it:' if found else ''}".strip(),
    ]
    return "\n".join([" ".join(heads), "", *found]).rstrip()


def _which_studies(ledger: Ledger) -> str:
    """Of which studies there are registered runs, and how many are left."""
    published = [f"`{name}`" for name in dict.fromkeys(row.study for row in ledger.rows)]
    names = study_names()
    left = len({*names} - {row.study for row in ledger.rows})
    others = f" ({left} of {len(names)} studies not yet)" if left else ""
    sizes = "at [sizes](config/ledger.yaml) below the papers’"
    return f"The registered runs of {', '.join(published)}{others}, {sizes}."


def _finding(rows: Sequence[Row], finding: Finding) -> str:
    row = next((row for row in rows if (row.study, row.id) == (finding.study, finding.id)), None)
    sentence = finding.sentence(row.verdict) if row else ""
    if row is None or not sentence:
        return ""
    whose = "the paper’s claim" if row.origin == "paper" else "our own claim"
    page = f"docs/ledger/{row.study}.md"
    return f"- **{_VERDICTS[row.verdict]}**, {whose}: {sentence} ({row.found_in_words}; [{row.study}]({page}))"


def with_findings(text: str, block: str) -> str:
    """A page with the block between its two markers.

    Raises
    ------
    UserError
        Where the page does not have each of them once.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise UserError(f"README.md has not one line {BEGIN} and one line {END}, between which findings are written")
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{block}\n\n{END}{rest.partition(END)[2]}"
