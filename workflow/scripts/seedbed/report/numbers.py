"""Numbers as a reader wants them."""

from __future__ import annotations

import math
from typing import Any, TypeGuard

MISSING = "–"


def known(value: Any) -> TypeGuard[float]:
    """Whether there is a finite number."""
    return value is not None and math.isfinite(value)


def number(value: float | None, digits: int = 3) -> str:
    """Significant digits without noise, the minus sign a real one; an en dash for what is unknown.

    >>> number(0.012345), number(-1234567.0), number(float("nan")), number(1234.5), number(2e-16)
    ('0.0123', '−1.23·10⁶', '–', '1230', '2·10⁻¹⁶')
    """
    if not known(value):
        return MISSING
    text = f"{value:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    if exponent and 0 < int(exponent) < 6:
        mantissa, exponent = f"{float(text):.0f}", ""
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")) if exponent else ""
    return (mantissa + (f"·10{power}" if power else "")).replace("-", "−")


def interval(low: float | None, high: float | None) -> str:
    """``[low, high]``; an en dash where there is none."""
    return f"[{number(low)}, {number(high)}]" if known(low) and known(high) else MISSING


def better_end(direction: str) -> str:
    """What to say of a metric's direction."""
    return "no end is better" if direction == "none" else f"{direction} is better"


def p_value(value: float | None) -> str:
    """Three digits, or a bound."""
    if not known(value):
        return MISSING
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _three(value: float) -> str:
    """Three digits, zeros at the end among them, of what has a unit that suits it; more of thousands."""
    return f"{value:#.3g}".rstrip(".") if 1e-3 <= value < 999.5 else number(value)


UNITS = ((1e-6, 1e9, "ns"), (1e-3, 1e6, "µs"), (1.0, 1e3, "ms"), (60.0, 1.0, "s"))  # below, times, unit


def seconds(value: float | None) -> str:
    """A duration in units that suit it.

    >>> seconds(0.0123), seconds(75), seconds(4000), seconds(3e-6), seconds(None)
    ('12.3 ms', '1 min 15 s', '1 h 6 min', '3.00 µs', '–')
    """
    if not known(value):
        return MISSING
    for below, times, unit in UNITS:
        if value < below:
            return f"{_three(times * value)} {unit}"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def megabytes(value: float | None) -> str:
    """Memory in units that suit it."""
    if not known(value):
        return MISSING
    return f"{_three(value)} MiB" if value < 1000 else f"{_three(value / 1024)} GiB"


def factor(logarithm: float | None) -> str:
    """A decimal logarithm as the factor that it stands for."""
    return number(10**logarithm) if known(logarithm) else MISSING
