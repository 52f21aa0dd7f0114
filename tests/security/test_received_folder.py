"""A results folder that somebody else has filled: its links, locks, copies of libraries and drawings."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path, reading
from seedbed.core.keeping import run_lock
from seedbed.core.keeping.run_lock import hold_run_lock
from seedbed.core.planning import working_folder
from seedbed.core.planning.working_folder import check_folder, check_results, mend_dates
from seedbed.core.recall.user_cache import kept_text
from seedbed.report.page import bundle


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "run/.snakemake").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "run")
    monkeypatch.setattr(run_lock, "_held", [])
    return tmp_path / "run"


@pytest.mark.parametrize("kind", ["link", "link to nothing", "second name", "folder", "pipe"])
def test_a_lock_that_is_something_else_is_left_alone(here: Path, kind: str) -> None:
    victim, lock = here.parent / "victim", here / ".snakemake/seedbed.lock"
    victim.write_text("precious")
    match kind:
        case "link":
            lock.symlink_to(victim)
        case "link to nothing":
            lock.symlink_to(here.parent / "made")
        case "second name":
            lock.hardlink_to(victim)
        case "folder":
            lock.mkdir()
        case _:
            os.mkfifo(lock)
    with pytest.raises(UserError, match=r"seedbed\.lock.*move it away"):
        hold_run_lock()
    assert victim.read_text() == "precious" and not (here.parent / "made").exists()


def test_a_lock_that_cannot_be_written_to_locks_all_the_same(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of another user; the superuser of a test may write everywhere, so that the refusal is made."""
    lock, opened = here / ".snakemake/seedbed.lock", os.open
    lock.write_text("123")

    def refusing(path: Any, flags: int, *mode: int, **others: Any) -> int:
        if flags & os.O_RDWR:
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *mode, **others)

    monkeypatch.setattr(os, "open", refusing)
    hold_run_lock()
    assert lock.read_text() == "123"
    with lock.open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with pytest.raises(UserError, match=r"Another run is at work in .* \(process 123\)"):
        hold_run_lock()
    os.close(run_lock._held[0])
    monkeypatch.setattr(os, "open", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(UserError, match="make it readable for you"):
        hold_run_lock()


def test_the_lock_holds_the_number_of_its_process(here: Path) -> None:
    hold_run_lock()
    assert (here / ".snakemake/seedbed.lock").read_text() == str(os.getpid())
    os.close(run_lock._held[0])


def test_a_link_that_lies_in_wait_is_not_written_through(here: Path) -> None:
    victim = here.parent / "victim"
    victim.write_text("precious")
    for number in range(os.getpid() - 3, os.getpid() + 3):
        (here / f".table.csv.{number}").symlink_to(victim)
    (here / "table.csv").symlink_to(victim)
    with atomic_path("table.csv") as part:
        part.write_text("new")
    assert victim.read_text() == "precious"
    assert (here / "table.csv").read_text() == "new" and not (here / "table.csv").is_symlink()


def test_dates_of_what_a_link_leads_to_are_not_changed(here: Path) -> None:
    victim = here.parent / "victim"
    victim.write_text("x")
    late = time.time_ns() + 3600 * 10**9
    os.utime(victim, ns=(late, late))
    (here / "results").mkdir()
    (here / "results/a").symlink_to(victim)
    mend_dates()
    assert victim.stat().st_mtime_ns == late


def test_a_closed_folder_deep_in_the_results_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "results/clustering/isotropic").mkdir(parents=True)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "isotropic")
    with pytest.raises(UserError, match="cannot be written to") as caught:
        check_results()
    assert str(caught.value).splitlines()[1:] == [f"  - {here / 'results/clustering/isotropic'}"]


@pytest.mark.parametrize(
    "place", ["results/clustering", "results/a/figures", "logs/clustering/a", ".snakemake/metadata"]
)
@pytest.mark.parametrize("kind", ["link to a folder", "link to nothing", "link to a pipe", "pipe", "socket"])
def test_nothing_leads_a_write_elsewhere_or_keeps_a_reader_waiting(here: Path, place: str, kind: str) -> None:
    victim, path = here.parent / "victim", here / place
    victim.mkdir()
    path.parent.mkdir(parents=True, exist_ok=True)
    match kind:
        case "link to a folder":
            path.symlink_to(victim)
        case "link to nothing":
            path.symlink_to(here.parent / "nothing")
        case "link to a pipe":
            os.mkfifo(victim / "pipe")
            path.symlink_to(victim / "pipe")
        case "pipe":
            os.mkfifo(path)
        case _:
            os.mknod(path, stat.S_IFSOCK | 0o600)
    with pytest.raises(UserError, match="Move it away") as caught:
        check_results()
    assert str(caught.value).splitlines()[1:] == [f"  - {place}"]


def test_what_a_run_leaves_and_a_link_of_the_users_to_a_larger_disk_are_no_fault(here: Path) -> None:
    disk, leftover = here.parent / "disk", here / ".snakemake/scripts/tmp_0a1b2c_.fit_method.py"
    (disk / "clustering").mkdir(parents=True)
    (disk / "clustering/runs.parquet").symlink_to(here.parent / "disk/annexed")  # a file that is replaced, not followed
    (disk / "annexed").touch()
    (here / "results").symlink_to(disk)
    leftover.parent.mkdir()
    leftover.touch()
    environment = here / ".snakemake/conda/abc"
    environment.mkdir(parents=True)
    (environment / "lib64").symlink_to(environment)
    check_folder()
    check_results()


@pytest.mark.parametrize(
    "name",
    [
        "pickle.py", "numpy/__init__.py", "json.pyc", "base64.cpython-311-x86_64-linux-gnu.so", "__pycache__/a.pyc",
        "tmpa.py", "tmp12345678.fit_method.pyc", "tmp12345678.fit_method.py/__init__.py", "sitecustomize.py", "a.pth",
    ],
)  # fmt: skip
def test_no_module_lies_where_scripts_are_run(here: Path, name: str) -> None:
    path = here / ".snakemake/scripts" / name
    path.parent.mkdir(parents=True)
    path.touch()
    with pytest.raises(UserError, match=r"could be imported, and run.*Delete that folder") as caught:
        check_folder()
    assert path.is_relative_to(here / str(caught.value).splitlines()[1].removeprefix("  - "))


def test_scripts_are_not_run_from_elsewhere(here: Path) -> None:
    (here / ".snakemake/scripts").symlink_to(here.parent)
    with pytest.raises(UserError, match="could be imported, and run"):
        check_folder()


def test_a_full_folder_for_temporary_files_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = here.parent / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(working_folder, "_is_full", lambda folder: folder.name == "temporary")
    with pytest.raises(UserError, match="disk is full") as caught:
        check_folder()
    assert str(caught.value).splitlines()[1:] == [f"  - {temporary}"]


def test_an_array_that_claims_more_memory_than_there_is_is_damage(here: Path) -> None:
    with pytest.raises(UserError, match=r"a\.npz is damaged.*more memory than there is"), reading("a.npz"):
        raise MemoryError


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/seedbed/a.txt"


def test_what_is_kept_is_the_users_alone_and_made_once(kept: Path) -> None:
    assert kept_text("a", lambda: "text\n") == "text\n"
    assert kept_text("a", lambda: pytest.fail("was made again")) == "text\n"
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.parent.stat().st_mode & 0o777 == 0o700


def forged(text: str) -> str:
    return f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}"


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_text("forged"),
        lambda path: path.write_text(path.read_text() + " "),
        lambda path: path.write_bytes(b"\xff"),
        lambda path: (path.write_text(forged("forged")), path.chmod(0o666)),
        lambda path: (
            path.write_text(forged("forged")),
            path.rename(path.parent.parent / "b"),
            path.symlink_to("../b"),
        ),
        lambda path: (path.write_text(forged("forged")), path.parent.chmod(0o770)),
        lambda path: (
            path.write_text(forged("forged")),
            path.parent.rename(path.parent.parent / "b"),
            path.parent.symlink_to("b"),
        ),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), os.mkfifo(path)),
    ],
)  # fmt: skip
def test_what_others_can_have_changed_is_not_believed(kept: Path, change: Callable[[Path], object]) -> None:
    kept_text("a", lambda: "text")
    change(kept)
    assert kept_text("a", lambda: "text") == "text"


def test_where_nothing_can_be_kept_it_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for place in ("/dev/null/x", "relative", str(tmp_path / "a")):
        (tmp_path / "a").touch()
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        assert kept_text("a", lambda: "text") == "text"
    assert not Path("relative").exists()


def test_the_library_of_the_page_is_not_taken_from_the_folder(here: Path, kept: Path, monkeypatch) -> None:
    import vl_convert

    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda: "draw()")
    (here / f".snakemake/seedbed-vega-{vl_convert.__version__}.txt").write_text(bundle.pack("forged()"))
    assert bundle.libraries()["vega"] == bundle.pack("draw()")
    assert [path.name for path in (here / ".snakemake").iterdir()] == [f"seedbed-vega-{vl_convert.__version__}.txt"]
