"""What numba compiles, for code that has something in its place where numba is not installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import TypeVar

__all__ = ["none_without_numba"]

Loaded = TypeVar("Loaded")


def none_without_numba(load: Callable[[], Loaded]) -> Callable[[], Loaded | None]:
    """The same function, called once at most, which returns None where what it imports lacks numba.

    Any other module that is missing is an error still.

    >>> @none_without_numba
    ... def loops():
    ...     raise ModuleNotFoundError("No module named 'numba'", name="numba")
    >>> loops() is None
    True
    """

    @cache
    @wraps(load)
    def loaded() -> Loaded | None:
        try:
            return load()
        except ModuleNotFoundError as error:
            if error.name not in ("numba", "llvmlite"):
                raise
            return None

    return loaded
