"""The data of a job, which a method may delete, and other jobs still need."""

from __future__ import annotations

import os
from pathlib import Path

from seedbed.core.blocks import load_arrays, save_arrays


class KeptInput:
    """A block of data in memory: its file is made anew, to the byte and the date, if a method touches it."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).absolute()
        self._status = self.path.stat()
        self.replicates = dict(sorted(load_arrays(path).items()))

    def mend(self) -> bool:
        """Whether there was something to mend."""
        if self._state() == _of(self._status):
            return False
        save_arrays(self.path, self.replicates)
        os.chmod(self.path, self._status.st_mode)
        os.utime(self.path, ns=(self._status.st_atime_ns, self._status.st_mtime_ns))
        return True

    def _state(self) -> tuple[int, ...]:
        try:
            return _of(self.path.stat())
        except OSError:
            return ()


def _of(status: os.stat_result) -> tuple[int, ...]:
    return status.st_mtime_ns, status.st_size, status.st_mode
