"""One run at a time in a folder, and none locked out by a run that was killed.

Snakemake's own lock outlives ``kill -9`` and then asks for ``--unlock``; the kernel gives this one back when its
process ends, however it ends. ``profiles/default`` therefore sets ``nolock``.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from .errors import UserError

LOCK = Path(".snakemake/seedbed.lock")
_held: list[int] = []  # open for as long as the process lives


def hold_run_lock() -> None:
    """Lock the working directory until this process ends.

    Raises
    ------
    UserError
        If another run is at work here.
    """
    LOCK.parent.mkdir(exist_ok=True)
    descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(descriptor, 32).decode() or "unknown"
        os.close(descriptor)
        raise UserError(
            f"Another run is at work in {Path.cwd()} (process {owner}); wait until it ends, or stop it."
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    _held.append(descriptor)
