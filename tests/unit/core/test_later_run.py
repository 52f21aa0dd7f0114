from __future__ import annotations

from seedbed.core.later_run import PLACE, mark_report, unmark_report


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
