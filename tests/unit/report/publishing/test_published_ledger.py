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
    assert pages == {"README", "benchmark", *ledger.studies} and {row.study for row in ledger.rows} == {*ledger.studies}


def test_a_contradicted_claim_lies_outside_its_region_or_says_what_else_contradicts_it(ledger: Ledger) -> None:
    for row in ledger.rows:
        if row.verdict == "contradicted" and row.law != "share":
            low, high = row.low or 0.0, row.high or 0.0
            above = row.holds_above is None or low > row.holds_above
            below = row.holds_below is None or high < row.holds_below
            assert bool(row.note) or not (above and below), row.id
    noted = {row.id for row in ledger.rows if row.note}
    assert {"ghvb_trades", "ghvb_trade_costs"} <= noted and all(
        row.kind == "trend" for row in ledger.rows if row.id in noted
    )


def test_comparisons_name_a_registration_of_the_history(ledger: Ledger) -> None:
    lines = csv.DictReader((FOLDER / HISTORY).read_text(encoding="utf-8").splitlines())
    known = {(line["study"], line["registration"]) for line in lines}
    assert {(line["study"], line["registration"]) for line in ledger.seeds} <= known


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


def test_published_benchmarks_name_their_machine_and_what_they_are_of(ledger: Ledger) -> None:
    assert ledger.benchmarks
    for line in ledger.benchmarks:
        assert line["study"] in ledger.studies and line["machine"] and line["code"] and line["date"]
        assert line["status"] != "ok" or float(line["seconds"]) > 0
