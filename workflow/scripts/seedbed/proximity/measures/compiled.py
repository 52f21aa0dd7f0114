"""How loops over edges, chains and logarithms are compiled by numba, and kept on disk.

numba keys a cached function by its own file's date only. What calls :mod:`seedbed.simd` closes over ``SIMD_TAG``, so
that an edit there compiles anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

from seedbed.compiling import compile_or_load

SIMD_TAG = zlib.crc32((Path(__file__).parents[2] / "simd.py").read_bytes())


def compiled(*signatures: str) -> Callable[[Callable], Callable]:
    """Compile for these signatures, or load what an earlier process compiled."""
    return compile_or_load(signatures, "proximity", error_model="numpy", nogil=True)
