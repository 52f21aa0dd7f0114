"""What a run needs of the folder it works in: leave to write, room, and dates that are not still to come.

Snakemake meets each of these faults half-way through, with a traceback of its own or with a decision that is wrong;
here they are met before the first job.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from seedbed.core.errors import UserError

WRITTEN = (Path("."), Path(".snakemake"), Path("results"), Path("logs"))
_SCRIPTS = Path(".snakemake/scripts")
_SCRIPT = re.compile(r"tmp\w+\.\w+\.py")  # as Snakemake names a copy of ours; no import finds a name with two dots
_OTHERS_FOLDERS = ("conda", "conda-archive", "singularity")  # in .snakemake: full of links, and not written by a run
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
    _refuse_imports()
    folders = [folder for folder in WRITTEN if folder.exists()]
    closed = _closed([*folders, *_temporary()])
    full = [folder for folder in [*folders, *_temporary()] if _is_full(folder)]
    if closed or full:
        logging.raiseExceptions = False  # Snakemake's own log cannot be written either, and would say so at length
    _refuse(closed)
    if full:
        raise UserError.from_list(
            "The disk is full: free some space and run the same command again; what was finished is kept:",
            (str(folder.resolve()) for folder in full),
        )


def _refuse_imports() -> None:
    """A script is run from a folder of Snakemake's, which Python searches first: a module that was left there runs."""
    if _SCRIPTS.is_symlink():
        left = [_SCRIPTS]
    else:
        there = sorted(_SCRIPTS.iterdir()) if _SCRIPTS.is_dir() else []
        left = [path for path in there if not _SCRIPT.fullmatch(path.name) or path.is_dir()]
    if left:
        raise UserError.from_list(
            f"Nothing can be run here: what lies in {_SCRIPTS} could be imported, and run, in place of a library, and "
            "no run leaves it there. Delete that folder, and ask who made it:",
            _shown(left),
        )


def check_results() -> None:
    """Ask what lies below ``results``, ``logs`` and ``.snakemake``: folders to write to, and plain files.

    The three themselves may be links, to a disk with more room, say.

    Raises
    ------
    UserError
        That names the folders that cannot be written to; links to folders, which would lead what is written there
        elsewhere; and pipes and the like, which nobody would ever finish reading.
    """
    entries = [entry for top in WRITTEN[1:] if top.is_dir() for entry in _below(top)]
    odd = [Path(entry.path) for entry in entries if not (_is_folder(entry) or entry.is_file())]
    if odd:
        raise UserError.from_list(
            "Nothing can be run here: a link to a folder or to nothing, or something that is no file, lies where "
            "results are written, which would then be written elsewhere. Move it away, and ask who made it:",
            _shown(sorted(odd)),
        )
    _refuse(_closed(Path(entry.path) for entry in entries if _is_folder(entry)))


def _below(top: Path) -> Iterator[os.DirEntry[str]]:
    folders = [str(top)]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:  # a closed one is named by its parent
            for entry in entries:
                if top == WRITTEN[1] and entry.name in _OTHERS_FOLDERS:
                    continue
                yield entry
                if _is_folder(entry):
                    folders.append(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _closed(folders: Iterable[Path]) -> list[Path]:
    return [folder for folder in folders if not os.access(folder, os.W_OK | os.X_OK)]


def _refuse(closed: list[Path]) -> None:
    if closed:
        raise UserError.from_list(
            "Nothing can be run here: a folder cannot be written to. Make it writable, or copy the workflow to where "
            "you may write:",
            _shown([folder.resolve() for folder in closed]),
        )


def _shown(paths: list[Path], most: int = 10) -> list[str]:
    more = [f"and {len(paths) - most} more"] if len(paths) > most else []
    return [*map(str, paths[:most]), *more]


def _temporary() -> list[Path]:
    """Where Snakemake and its libraries put temporary files: some ask Python, some the environment alone."""
    asked = [Path(os.environ.get("TMPDIR") or "/tmp")]
    try:
        asked.append(Path(tempfile.gettempdir()))
    except FileNotFoundError:
        raise UserError(
            "There is no folder for temporary files that can be written to: set TMPDIR to one that can."
        ) from None
    return [folder for folder in dict.fromkeys(asked) if folder.is_dir()]


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
    paths = [path for path in paths if path.is_file() and not path.is_symlink()]  # what a link leads to is not ours
    late = sorted((path.stat().st_mtime_ns, path) for path in paths if is_to_come(path))
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
