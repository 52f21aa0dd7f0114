"""What goes into an archive: what git knows, what the config names, and nothing that a link brings in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from seedbed.core.errors import UserError
from seedbed.core.keeping import archive
from seedbed.core.keeping.archive import _code_files, _inside, _own_files
from seedbed.core.keeping.gathering import files_below, leaving


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "run"
    for name in ("Snakefile", "docs/a.md", "profiles/slurm/token.yaml", "docs/.hidden", "docs/__pycache__/a.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (tmp_path / "secret").write_text("a key")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(archive, "ROOT", folder)
    return folder


def names(capsys: pytest.CaptureFixture) -> tuple[set[str], str]:
    return {name for name, _ in _code_files()}, capsys.readouterr().out


def test_what_git_does_not_know_stays_out_and_is_listed(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(archive, "tracked_files", lambda: {"Snakefile", "docs/a.md", "README.md"})
    found, said = names(capsys)
    assert found == {"Snakefile", "docs/a.md"}
    assert said == "Left out, since git does not know them: profiles/slurm/token.yaml\n"


def test_without_git_all_that_is_shipped_is_in(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(archive, "tracked_files", lambda: None)
    assert names(capsys) == ({"Snakefile", "docs/a.md", "profiles/slurm/token.yaml"}, "")


@pytest.mark.parametrize("kind", ["file", "folder", "upwards"])
def test_links_that_lead_out_are_not_followed(
    here: Path, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(archive, "tracked_files", lambda: None)
    outside = here.parent / "outside"
    outside.mkdir()
    (outside / "id").write_text("a key")
    place, target = {
        "file": ("docs/notes.txt", here.parent / "secret"),
        "folder": ("docs/more", outside),
        "upwards": ("docs/up", here.parent),
    }[kind]
    (here / place).symlink_to(target)
    (here / "docs/b.md").symlink_to("a.md")  # this one stays inside
    found, said = names(capsys)
    assert {"docs/a.md", "docs/b.md"} <= found
    assert not [name for name in found if name.startswith(place)]
    assert said.startswith("Left out, since these links lead elsewhere: ") and place in said
    assert [path.name for path in _inside([*files_below(here / place, here)], here)] == []


def test_a_link_to_a_folder_that_it_lies_in_comes_to_an_end(here: Path) -> None:
    (here / "docs/loop").symlink_to(".")
    assert [path.name for path in files_below(here / "docs", here)] == ["a.md"]


def test_a_file_of_the_user_is_where_the_config_looks_for_it(here: Path) -> None:
    (here / "data/pictures/a").mkdir(parents=True)
    (here / "data/real.csv").write_text("x")
    (here / "data/link.csv").symlink_to("real.csv")
    (here / "data/pictures/a/0.png").write_text("x")
    (here / "data/pictures/b").symlink_to("a")
    expected = ["data/link.csv", "data/pictures/a/0.png", "data/pictures/b/0.png"]
    assert _own_files(["data/link.csv", "./data/pictures"]) == expected
    assert _own_files([os.path.join("data", "..", "data/real.csv"), str(here / "data/real.csv")]) == ["data/real.csv"]


def test_a_file_of_the_user_that_lies_elsewhere_is_named(here: Path) -> None:
    (here / "mine.csv").symlink_to(here.parent / "secret")
    (here / "data").symlink_to(here.parent)
    with pytest.raises(UserError, match="Only files below the working directory") as caught:
        _own_files(["mine.csv", "../secret", "data"])
    assert str(here / "mine.csv") in str(caught.value) and str(here.parent / "secret") in str(caught.value)
    assert leaving([here / "mine.csv", here / "Snakefile"], here) == {here / "mine.csv"}
