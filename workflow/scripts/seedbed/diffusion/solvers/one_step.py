"""One-step methods: Heun in sigma, Runge-Kutta of order four in sigma or in log sigma."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from typing import Any

__all__ = ["heun_step", "rk4_log_step", "rk4_step", "runge_kutta"]

Field = Callable[[Any, float], Any]


def heun_step(denoise: Field, y: Any, sigma: float, after: float) -> Any:
    """Heun's method in sigma: two evaluations, order two."""
    length = after - sigma
    first = (y - denoise(y, sigma)) / sigma
    there = y + length * first
    return y + length / 2 * (first + (there - denoise(there, after)) / after)


def rk4_step(denoise: Field, y: Any, sigma: float, after: float, slope: Any = None) -> Any:
    """Runge-Kutta in sigma: four evaluations, three where the slope at the point is known."""
    return runge_kutta(lambda x, level: (x - denoise(x, level)) / level, y, sigma, after, slope)


def rk4_log_step(denoise: Field, y: Any, sigma: float, after: float) -> Any:
    r"""Runge-Kutta on :math:`dy/d\log\sigma = y - D`, which is smooth over the whole range: four evaluations."""
    return runge_kutta(lambda x, level: x - denoise(x, exp(level)), y, log(sigma), log(after))


def runge_kutta(field: Field, y: Any, start: float, end: float, first: Any = None) -> Any:
    """The classical step of order four of y' = field(y, t)."""
    length = end - start
    middle = start + length / 2
    first = field(y, start) if first is None else first
    second = field(y + length / 2 * first, middle)
    third = field(y + length / 2 * second, middle)
    last = field(y + length * third, end)
    return y + length / 6 * (first + 2 * second + 2 * third + last)
