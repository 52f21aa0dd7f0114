"""Text that takes long to make, kept for the next run: where nobody but its user can have put or changed it.

Not in the working directory: that is passed on, and what is kept here becomes part of every page.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path

_LARGEST = 50_000_000  # bytes, of one text
_MOST, _DAYS = 500_000_000, 60  # bytes of all texts of a kind, and how long one is kept that nobody asks for


def kept_text(name: str, make: Callable[[], str]) -> str:
    """The text of this name, made by ``make`` if it is not there as it was written, or not in safe keeping.

    Where there is no folder that is the user's alone, nothing is kept.
    """
    if (text := find_text(name)) is None:
        text = make()
        keep_text(name, text)
    return text


def kept_of(kind: str, code: str, content: bytes, make: Callable[[], str]) -> str:
    """The text that a module, whose file is ``code``, makes of a content: kept until one of the two changes."""
    state = hashlib.sha256(Path(code).read_bytes() + content).hexdigest()[:32]
    return kept_text(f"{kind}-{state}", make)


def find_text(name: str) -> str | None:
    """The text of this name, if it is there as it was written."""
    folder = _private_folder()
    return None if folder is None else _read(folder / f"{name}.txt")


def keep_text(name: str, text: str) -> None:
    """Keep a text, if there is a folder for it; the first line of its file is the digest of the rest."""
    folder = _private_folder()
    if folder is not None:
        with contextlib.suppress(UserError, OSError), atomic_path(folder / f"{name}.txt") as part:
            part.write_text(f"{_digest(text)}\n{text}", encoding="utf-8")
            part.chmod(0o600)


def forget_old(kind: str) -> None:
    """Delete the texts whose names begin like this, of those that were not asked for the longest, beyond the bounds."""
    folder = _private_folder()
    if folder is None:
        return
    with contextlib.suppress(OSError):
        states = [(path, path.stat()) for path in folder.glob(f"{kind}*.txt")]
        room, oldest = _MOST, time.time() - 86_400 * _DAYS
        for path, state in sorted(states, key=lambda pair: -pair[1].st_mtime):
            room -= state.st_size
            if room < 0 or state.st_mtime < oldest:
                path.unlink(missing_ok=True)


def _private_folder() -> Path | None:
    """The user's own folder, made if need be; None if others could write to it, or there can be none."""
    with contextlib.suppress(OSError, RuntimeError):
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = home / "seedbed"
        if home.is_absolute():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            state = os.lstat(folder)
            if stat.S_ISDIR(state.st_mode) and _is_mine(state, 0o077):
                return folder
    return None


def _is_mine(state: os.stat_result, closed: int) -> bool:
    return state.st_uid == os.geteuid() and not state.st_mode & closed


def _read(path: Path) -> str | None:
    with contextlib.suppress(OSError, ValueError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, encoding="utf-8", newline="") as stream:
            state = os.fstat(descriptor)
            if stat.S_ISREG(state.st_mode) and _is_mine(state, 0o022) and state.st_size <= _LARGEST:
                digest, _, text = stream.read().partition("\n")
                if digest == _digest(text):
                    os.utime(descriptor)  # it was asked for
                    return text
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
