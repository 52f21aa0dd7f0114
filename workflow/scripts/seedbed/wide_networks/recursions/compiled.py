"""How the loops over pairs are compiled: flags, a tag that keeps numba's disk cache honest, and the arc cosine.

numba keys a cached function by its own file's date only. Every entry point therefore closes over ``source_tag()``,
so that an edit of a function that it calls compiles anew.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from seedbed.compiling import compile_or_load
from seedbed.extras import extra

with extra("wide_networks"):
    from numba import njit

FLAGS = {"error_model": "numpy", "fastmath": {"contract", "nsz", "reassoc", "arcp", "nnan"}, "boundscheck": False}
INLINE = {**FLAGS, "forceinline": True}
SOURCES = ("wide_networks/recursions/*.py", "simd.py")
BLOCK = 256  # columns that a loop keeps in the nearest cache


@cache
def source_tag() -> int:
    """A checksum of what is compiled; never zero."""
    package = Path(__file__).parents[2]
    names = sorted(path for pattern in SOURCES for path in package.glob(pattern))
    return zlib.crc32(b"".join(path.read_bytes() for path in names)) | 1


def entry(signatures: list[str]) -> Callable[[Callable], Callable]:
    """Compile for these signatures, or load what an earlier process compiled; the interpreter's lock is given up."""
    return compile_or_load(signatures, "wide_networks", **FLAGS, nogil=True)


@njit(**INLINE)
def angle(d):
    """arccos(1 - d) for 0 <= d <= 1, to 2e-16 of itself: sqrt(2 d) times a polynomial, so that it is vectorised.

    Near-minimax of degree 17; the function beside the root is analytic up to d = 2.
    """
    p = 5.3808098398167465e-06
    p = p * d - 3.6946632563759546e-05
    p = p * d + 0.00012100726393978694
    p = p * d - 0.00024256787149814154
    p = p * d + 0.00033365819930609243
    p = p * d - 0.0003262055706979571
    p = p * d + 0.00024170243545992032
    p = p * d - 0.00012117413285500441
    p = p * d + 7.179378545774666e-05
    p = p * d + 2.908058015756967e-05
    p = p * d + 0.00011269686358655027
    p = p * d + 0.0002705562428799403
    p = p * d + 0.000699195178549289
    p = p * d + 0.001898866700217143
    p = p * d + 0.005580357359544115
    p = p * d + 0.018749999994887395
    p = p * d + 0.083333333333381
    p = p * d + 0.9999999999999999
    return math.sqrt(2.0 * d) * p
