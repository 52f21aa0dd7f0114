"""What is said of a repository is said of our own, and nothing that its settings name is run."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from seedbed.core.keeping.repository import repository_state, tracked_files

REMOTE = "https://example.org/a/b.git"


def git(folder: Path, *words: str) -> None:
    settings = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *settings, "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder"
    folder.mkdir()
    git(tmp_path, "init", "-q", "a folder")
    for name in ("Snakefile", "größe.txt", "b.dat"):
        (folder / name).write_text(name)
    (folder / "link").symlink_to("b.dat")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "a")
    git(folder, "remote", "add", "origin", REMOTE)
    return folder


def test_its_state(repository: Path) -> None:
    state = repository_state(repository)
    assert len(state["commit"]) == 40 and state["modified"] is False and state["remote"] == REMOTE
    assert tracked_files(repository) == {"Snakefile", "größe.txt", "b.dat", "link"}


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "b.dat").write_text("c.dat"),  # of the same size
        lambda folder: (folder / "b.dat").unlink(),
        lambda folder: (folder / "new").write_text("x"),
        lambda folder: git(folder, "rm", "-q", "--cached", "größe.txt"),
        lambda folder: ((folder / "link").unlink(), (folder / "link").symlink_to("Snakefile")),
        lambda folder: ((folder / "b.dat").unlink(), (folder / "b.dat").mkdir()),
    ],
)
def test_any_change_is_seen(repository: Path, change: Callable[[Path], object]) -> None:
    change(repository)
    assert repository_state(repository)["modified"] is True


def test_what_git_ignores_is_no_change(repository: Path) -> None:
    (repository / ".git/info/exclude").write_text("results/\n")
    (repository / "results").mkdir()
    (repository / "results/a").write_text("x")
    assert repository_state(repository)["modified"] is False


def test_a_repository_around_the_folder_is_not_ours(repository: Path) -> None:
    inner = repository / "seedbed"
    inner.mkdir()
    (inner / "Snakefile").write_text("")
    assert repository_state(inner) == {} and tracked_files(inner) is None
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "unpacked into another project")
    assert repository_state(inner) == {} and tracked_files(inner) is None


def test_a_repository_that_does_not_know_the_workflow_is_not_ours(repository: Path) -> None:
    git(repository, "rm", "-q", "--cached", "Snakefile")
    assert repository_state(repository) == {}


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    assert repository_state(tmp_path) == {} and tracked_files(tmp_path) is None
    git(tmp_path, "init", "-q")
    (tmp_path / "Snakefile").write_text("")
    git(tmp_path, "add", ".")
    assert repository_state(tmp_path) == {}


@pytest.mark.parametrize("remote", ["/srv/secret", "https://me:password@example.org/a", "ext::sh -c id", "file:///x"])
def test_an_address_of_this_machine_or_with_a_password_is_left_out(repository: Path, remote: str) -> None:
    git(repository, "config", "remote.origin.url", remote)
    assert repository_state(repository)["remote"] == ""


def test_no_command_of_its_settings_is_run(repository: Path) -> None:
    marker = repository.parent / "acted"
    script = repository.parent / "act"
    script.write_text(f'#!/bin/sh\ntouch "{marker}"\ncat\n')
    script.chmod(0o755)
    act = f"'{script}'"
    (repository / ".git/info/attributes").write_text("* filter=act diff=act\n")
    for hook in ("post-index-change", "fsmonitor-watchman", "pre-commit"):
        (repository / ".git/hooks" / hook).symlink_to(script)
    for name in (
        "core.fsmonitor", "filter.act.clean", "filter.act.smudge", "filter.act.process", "diff.act.textconv",
        "diff.external", "core.sshCommand", "core.pager", "core.editor", "credential.helper", "gpg.program",
        "core.gitProxy", "core.alternateRefsCommand", "uploadpack.packObjectsHook", "alias.ls-files", "pager.ls-files",
    ):  # fmt: skip
        git(repository, "config", name, act)
    (repository / "b.dat").write_text("other")  # so that git would have to look into it
    index = (repository / ".git/index").read_bytes()
    assert repository_state(repository)["modified"] is True
    tracked_files(repository)
    assert not marker.exists()
    assert (repository / ".git/index").read_bytes() == index and not (repository / ".git/index.lock").exists()


def test_the_environment_does_not_point_elsewhere(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = repository_state(repository)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(repository.parent / "elsewhere"))
    assert repository_state(repository) == expected
