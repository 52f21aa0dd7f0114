"""Numbers as a reader wants them."""

from __future__ import annotations

import math


def number(value: float | None, digits: int = 3) -> str:
    """Significant digits without noise; an en dash for what is unknown.

    >>> number(0.012345), number(1234567.0), number(float("nan"))
    ('0.0123', '1.23e+06', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:.{digits}g}"


def interval(low: float, high: float) -> str:
    """``[low, high]``; an en dash where there is none."""
    return f"[{number(low)}, {number(high)}]" if math.isfinite(low) and math.isfinite(high) else "–"


def p_value(value: float | None) -> str:
    """Three digits, or a bound."""
    if value is None or not math.isfinite(value):
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
