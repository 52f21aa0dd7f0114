"""Numbers that users give: those that count something (widths, rows, steps), and real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any


def whole_number(value: Any, name: str, least: int = 1, most: float = float("inf")) -> int:
    """The number as an int; 3.0 is one too.

    Raises
    ------
    ValueError
        For what is no whole number in this range.

    >>> whole_number(3.0, "depth")
    3
    """
    if not (is_number(value) and least <= value <= most and float(value).is_integer()):
        range_ = f"{least} or more" if most == float("inf") else f"from {least} to {most:g}"
        raise ValueError(f"{name} must be a whole number, {range_}; got {value!r}")
    return int(value)


def whole_numbers(values: Any, name: str, least: int = 1, most: float = float("inf")) -> list[int]:
    """One number or several as a list that is not empty.

    Raises
    ------
    ValueError
        Without numbers, and as :func:`whole_number`.

    >>> whole_numbers([2, 4], "sizes")
    [2, 4]
    """
    several = isinstance(values, Iterable) and not isinstance(values, str)
    found = [whole_number(value, name, least, most) for value in (values if several else [values])]
    if not found:
        raise ValueError(f"{name} must hold one number or more, got {values!r}")
    return found


def real_number(value: Any, name: str, allowed: Callable[[float], bool], words: str) -> float:
    """The number as a float.

    Raises
    ------
    ValueError
        For what is no number, or one that is not allowed, which is said in words.

    >>> real_number(2, "tol", lambda x: x > 0.0, "positive")
    2.0
    """
    if not (is_number(value) and allowed(value)):
        raise ValueError(f"{name} must be a number, {words}; got {value!r}")
    return float(value)


def is_number(value: object) -> bool:
    """Whether it is a real one: truth values are none."""
    return isinstance(value, Real) and not isinstance(value, bool)
