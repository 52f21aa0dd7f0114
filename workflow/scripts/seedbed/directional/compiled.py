"""How the kernels are compiled: flags, and a tag that keeps numba's disk cache honest.

numba keys a cached function by its own file's date only, not by the files of the functions that it calls.
Every cached entry point therefore closes over ``source_tag()``: numba includes the values of closure
cells in the key, so that an edit of any kernel source, or of the generated series, compiles anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

BLOCK = 4096

# contraction to fused multiply-add and ignoring signed zeros keep results within the error bounds, and
# let LLVM vectorise; NaN and infinity keep their meaning
FLAGS = {"error_model": "numpy", "fastmath": {"contract", "nsz"}, "boundscheck": False}
INLINE = {**FLAGS, "forceinline": True}
# error-free transformations must be compiled as they are written
EXACT = {"error_model": "numpy", "boundscheck": False, "forceinline": True}
EXACT_LOOP = {"error_model": "numpy", "boundscheck": False}
# entry points give up the interpreter lock, so that threads can share an array
ENTRY = {**FLAGS, "cache": True, "nogil": True}
BLOCKWISE = ["void(Array(f8, 1, 'C', readonly=True), Array(f8, 1, 'C', readonly=True), f8[::1])"]

# what the kernels are compiled from besides kernel_*.py and series_*.py
SHARED = ("coefficients.py", "edges.py", "order_slope.py", "concentration_rule.py", "compiled.py")


@cache
def source_tag() -> int:
    """A checksum of the kernel sources; never zero."""
    here = Path(__file__).parent
    names = sorted([*here.glob("kernel_*.py"), *here.glob("series_*.py"), *(here / name for name in SHARED)])
    return zlib.crc32(b"".join(path.read_bytes() for path in names)) | 1


def entry(signatures: list[str]) -> Callable[[Callable], Callable]:
    """Compile a function for these signatures, or load it from numba's cache on disk.

    Of several processes that share the folder one compiles, and the others wait and load. Where no cache
    can be written, each process compiles for itself.
    """
    from numba import njit

    def compile_or_load(function: Callable) -> Callable:
        with _one_at_a_time(function.__name__):
            try:
                return njit(signatures, **ENTRY)(function)
            except (OSError, RuntimeError) as error:
                if isinstance(error, RuntimeError) and "cannot cache" not in str(error):
                    raise
                return njit(signatures, **{**ENTRY, "cache": False})(function)

    return compile_or_load


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    """A lock among processes; the system releases it whatever becomes of its owner."""
    try:
        import fcntl

        folder = Path(__file__).parent / "__pycache__"
        folder.mkdir(exist_ok=True)
        lock = (folder / f"{name}.lock").open("w")
    except (ImportError, OSError):
        # no such locks here, or a folder that cannot be written, to which numba will not write either
        yield
        return
    with lock:
        # a file system without locks will do: numba replaces its files in one step, so no half is read
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
