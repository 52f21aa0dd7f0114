"""How the kernels are compiled: flags, and a tag that keeps numba's disk cache honest.

numba keys a cached function by its own file's date only, not by the files of the functions that it calls.
Every cached entry point therefore closes over ``source_tag()``: numba includes the values of closure
cells in the key, so that an edit of any kernel source, or of the generated series, compiles anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from seedbed.compiling import compile_or_load

BLOCK = 4096

# contraction to fused multiply-add and ignoring signed zeros keep results within the error bounds, and
# let LLVM vectorise; NaN and infinity keep their meaning
FLAGS = {"error_model": "numpy", "fastmath": {"contract", "nsz"}, "boundscheck": False}
INLINE = {**FLAGS, "forceinline": True}
# error-free transformations must be compiled as they are written
EXACT = {"error_model": "numpy", "boundscheck": False, "forceinline": True}
EXACT_LOOP = {"error_model": "numpy", "boundscheck": False}
# entry points give up the interpreter lock, so that threads can share an array
ENTRY = {**FLAGS, "nogil": True}
BLOCKWISE = ["void(Array(f8, 1, 'C', readonly=True), Array(f8, 1, 'C', readonly=True), f8[::1])"]

# what the kernels are compiled from, below seedbed
SOURCES = (
    "directional/bessel/kernels/*.py", "directional/bessel/series/*.py", "directional/vmf/concentration_*.py",
    "simd.py",
)  # fmt: skip


@cache
def source_tag() -> int:
    """A checksum of the kernel sources; never zero."""
    package = Path(__file__).parents[3]
    names = sorted(path for pattern in SOURCES for path in package.glob(pattern))
    return zlib.crc32(b"".join(path.read_bytes() for path in names)) | 1


def entry(signatures: list[str]) -> Callable[[Callable], Callable]:
    """Compile an entry point for these signatures, or load it; see :func:`seedbed.compiling.compile_or_load`."""
    return compile_or_load(signatures, "directional", **ENTRY)
