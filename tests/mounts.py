"""File systems of a test's own: a tiny one to fill, a closed one to knock at."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


def _mount(*words: str) -> None:
    try:
        subprocess.run(["mount", *words], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this machine does not let a test mount a file system: {error}")


@contextlib.contextmanager
def small_disk(folder: Path, room: int) -> Iterator[None]:
    """The folder, with what it holds, on a disk of its own with so many bytes to spare."""
    pages = [-(-path.lstat().st_size // 4096) for path in folder.rglob("*") if path.is_file()]
    size = 4096 * sum(pages) + room
    aside = folder.with_name(folder.name + ".aside")
    folder.rename(aside)
    folder.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
        try:
            shutil.copytree(aside, folder, dirs_exist_ok=True)
            yield
        finally:
            shutil.copytree(folder, aside, dirs_exist_ok=True)
            subprocess.run(["umount", str(folder)], check=True)
    finally:
        folder.rmdir()
        aside.rename(folder)


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder, closed for writing even to root."""
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
