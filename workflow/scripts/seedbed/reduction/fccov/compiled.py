"""How the loops over balls are compiled by numba, and kept on disk."""

from __future__ import annotations

from collections.abc import Callable

from seedbed.compiling import compile_or_load


def compiled(*signatures: str) -> Callable[[Callable], Callable]:
    """Compile for these signatures, or load what an earlier process compiled.

    Sums may be reordered (``reassoc``), which is what lets them use vector registers; NaN and infinity keep
    their meaning. The functions call no function of another file, since numba's cache would miss its edits.
    """
    options = {"fastmath": {"reassoc", "contract", "nsz"}, "error_model": "numpy", "nogil": True}
    return compile_or_load(signatures, "reduction", **options)
