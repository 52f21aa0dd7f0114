"""The folder for temporary files of a job's fits: what a fit that was stopped had no time to delete goes with it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def scratch_folder(parent: str | None) -> Iterator[str | None]:
    """A folder that is deleted at the end of the block, with all that is in it; None where there is no room.

    Parameters
    ----------
    parent : str or None
        Where it is made: a folder that is deleted when the run ends, so that what a killed job leaves goes with that.
    """
    with contextlib.ExitStack() as stack:
        folder = None
        with contextlib.suppress(OSError):
            place = tempfile.TemporaryDirectory(prefix="fits-", dir=parent, ignore_cleanup_errors=True)
            folder = stack.enter_context(place)
        yield folder


def use_scratch(folder: str | None) -> None:
    """Have this process, and what it starts, put temporary files there."""
    if folder is not None:
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = None
