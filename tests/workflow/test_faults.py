"""Faults of the machine and of the files: each costs one clear message, and nothing that was good is lost."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pandas as pd
import pytest
from mounts import read_only, small_disk
from project import Project

TABLE = "results/clustering/scores.parquet"
HOUR = 3600 * 10**9
MINE = {"scenario": "user_table", "params": {"path": "data/mine.csv", "label_column": "kind"}}


def fail(project: Project, *arguments: str) -> str:
    """The output of a run that must fail, without a traceback of Python's."""
    done = project.run(*arguments, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout, done.stdout
    return " ".join(done.stdout.split())  # the terminal's logger wraps lines


def test_a_disk_that_fills_up_costs_the_job_that_filled_it(project: Project) -> None:
    project.study["methods"]["bulky"] = {"method": "toy_bulky:Bulky"}
    before, tables = project.state("clustering/*/fits/**/*"), project.table("scores")
    with small_disk(project.folder / "results", room=4 * 2**20):
        output = fail(project)
    assert "bulky/0000-0001.npz cannot be written: No space left on device" in output
    assert "free some space" in output and "what was finished is kept" in output
    after = project.state("clustering/*/fits/**/*")
    assert {name: after[name] for name in before} == before
    assert not [path for path in project.files("**/*") if path.name.startswith(".") and "npz" in path.name]
    project.study["methods"]["bulky"]["params"] = {"megabytes": 0.01}
    project.run(TABLE)
    new = project.table("scores")
    pd.testing.assert_frame_equal(new[new["method"] != "bulky"].reset_index(drop=True), tables)


def test_a_disk_that_is_full_from_the_start(project: Project) -> None:
    project.study["methods"]["coin"]["params"]["bias"] = 0.9
    before = project.state()
    with small_disk(project.folder / "results", room=2**19):
        output = fail(project)
    assert "The disk is full: free some space and run the same command again" in output
    assert str(project.folder / "results") in output
    assert project.changed(before) == set()


@pytest.mark.parametrize("folder", ["results", "."])
def test_a_folder_that_cannot_be_written_to(project: Project, folder: str) -> None:
    project.study["methods"]["coin"]["params"]["bias"] = 0.9
    project.write_config()
    before = project.state()
    with read_only(project.folder / folder):
        output = fail(project)
    assert "a folder cannot be written to. Make it writable, or copy the workflow" in output
    assert str((project.folder / folder).resolve()) in output
    assert project.changed(before) == set()


def spoil(path: Path, content: bytes) -> None:
    """As a bad disk does: the date stays what it was."""
    status = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_damaged_files_are_named_and_made_anew(project: Project) -> None:
    expected = project.table("scores")
    folder = project.folder / "results/clustering"
    data, rows = folder / "isotropic/data/0002-0002.npz", folder / "oriented/fits/threshold/0000-0001.json"
    scores = folder / "oriented/scores.parquet"
    spoil(data, data.read_bytes()[:-30])
    spoil(rows, rows.read_bytes().replace(b"cpu_seconds", b"processor_seconds"))  # as an older version called it
    project.study["methods"]["more"] = {"method": "toy_coin:Coin"}
    output = fail(project)
    for path in (data, rows):
        assert f"{path.relative_to(project.folder)} is damaged, or was written by another version" in output
    assert "Delete it and run the same command again" in output
    assert not scores.exists()  # made from the damaged rows, it would have been
    data.unlink()
    rows.unlink()
    project.run(TABLE)
    new = project.table("scores")
    pd.testing.assert_frame_equal(new[new["method"] != "more"].reset_index(drop=True), expected)


def test_a_clock_that_was_set_back(project: Project) -> None:
    file = project.folder / "data/mine.csv"
    file.write_text("x,kind\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(20)))
    project.study["scenarios"] = {"mine": MINE}
    project.run(TABLE)
    old = project.table("scores")
    for path in (project.folder / "results").rglob("*"):
        os.utime(path, ns=(path.stat().st_mtime_ns + HOUR,) * 2)
    file.write_text("x,kind\n" + "".join(f"{i},{'ab'[i > 9]}\n" for i in range(20)))  # older than all results
    output = project.run(TABLE).stdout
    assert "results bore dates in the future" in output
    assert not project.table("scores").equals(old)
    assert "Nothing to be done" in project.run(TABLE).stdout
    assert max(project.state().values()) <= time.time_ns()


def test_a_file_of_the_user_from_the_future(project: Project) -> None:
    file = project.folder / "data/mine.csv"
    file.write_text("x,kind\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(20)))
    os.utime(file, ns=(time.time_ns() + HOUR,) * 2)
    project.study["scenarios"] = {"mine": MINE}
    assert "data/mine.csv: bears a date in the future" in (output := fail(project))
    assert "touch 'data/mine.csv'" in output
