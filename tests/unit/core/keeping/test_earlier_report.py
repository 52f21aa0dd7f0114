"""What a run says about its report, before and after."""

from __future__ import annotations

import json
import os

import pytest
from seedbed.core.keeping.earlier_report import PLACE, mark_report, unmark_report
from seedbed.core.keeping.run_lock import LOCK
from seedbed.core.keeping.run_summary import PROVENANCE, REPORT, summary_lines


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


def rows(folder, *statuses: str, message: str = "") -> None:
    """The rows of a fit."""
    folder.mkdir(parents=True)
    text = [{"status": status, "message": message} for status in statuses]
    (folder / "0000-0001.json").write_text(json.dumps(text))


@pytest.fixture
def earlier_run(tmp_path, monkeypatch):
    """A finished run, and the beginning of the next."""
    monkeypatch.chdir(tmp_path)
    rows(tmp_path / "results/clustering/old/fits/kmeans", "error", message="of the run before")
    REPORT.write_text(f"<main>{PLACE}</main>")
    PROVENANCE.write_text('{"status_counts": {"error": 1}, "missing": [], "environments": {"clustering": "base"}}')
    for path in [REPORT, PROVENANCE, *(tmp_path / "results").rglob("*.json")]:
        os.utime(path, (1e9, 1e9))
    LOCK.parent.mkdir()
    LOCK.write_text("1")


def test_the_last_words_speak_of_this_run_alone(earlier_run, tmp_path) -> None:
    assert summary_lines(succeeded=True) == ["Done.", f"The report is that of an earlier run: {REPORT}"]
    rows(tmp_path / "results/clustering/new/fits/kmeans", "ok", "timeout", message="too long")
    expected = ["Fits: 1 ok, 1 timeout", "  clustering / new / kmeans: 1 x timeout: too long"]
    assert summary_lines(succeeded=True)[1:-1] == expected
    assert summary_lines(succeeded=False)[2:-1] == expected
    mark_report(REPORT)
    unmark_report(REPORT)
    assert "earlier run" in summary_lines(succeeded=True)[-1]
    os.utime(REPORT)
    assert summary_lines(succeeded=True) == [f"Report: {REPORT}", "Fits: 1 error"]


def test_one_failure_of_many_methods_is_one_line(earlier_run, tmp_path) -> None:
    for method in ("a", "b", "c"):
        rows(tmp_path / f"results/s/new/fits/{method}", "error", "error", message="no data: ValueError: no luck")
    assert "  s / new / 3 methods: 2 x error: no data: ValueError: no luck" in summary_lines(succeeded=True)


def test_figures_that_could_not_be_drawn_are_named(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results/made/figures"
    folder.mkdir(parents=True)
    REPORT.write_text("a report")
    PROVENANCE.write_text(json.dumps({"status_counts": {"ok": 2}, "missing": [], "environments": {"made": "base"}}))
    told = {"a": {"error": "ValueError: not today"}, "b": {"seen": "It rises"}}
    (folder / "drawn.json").write_text(json.dumps(told))
    assert summary_lines(succeeded=True)[-1] == "  made / figure a could not be drawn: ValueError: not today"
    left = tmp_path / "results/left_out/figures/drawn.json"
    left.parent.mkdir(parents=True)
    left.write_text(json.dumps(told))
    assert not any("left_out" in line for line in summary_lines(succeeded=True)), "it is no longer run"
    many = {f"f{k}": {"error": "x"} for k in range(12)}
    (folder / "drawn.json").write_text(json.dumps(many))
    assert summary_lines(succeeded=True)[-1] == "  ... and 2 more figures"
    (folder / "drawn.json").write_text("[1]")
    assert "drawn.json is damaged" in summary_lines(succeeded=True)[0]
