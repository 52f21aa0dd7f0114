"""The loops over tiles: compiled where numba is installed, in NumPy where it is not."""

from __future__ import annotations

from functools import cache
from types import ModuleType, SimpleNamespace

from . import numpy_tiles

POWERS = numpy_tiles.POWERS
NAMES = ("fold", "fold_single", "fold_and_keep", "fold_powers", "squared_distances", "keep_largest")


@cache
def compiled_powers() -> ModuleType | None:
    """:mod:`.compiled_powers`, or None where numba is not installed."""
    try:
        from . import compiled_powers
    except ModuleNotFoundError as error:
        if error.name not in ("numba", "llvmlite"):
            raise
        return None
    return compiled_powers


@cache
def loops() -> SimpleNamespace:
    """The six functions of :mod:`.numpy_tiles`, from the compiled modules if they can be had."""
    try:
        from . import compiled_distances, compiled_tiles
    except ModuleNotFoundError as error:
        if error.name not in ("numba", "llvmlite"):
            raise
        return SimpleNamespace(**{name: getattr(numpy_tiles, name) for name in NAMES})
    both = {**vars(compiled_tiles), **vars(compiled_distances)}
    return SimpleNamespace(**{name: both[name] for name in NAMES})
