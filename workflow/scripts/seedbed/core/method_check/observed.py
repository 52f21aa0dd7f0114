"""One fit as it is seen from inside: what it loads, reads, starts and changes on the way."""

from __future__ import annotations

import builtins
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from seedbed.core.global_generators import seed_global_generators

_PASSED_OVER = {".venv", ".snakemake", "__pycache__", "site-packages", "results", "logs", "workflow"}
Fit = Callable[[dict, dict, int], dict]


class Witness:
    """Sees files that are opened and programs that are started, from its making on; for one process and its forks.

    Parameters
    ----------
    here : Path
        Only files below this folder are of interest.
    """

    def __init__(self, here: Path) -> None:
        self.here, self.read, self.written = here, set[str](), set[str]()
        self.programs: list[str] = []
        sys.addaudithook(self._see)

    def _see(self, event: str, details: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(details[0], str | bytes):
            name, writes = os.fsdecode(details[0]), bool((details[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            if not name.endswith((".py", ".pyc")):  # what is imported is followed
                self._note(name, self.written if writes else self.read)
        elif event == "subprocess.Popen":
            words = [os.fsdecode(word) for word in details[1] if isinstance(word, str | bytes | os.PathLike)]
            self.programs += words[:1]
            for word in words:
                self._note(word, self.read)

    def _note(self, name: str, seen: set[str]) -> None:
        path = Path(os.path.abspath(name))
        if not path.is_relative_to(self.here):
            return
        inner = path.relative_to(self.here)
        if not _PASSED_OVER & {*inner.parts} and (seen is self.written or os.path.isfile(path)):
            seen.add(inner.as_posix())


class _Imports:
    """Seconds that import statements take, the outermost alone, and what they load."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._depth, self._original = 0, builtins.__import__

    def __enter__(self) -> _Imports:
        builtins.__import__ = self._import
        return self

    def __exit__(self, *_: object) -> None:
        builtins.__import__ = self._original

    def _import(self, name: str, *rest: Any, **named: Any) -> Any:
        self._depth += 1
        start = time.perf_counter()
        try:
            return self._original(name, *rest, **named)
        finally:
            self._depth -= 1
            if self._depth == 0:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def observe(fit: Fit, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int, witness: Witness) -> dict:
    """Fit, and say what was seen.

    Returns
    -------
    dict
        The adapter's arrays under ``result``; ``read`` and ``written`` (files below the working directory),
        ``programs``, ``threads`` (that are running when the fit has ended), ``children`` (the CPU seconds of processes
        that it waited for), ``changed`` (arrays of the data), ``imports`` (seconds by name), ``global_generator``
        (whether it drew from ``numpy.random``).
    """
    kept = {name: array.copy() for name, array in data.items()}
    with _Imports() as imports:
        result = {name: np.asarray(array) for name, array in fit(dict(params), dict(data), seed).items()}
    state = _global_state()
    seed_global_generators(seed)
    return {
        "result": result,
        "read": sorted(witness.read),
        "written": sorted(witness.written),
        "programs": list(dict.fromkeys(witness.programs)),
        "threads": len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1,
        "children": os.times().children_user + os.times().children_system,
        "changed": [*_changed(kept, data)],
        "imports": imports.seconds,
        "global_generator": state != _global_state(),
    }


def _global_state() -> tuple[bytes, int]:
    _, keys, position, *_ = np.random.get_state()  # noqa: NPY002 - the one that is asked about
    return np.asarray(keys).tobytes(), int(position)


def _changed(kept: Mapping[str, np.ndarray], data: Mapping[str, np.ndarray]) -> Iterator[str]:
    for name, array in kept.items():
        if array.dtype != data[name].dtype or array.tobytes() != data[name].tobytes():
            yield name
