"""What is committed in docs/ledger: pages follow from the CSV and the present digests, the history from git."""

from __future__ import annotations

import csv

import pytest
from seedbed.core.keeping.repository import ROOT
from seedbed.report.publishing.folder import HISTORY, load_ledger, written_pages
from seedbed.report.publishing.pages import Ledger
from seedbed.report.publishing.runs import check_history

FOLDER = ROOT / "docs/ledger"


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger(FOLDER)


def test_pages_are_what_the_ledger_and_the_present_code_say(ledger: Ledger) -> None:
    """A change of claims, scenarios, methods or code makes another digest, and the pages must say so."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    made = written_pages(ledger, readme)
    stale = [name for name, text in made.items() if (ROOT / name).read_text(encoding="utf-8") != text]
    earlier = [study for study in ledger.studies if ledger.is_earlier(study)]
    assert stale == [], f"run: make pages. Published for an earlier version: {', '.join(earlier) or 'none'}"


def test_every_page_of_the_folder_is_of_a_published_study(ledger: Ledger) -> None:
    pages = {path.stem for path in FOLDER.glob("*.md")}
    assert pages == {"README", *ledger.studies} and {row.study for row in ledger.rows} == {*ledger.studies}


def test_the_history_has_all_runs_and_no_line_was_rewritten(ledger: Ledger) -> None:
    text = (FOLDER / HISTORY).read_text(encoding="utf-8")
    check_history(FOLDER / HISTORY, text)
    lines = list(csv.DictReader(text.splitlines()))
    for study, run in ledger.runs.items():
        said = {
            line["id"]: line["verdict"]
            for line in lines
            if (line["study"], line["registration"]) == (study, run["registration"])
        }
        assert said == {row.id: row.verdict for row in ledger.of(study)}, study


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for suffix in ("svg", "png") for path in FOLDER.glob(f"*.{suffix}")}
    assert "ledger.svg" in sizes and sum(sizes.values()) < 2**20, sizes
