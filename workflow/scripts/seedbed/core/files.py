"""Files are written whole or not at all, and read with suspicion: what fails is said in one message."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .errors import UserError

_CURES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some of your quota",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "make the folder writable",
    errno.EACCES: "make the folder writable",
    errno.EPERM: "make the folder writable",
    errno.ENOTDIR: "move away what stands in the folder's place",
    errno.EEXIST: "move away what stands in the folder's place",
    errno.EISDIR: "move that folder away",
    errno.ENAMETOOLONG: "give shorter names in the config",
    errno.EIO: "look after the disk",
}


@contextlib.contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """A path to write to that becomes ``path`` only when the block ends well and the disk has the bytes.

    Raises
    ------
    UserError
        If the disk is full, the folder cannot be written to, or the like; what ``path`` held is still there.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}")  # a name that nobody can have laid a link under
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        _flush(part)
        os.replace(part, path)
        with contextlib.suppress(OSError):  # the rename is an entry of the folder; not every file system can flush one
            _flush(path.parent)
    except OSError as error:
        if error.errno not in _CURES:
            raise
        raise UserError(
            f"{path} cannot be written: {os.strerror(error.errno)}. Mend that ({_CURES[error.errno]}) and run the "
            "same command again; what was finished is kept."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Wait until the disk has it: after a power cut a file that was only renamed can be there and empty."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def reading(path: str | Path) -> Iterator[None]:
    """Whatever goes wrong while one of our own files is read becomes one message that names it.

    Raises
    ------
    UserError
        If the file is damaged, is none of ours, or cannot be read at all.
    """
    try:
        yield
    except UserError:
        raise
    except MemoryError:
        raise UserError(
            message_of_damage(path, "it asks for more memory than there is; if it is as large as that, free some")
        ) from None
    except FileNotFoundError:
        raise UserError(f"{path} is not there; run the same command again to have it made.") from None
    except PermissionError:
        raise UserError(f"{path} cannot be read: make it readable.") from None
    except Exception as error:  # a damaged file can fail in any way that its reader knows
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UserError(message_of_damage(path, reason)) from error


def message_of_damage(path: str | Path, reason: str) -> str:
    """What is wrong with one of our own files, and the cure."""
    return (
        f"{path} is damaged, or was written by another version of the workflow ({reason}). Delete it and run the same "
        "command again: it is made anew, and what was made from it."
    )


def write_json(value: Any, path: str | Path) -> None:
    """Write indented JSON."""
    with atomic_path(path) as part:
        part.write_text(json.dumps(value, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def read_json(path: str | Path) -> Any:
    """Read what :func:`write_json` wrote."""
    with reading(path):
        return json.loads(Path(path).read_text(encoding="utf-8"))


def content_digest(path: str | Path) -> str:
    """Sixteen digits for what a file holds, or a folder with all its files; dates do not count."""
    path, digest = Path(path), hashlib.sha256()
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    for file in files:
        status = file.stat()
        digest.update(file.relative_to(path).as_posix().encode())
        digest.update(_file_digest(file, status.st_mtime_ns, status.st_size))
    return digest.hexdigest()[:16]


@cache
def _file_digest(file: Path, *_state: int) -> bytes:
    """Every block of a scenario asks for it."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
