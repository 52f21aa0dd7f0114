"""What a run says about its report, before and after."""

from __future__ import annotations

import pytest
from seedbed.core.later_run import PLACE, mark_report, unmark_report
from seedbed.core.run_summary import PROVENANCE, REPORT, summary_lines


def test_report_says_that_a_later_run_has_not_ended_until_it_has(tmp_path) -> None:
    report = tmp_path / "report.html"
    report.write_text(f"<main>\n{PLACE}\n<p>results</p></main>")
    before = report.read_text()
    mark_report(report)
    assert "A later run began" in report.read_text() and "results" in report.read_text()
    mark_report(report)
    assert report.read_text().count("A later run") == 1
    unmark_report(report)
    assert report.read_text() == before


def test_there_need_not_be_a_report(tmp_path) -> None:
    mark_report(tmp_path / "report.html")
    unmark_report(tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_a_damaged_report_is_marked_like_any_other(tmp_path) -> None:
    report = tmp_path / "report.html"
    damaged = f"<main>\n{PLACE}\n<p>a half letter: ".encode() + "é".encode()[:1]
    report.write_bytes(damaged)
    mark_report(report)
    assert b"A later run began" in report.read_bytes()
    unmark_report(report)
    assert report.read_bytes() == damaged


@pytest.mark.parametrize("damage", [b'{"status_counts": ', b"{}", b"[1, 2]"])
def test_a_damaged_record_ends_a_run_in_one_message(tmp_path, monkeypatch, damage: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    REPORT.write_text("a report")
    PROVENANCE.write_bytes(damage)
    (line,) = summary_lines(succeeded=True)
    assert "results/provenance.json is damaged" in line and "Delete it" in line
