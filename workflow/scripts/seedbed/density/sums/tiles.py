"""The loops over tiles: compiled where numba is installed, in NumPy where it is not."""

from __future__ import annotations

from functools import cache
from types import ModuleType, SimpleNamespace

from seedbed.optional_numba import none_without_numba

from . import numpy_tiles

POWERS = numpy_tiles.POWERS
NAMES = ("fold", "fold_single", "fold_and_keep", "fold_powers", "squared_distances", "keep_largest")


@none_without_numba
def compiled_powers() -> ModuleType:
    """:mod:`.compiled_powers`."""
    from . import compiled_powers

    return compiled_powers


@none_without_numba
def _compiled() -> dict[str, object]:
    from . import compiled_distances, compiled_tiles

    return {**vars(compiled_tiles), **vars(compiled_distances)}


@cache
def loops() -> SimpleNamespace:
    """The six functions of :mod:`.numpy_tiles`, from the compiled modules if they can be had."""
    found = _compiled() or vars(numpy_tiles)
    return SimpleNamespace(**{name: found[name] for name in NAMES})
