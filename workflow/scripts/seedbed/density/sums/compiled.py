"""How the loops over tiles are compiled: flags, and a tag that keeps numba's disk cache honest.

numba keys a cached function by its own file's date only. Every entry point therefore closes over ``source_tag()``,
so that an edit of a function that it calls compiles anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from seedbed.compiling import compile_or_load

# Sums and maxima may be reordered, and no NaN is looked for, which is what lets them use vector registers; infinity
# keeps its meaning. Nothing here makes a NaN: what is subtracted from minus infinity is finite.
FLAGS = {"error_model": "numpy", "fastmath": {"contract", "nsz", "reassoc", "nnan"}, "boundscheck": False}
# the exponential: reordering would undo its rounding
EXACT = {"error_model": "numpy", "fastmath": {"contract", "nsz", "nnan"}, "boundscheck": False, "forceinline": True}
SUMS = {**FLAGS, "forceinline": True}
SOURCES = ("density/sums/*.py", "simd.py")


@cache
def source_tag() -> int:
    """A checksum of what is compiled; never zero."""
    package = Path(__file__).parents[2]
    names = sorted(path for pattern in SOURCES for path in package.glob(pattern))
    return zlib.crc32(b"".join(path.read_bytes() for path in names)) | 1


def entry(signatures: list[str]) -> Callable[[Callable], Callable]:
    """Compile for these signatures, or load what an earlier process compiled; the interpreter's lock is given up."""
    return compile_or_load(signatures, "density", **FLAGS, nogil=True)
