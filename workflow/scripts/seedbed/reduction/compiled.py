"""How the loops over balls are compiled by numba, and kept on disk."""

from __future__ import annotations

from collections.abc import Callable

from numba import njit


def compiled(*signatures: str) -> Callable[[Callable], Callable]:
    """Compile for these signatures, or load what an earlier process compiled; without a cache where none can be.

    Sums may be reordered (``reassoc``), which is what lets them use vector registers; NaN and infinity keep
    their meaning. The functions call no function of another file, since numba's cache would miss its edits.
    """
    options = {"fastmath": {"reassoc", "contract", "nsz"}, "error_model": "numpy", "nogil": True}

    def compile_or_load(function: Callable) -> Callable:
        try:
            return njit(list(signatures), cache=True, **options)(function)
        except (OSError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and "cannot cache" not in str(error):
                raise
            return njit(list(signatures), **options)(function)

    return compile_or_load
