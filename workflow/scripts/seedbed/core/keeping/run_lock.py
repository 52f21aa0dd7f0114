"""One run at a time in a folder, and none locked out by a run that was killed.

Snakemake's own lock outlives ``kill -9`` and then asks for ``--unlock``; the kernel gives this one back when its
process ends, however it ends. ``profiles/default`` therefore sets ``nolock``.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

from seedbed.core.errors import UserError

LOCK = Path(".snakemake/seedbed.lock")
_held: list[int] = []  # open for as long as the process lives


def hold_run_lock() -> None:
    """Lock the working directory until this process ends.

    Raises
    ------
    UserError
        If another run is at work here, or the lock's place is taken.
    """
    LOCK.parent.mkdir(exist_ok=True)
    descriptor = _open_lock()
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(descriptor, 32).decode(errors="replace") or "unknown"
        os.close(descriptor)
        raise UserError(
            f"Another run is at work in {Path.cwd()} (process {owner}); wait until it ends, or stop it."
        ) from None
    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
    _held.append(descriptor)


def _open_lock() -> int:
    """The lock itself and nothing that it may be a link to: what is written into it would destroy that.

    That of another user, which cannot be written to, serves as well: the kernel locks what can be read.
    """
    flags = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        try:
            descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT | flags, 0o666)
        except PermissionError:
            descriptor = os.open(LOCK, os.O_RDONLY | flags)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            cure = "free some space"
        else:
            cure = "move it away" if os.path.islink(LOCK) else "move it away, or make it readable for you"
        raise UserError(f"{LOCK.absolute()} cannot be opened ({error.strerror}): {cure}.") from None
    state = os.fstat(descriptor)
    if stat.S_ISREG(state.st_mode) and state.st_nlink == 1:
        return descriptor
    os.close(descriptor)
    raise UserError(f"{LOCK.absolute()} is no plain file, or one with a second name: move it away.")
