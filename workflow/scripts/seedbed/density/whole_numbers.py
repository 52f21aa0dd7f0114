"""Whole numbers that a caller gives: what is none is refused, not cut."""

from __future__ import annotations

from numbers import Integral
from typing import Any


def whole_number(value: Any, name: str, least: int, most: int | None = None) -> int:
    """The number, if it is whole and within these bounds; True and False are none.

    Raises
    ------
    ValueError
        Else, in words that name it.
    """
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if whole and least <= int(value) and (most is None or int(value) <= most):
        return int(value)
    bounds = f"of at least {least}" if most is None else f"between {least} and {most}"
    raise ValueError(f"{name} must be a whole number {bounds}, got {value!r}")
