"""What is asked of the folder before anything runs."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import pytest
from seedbed.core.errors import UserError
from seedbed.core.planning import working_folder
from seedbed.core.planning.working_folder import check_folder, mend_dates


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    (tmp_path / "results").mkdir()
    return tmp_path


def test_a_folder_with_room_is_no_matter() -> None:
    check_folder()


def test_braces_in_the_path_are_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a {b}").mkdir()
    monkeypatch.chdir(here / "a {b}")
    with pytest.raises(UserError, match=r"takes braces.*a \{b\} to a path without"):
        check_folder()


def test_a_closed_folder_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "results")
    with pytest.raises(UserError, match="cannot be written to") as caught:
        check_folder()
    assert str(caught.value).splitlines()[1:] == [f"  - {here / 'results'}"]


def test_a_full_disk_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_folder, "_is_full", lambda folder: folder.name == "results")
    with pytest.raises(UserError, match="disk is full") as caught:
        check_folder()
    assert str(caught.value).splitlines()[1:] == [f"  - {here / 'results'}"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_stands_in_the_place_of_a_folder_is_named(here: Path, kind: str) -> None:
    if kind == "file":
        (here / "logs").write_text("")
    else:
        (here / "logs").symlink_to(here / "nowhere")
    with pytest.raises(UserError, match="no folder, or a link that leads nowhere") as caught:
        check_folder()
    assert str(caught.value).splitlines()[1:] == [f"  - {here / 'logs'}"]


def test_dates_to_come_are_mended_in_their_order(here: Path, capsys: pytest.CaptureFixture) -> None:
    hour = 3600 * 10**9
    now = time.time_ns()
    dates = {"old": now - hour, "first": now + hour, "same": now + hour, "second": now + 2 * hour}
    for name, date in dates.items():
        path = here / "results" / name / "table"
        path.parent.mkdir()
        path.touch()
        os.utime(path, ns=(date, date))
    mend_dates()
    mended = {name: (here / "results" / name / "table").stat().st_mtime_ns for name in dates}
    assert mended["old"] == dates["old"]
    assert now - hour < mended["first"] == mended["same"] < mended["second"] <= time.time_ns()
    assert "3 results bore dates in the future, results/first/table the first" in capsys.readouterr().err
    mend_dates()
    assert capsys.readouterr().err == ""
