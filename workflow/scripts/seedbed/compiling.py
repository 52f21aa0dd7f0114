"""Compiling by numba, once for all processes that share a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .extras import extra


def compile_or_load(signatures: Sequence[str], library: str, **options: Any) -> Callable[[Callable], Callable]:
    """Compile a function for these signatures, or load it from numba's cache on disk.

    Of several processes that share the folder one compiles, and the others wait and load. Where no cache can be
    written, each process compiles for itself.

    Parameters
    ----------
    signatures : sequence of str
    library : str
        The extra that brings numba, for the message where it is missing.
    **options
        Of ``numba.njit``.
    """
    with extra(library):
        from numba import njit

    def compiled(function: Callable) -> Callable:
        with _one_at_a_time(function):
            try:
                return njit(list(signatures), cache=True, **options)(function)
            except (OSError, RuntimeError) as error:
                if isinstance(error, RuntimeError) and "cannot cache" not in str(error):
                    raise
                return njit(list(signatures), **options)(function)

    return compiled


@contextmanager
def _one_at_a_time(function: Callable) -> Iterator[None]:
    """A lock among processes, where numba's cache lies; the system releases it whatever becomes of its owner."""
    try:
        import fcntl

        folder = Path(str(sys.modules[function.__module__].__file__)).parent / "__pycache__"
        folder.mkdir(exist_ok=True)
        lock = (folder / f"{function.__name__}.lock").open("w")
    except (ImportError, OSError):
        # no such locks here, or a folder that cannot be written, to which numba will not write either
        yield
        return
    with lock:
        # a file system without locks will do: numba replaces its files in one step, so no half is read
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
