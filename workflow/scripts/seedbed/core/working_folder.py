"""What a run needs of the folder it works in: leave to write, room, and dates that are not still to come.

Snakemake meets each of these faults half-way through, with a traceback of its own or with a decision that is wrong;
here they are met before the first job.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

from .errors import UserError

WRITTEN = (Path("."), Path(".snakemake"), Path("results"), Path("logs"))
_ROOM = 2**20  # bytes: what no run can do without; a disk that fills up later is met by whoever writes to it
_SKEW = 5.0  # seconds by which the clocks of a file system and of this machine may differ
_STEP = 1_000_000  # nanoseconds between two mended dates: every file system that counts fractions can tell them apart


def check_folder() -> None:
    """Ask whether results can be written at all.

    Raises
    ------
    UserError
        That names each folder that cannot be written to, or whose disk is full.
    """
    if braced := [folder for folder in (Path.cwd(), Path(__file__).parent) if {"{", "}"} & {*str(folder)}]:
        raise UserError(
            f"Nothing can be run here: Snakemake takes braces in the name of a folder for a wildcard. Move {braced[0]} "
            "to a path without { and }."
        )
    taken = [folder for folder in WRITTEN if os.path.lexists(folder) and not folder.is_dir()]
    if taken:
        raise UserError.from_list(
            "Nothing can be run here: something that is no folder, or a link that leads nowhere, stands in the place "
            "of one. Move it away:",
            (str(folder.absolute()) for folder in taken),
        )
    folders = [folder for folder in WRITTEN if folder.exists()]
    closed = [folder for folder in folders if not os.access(folder, os.W_OK | os.X_OK)]
    full = [folder for folder in folders if _is_full(folder)]
    if closed or full:
        logging.raiseExceptions = False  # Snakemake's own log cannot be written either, and would say so at length
    if closed:
        raise UserError.from_list(
            "Nothing can be run here: a folder cannot be written to. Make it writable, or copy the workflow to where "
            "you may write:",
            (str(folder.resolve()) for folder in closed),
        )
    if full:
        raise UserError.from_list(
            "The disk is full: free some space and run the same command again; what was finished is kept:",
            (str(folder.resolve()) for folder in full),
        )


def _is_full(folder: Path) -> bool:
    state = os.statvfs(folder)
    return state.f_blocks > 0 and state.f_bavail * state.f_frsize < _ROOM


def is_to_come(path: str | Path) -> bool:
    """Whether a file bears a date in the future: nothing made from it would ever count as up to date."""
    return os.stat(path).st_mtime > time.time() + _SKEW


def mend_dates(folder: Path = Path("results")) -> None:
    """Give results that are dated in the future, since the clock was set back, dates just before now.

    Their order among themselves is kept, and with it what counts as older than what.
    """
    paths = [Path(root, name) for root, _, names in os.walk(folder) for name in names]
    late = sorted((path.stat().st_mtime_ns, path) for path in paths if path.exists() and is_to_come(path))
    if not late:
        return
    steps = [0, *(first[0] != second[0] for first, second in pairwise(late))]
    date = time.time_ns() - sum(steps) * _STEP
    for step, (_, path) in zip(steps, late, strict=True):
        date += step * _STEP
        os.utime(path, ns=(date, date))
    print(
        f"{len(late)} results bore dates in the future, {late[0][1]} the first: the clock must have been set back. "
        "They were given dates just before now, in the same order.",
        file=sys.stderr,
    )
