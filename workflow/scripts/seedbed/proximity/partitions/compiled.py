"""How loops over edges are compiled by numba, and kept on disk."""

from __future__ import annotations

from collections.abc import Callable

from seedbed.compiling import compile_or_load


def compiled(*signatures: str) -> Callable[[Callable], Callable]:
    """Compile for these signatures, or load what an earlier process compiled."""
    return compile_or_load(signatures, "proximity", error_model="numpy", nogil=True)
