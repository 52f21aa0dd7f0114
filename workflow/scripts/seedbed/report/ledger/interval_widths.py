"""How many replicates would decide what is open: widths of intervals against the number of replicates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from seedbed.core.judging.judged_claims import JudgedClaim

from .notes import rounded

WIDTH, HEIGHT = 400, 190  # as wide as a telephone, so that texts are read there too
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, WIDTH - 24.0, 30.0, HEIGHT - 34.0
_ROOM = 16  # between two labels side by side
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class WidthLine:
    """An open claim: its ``place`` in the list, and the way of its interval from today to where it decides."""

    place: int
    needed: int
    start: Point
    end: Point
    label: Point


@dataclass(frozen=True, kw_only=True)
class WidthPlot:
    """Both axes are logarithmic; ticks are a position and what stands there."""

    lines: tuple[WidthLine, ...]
    columns: tuple[tuple[float, str], ...]
    rows: tuple[tuple[float, str], ...]
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM


def interval_widths(claims: Sequence[JudgedClaim]) -> WidthPlot | None:
    r"""The plot of the claims that a larger run would settle, by their place in the list; None where there is none.

    An interval of n replicates is :math:`\sqrt{N/n}` times as wide as the one that decides, where N is what the
    forecast asks for, were the effect as seen (:func:`~seedbed.core.statistics.sample_size.sizes_needed`).
    """
    forecasts = [
        (place, claim.n, claim.replicates_needed.as_seen)
        for place, claim in enumerate(claims, 1)
        if claim.replicates_needed and claim.replicates_needed.as_seen and claim.replicates_needed.as_seen > claim.n
    ]
    if not forecasts:
        return None
    first, last = min(n for _, n, _ in forecasts), max(needed for _, _, needed in forecasts)
    widest = max(math.sqrt(needed / n) for _, n, needed in forecasts)

    def at(n: float, times: float) -> Point:
        across = math.log(n / first) / math.log(last / first)
        up = math.log(times) / math.log(widest)
        return round(_LEFT + across * (_RIGHT - _LEFT), 1), round(_BOTTOM - up * (_BOTTOM - _TOP), 1)

    lines: list[WidthLine] = []
    for place, n, needed in sorted(forecasts, key=lambda forecast: forecast[2]):
        end = at(needed, 1.0)
        crowd = [line.label[1] for line in lines if end[0] - line.label[0] < _ROOM]
        label = (end[0], min(crowd, default=end[1] + 5) - 12)
        lines.append(WidthLine(place=place, needed=needed, start=at(n, math.sqrt(needed / n)), end=end, label=label))
    return WidthPlot(
        lines=tuple(lines),
        columns=tuple((at(n, 1.0)[0], f"{n:,.0f}") for n in _steps(first, last)),
        rows=tuple((at(first, times)[1], f"{times:.2g}×") for times in _steps(1, widest)),
    )


def deciding_size(claim: JudgedClaim) -> str:
    """How many replicates would decide it, in a few words; empty where nothing is forecast."""
    if claim.replicates_needed is None:
        return ""
    needed = rounded(claim.replicates_needed.as_seen)
    return "no number of replicates, were the effect as seen" if needed is None else f"{needed:,} replicates"


def _steps(first: float, last: float) -> list[float]:
    """One, two and five times the powers of ten from here to there, or fewer, so that they can be read; or the ends."""
    decades, steps = [10.0**power for power in range(6)], []
    for parts in ((1, 2, 5), (1, 3), (1,)):
        steps = [part * decade for decade in decades for part in parts if first <= part * decade <= last]
        if len(steps) <= 8:
            break
    return steps if len(steps) > 1 else [first, last]
