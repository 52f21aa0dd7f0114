"""How the numbers of one column are written: all with the same decimals, or all as powers of ten."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .numbers import MISSING, UNITS, known, seconds

PLAIN = (1e-3, 1e6)  # what is as large as this is written without powers
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Notation:
    """``decimals`` of plain numbers; None for powers of ten, which have two digits.

    >>> Notation(3).number(0.1), Notation(3).interval(0.0522, 0.1), Notation(None).number(3.18e-6)
    ('0.100', '[0.052, 0.100]', '3.2·10⁻⁶')
    """

    decimals: int | None

    def number(self, value: float | None) -> str:
        """One number; an en dash for what is unknown, and the minus sign a real one."""
        if not known(value):
            return MISSING
        if self.decimals is None:
            return power(value)
        return f"{round(value, self.decimals) + 0.0:.{self.decimals}f}".replace("-", "−")

    def interval(self, low: float | None, high: float | None) -> str:
        """``[low, high]``; an en dash where there is none."""
        return f"[{self.number(low)}, {self.number(high)}]" if known(low) and known(high) else MISSING


def notation(values: Iterable[float | None], logarithmic: bool = False, digits: int = 3) -> Notation:
    """For the numbers of a column: ``digits`` of the largest, or powers where that is too large or too small.

    What spans decades, and is ``logarithmic`` for that reason, is written in powers as soon as a part of it has to be.

    >>> notation([0.5, 0.0522]), notation([15, 0.1]), notation([1e-9, 2.0], logarithmic=True)
    (Notation(decimals=3), Notation(decimals=1), Notation(decimals=None))
    """
    sizes = [abs(value) for value in values if known(value) and value]
    if not sizes:
        return Notation(0)
    least, most = min(sizes) if logarithmic else max(sizes), max(sizes)
    if least < PLAIN[0] or most >= PLAIN[1]:
        return Notation(None)
    return Notation(max(0, digits - math.ceil(math.log10(most) - 1e-9)))


def power(value: float, digits: int = 2) -> str:
    """A number as a power of ten.

    >>> power(3.18e-6), power(1e-16, 1), power(0.0), power(-1.0)
    ('3.2·10⁻⁶', '10⁻¹⁶', '0', '−1.0·10⁰')
    """
    if not value:
        return "0"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    times = "" if mantissa == "1" else mantissa.replace("-", "−") + "·"
    return f"{times}10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def significant(value: float, digits: int = 3) -> str:
    """A number with so many digits, zeros at its end among them.

    >>> significant(0.7), significant(100.0), significant(1234.5), significant(2e-6)
    ('0.700', '100', '1230', '2.0·10⁻⁶')
    """
    rounded = float(f"{value:.{digits}g}")
    if rounded and not PLAIN[0] <= abs(rounded) < PLAIN[1]:
        return power(rounded)
    return Notation(max(0, digits - 1 - math.floor(math.log10(abs(rounded)))) if rounded else 0).number(rounded)


def duration(value: float | None, low: float | None, high: float | None) -> tuple[str, str]:
    """A duration, and its interval in the same unit and with the same decimals; in others where it spans decades.

    >>> duration(0.02, 0.0101, 0.0208), duration(75, 60, 90), duration(None, None, None)
    (('20.0 ms', '[10.1, 20.8]'), ('1 min 15 s', '[1 min 0 s, 1 min 30 s]'), ('–', ''))
    >>> duration(2e-3, 1.5e-6, 0.03)
    ('2.00 ms', '[1.50 µs, 30.0 ms]')
    """
    if not known(value):
        return MISSING, ""
    times, unit = next(((times, unit) for below, times, unit in UNITS if value < below), (0.0, ""))
    ends = [end for end in (low, high) if known(end)]
    if not times or (ends and 0 < min(ends) < value / 50) or (ends and max(ends) > 1000 * value):
        return seconds(value), f"[{', '.join(map(seconds, ends))}]" if len(ends) == 2 else ""
    shown = notation([times * value])
    interval = shown.interval(times * ends[0], times * ends[1]) if len(ends) == 2 else ""
    return f"{shown.number(times * value)} {unit}", interval
