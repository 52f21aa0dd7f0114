"""Axes of charts: where they begin and end, where they have ticks, and how these are written.

All of it is settled here and not by the browser: a chart is the same on paper and on the screen, whatever is hidden.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from seedbed.report.notation import PLAIN

MOST_TICKS = 6
_WIDEST = 307.0  # powers of ten that a number can be, either way
_DIGITS = "['⁰','¹','²','³','⁴','⁵','⁶','⁷','⁸','⁹']"
_SIZE = "abs(datum.value)"
_EXPONENT = f"floor(log({_SIZE}) / LN10 + 1e-9)"
_MANTISSA = f"round(10 * {_SIZE} / pow(10, {_EXPONENT})) / 10"
_RAISED = (
    f"({_EXPONENT} < 0 ? '⁻' : '') + (abs({_EXPONENT}) >= 100 ? {_DIGITS}[floor(abs({_EXPONENT}) / 100)] : '') + "
    f"(abs({_EXPONENT}) >= 10 ? {_DIGITS}[floor(abs({_EXPONENT}) / 10) % 10] : '') + {_DIGITS}[abs({_EXPONENT}) % 10]"
)
# Powers of ten with raised exponents, as the tables have them.
POWERS = (
    "datum.value == 0 ? '0' : (datum.value < 0 ? '−' : '') + "
    f"({_MANTISSA} == 1 ? '' : {_MANTISSA} + '·') + '10' + {_RAISED}"
)


def quantity(title: str | list[str], values: Iterable[float], logarithmic: bool) -> dict[str, Any]:
    """A numeric axis that holds all ``values``, as the encoding of a channel."""
    known = np.array([value for value in values if value is not None and np.isfinite(value)], float)
    domain, ticks = (_decades if logarithmic else _steps)(known)
    scale = {"type": "log" if logarithmic else "linear", "domain": domain, "nice": False}
    if not logarithmic:
        scale["zero"] = False
    return {
        "type": "quantitative",
        "title": title,
        "scale": scale,
        "axis": {"values": ticks, **_written(ticks, logarithmic)},
    }


def _steps(values: np.ndarray) -> tuple[list[float], list[float]]:
    """Even steps of 1, 2 or 5 times a power of ten; the axis ends at the steps around the values."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-290):
        room = 0.5 * abs(high) or 1.0
        low, high = low - room, high + room
    rough = (high - low) / (MOST_TICKS - 1)
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [_rounded(place * step) for place in range(first, last + 1)]
    return [ticks[0], ticks[-1]], ticks


def _decades(values: np.ndarray) -> tuple[list[float], list[float]]:
    """Powers of ten, as evenly thinned as they must be; where there are fewer than two, 1, 2 and 5 times them."""
    values = values[values > 0]
    low, high = (float(values.min()), float(values.max())) if len(values) else (1.0, 10.0)
    start, end = math.log10(low), math.log10(high)
    room = max(0.03 * (end - start), 0.05)
    start, end = max(start - room, -_WIDEST), min(end + room, _WIDEST)
    places = range(math.ceil(start - 1e-9), math.floor(end + 1e-9) + 1)
    if len(places) >= 2:
        stride = math.ceil(len(places) / MOST_TICKS)  # 1 is among the ticks, if it is on the axis
        ticks = [float(f"1e{place}") for place in places if place % stride == 0]
    else:
        spots = [float(f"{m}e{place}") for place in range(math.floor(start), math.ceil(end) + 1) for m in (1, 2, 5)]
        ticks = [spot for spot in spots if start - 1e-9 <= math.log10(spot) <= end + 1e-9]
        if len(ticks) < 2:
            ticks = [tick for tick in _steps(np.array([10**start, 10**end]))[1] if start <= math.log10(tick) <= end]
    return [_rounded(10**start), _rounded(10**end)], ticks


def _rounded(value: float) -> float:
    return float(f"{value:.12g}")


def _written(ticks: list[float], logarithmic: bool) -> dict[str, Any]:
    """The labels of the ticks: plain, all with the same decimals where steps are even, or all as powers of ten."""
    sizes = [abs(tick) for tick in ticks if tick]
    if sizes and (max(sizes) >= PLAIN[1] or (min(sizes) if logarithmic else max(sizes)) < PLAIN[0]):
        return {"labelExpr": POWERS}
    if logarithmic:
        return {"format": "~f" if max(sizes, default=1) < 10 else ",~f"}
    decimals = max((_decimals(tick) for tick in ticks), default=0)
    return {"format": f",.{decimals}f"}


def _decimals(value: float) -> int:
    text = f"{value:.12f}".rstrip("0")
    return len(text.partition(".")[2])
