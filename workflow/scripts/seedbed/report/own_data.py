"""A report about a user's own data: their scenarios first, and what can be said of data without a truth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seedbed.core.job_records.reports import StudyDescription
from seedbed.core.labels import StudyLabels

NO_RANKING = "no truth: no ranking"
DEFAULT_TITLE = "Seedbed: do the published claims hold?"
_OWN_TITLE = "Seedbed: methods on your data"


def own_first(names: StudyDescription) -> StudyDescription:
    """The study with the scenarios that read the user's files in front of the others, in the config's order."""
    ordered = sorted(names.scenarios, key=lambda scenario: scenario.name not in names.describe)
    return replace(names, scenarios=tuple(ordered))


def is_unranked(names: StudyLabels, scored: Collection[str]) -> bool:
    """Whether a scenario has scores, and none that looks at a truth."""
    return bool(scored) and names.ranking_metric(scored) is None


def about_own_data(names: StudyDescription, blocks: Sequence[Mapping[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """The scenarios on the user's files, for the front of the page, with ``answer``, whether one has been asked for."""
    return [
        {**block, "answer": (folder / block["name"] / "answer" / "page.html").is_file()}
        for block in blocks
        if block["name"] in names.describe
    ]


def title_of(given: str, studies: Sequence[Mapping[str, Any]]) -> str:
    """The title, unless it is the default and asks for claims of which none is tested."""
    tested = any(claim.verdict != "not tested here" for study in studies for claim in study["claims"])
    return _OWN_TITLE if given == DEFAULT_TITLE and not tested and any(study["own"] for study in studies) else given
