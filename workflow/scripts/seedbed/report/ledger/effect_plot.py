"""The small plot of one claim: its effect, interval and replicates against the region that the claim names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.core.judging.judged_claims import JudgedClaim
from seedbed.core.statistics.mean_test import RESAMPLES, mean_test
from seedbed.report.numbers import known

MOST_TICKS = 100
Ends = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class EffectPlot:
    """Positions in per cent of the width: the bound in the middle, what the claim says to its right.

    For a claim with two bounds zero is in the middle. ``start, end`` of the interval, ``point``, ``holds``, the ends
    of the region in which the claim holds, ``thin``, those of the adjusted interval, ``zero`` where there is room for
    it beside the bounds, ``bounds``, where these are named (two that are close in one place), and ``ticks``, the
    replicates, at most a hundred of them.
    """

    start: float
    end: float
    point: float
    holds: Ends
    thin: Ends | None
    zero: float | None
    bounds: tuple[float, ...]
    ticks: tuple[float, ...]


def adjusted_interval(claim: JudgedClaim, level: float) -> Ends | None:
    r"""The interval that goes with the adjusted p-value: at :math:`1 - \alpha/m` for the m claims of the study.

    All m of them hold together with the level's probability (Bonferroni). None for a share, for effects of which some
    are missing, and where the claim is alone and nothing is adjusted.
    """
    values = np.array([*claim.effects.values()], float)
    if claim.law == "share" or claim.least or claim.family < 2 or len(values) < 2:
        return None
    resamples = RESAMPLES if claim.law == "any" else 0
    test = mean_test(
        values, level=1 - (1 - level) / claim.family, overlap=claim.overlap or 0.0, resamples=resamples,
        sensitivity=False,
    )  # fmt: skip
    return (test.low, test.high) if known(test.low) and known(test.high) else None


def effect_plot(claim: JudgedClaim, adjusted: Ends | None = None) -> EffectPlot | None:
    """The plot; None of a claim without an effect."""
    above, below = claim.holds_above, claim.holds_below
    if not known(claim.effect) or not known(above):
        return None
    middle = above if not known(below) else (above + below) / 2
    effects = [*claim.effects.values()][:MOST_TICKS] if claim.law != "share" else []
    ends = [end for end in (claim.low, claim.high, claim.effect) if known(end)] + effects + [*(adjusted or ())]
    reach = max([abs(end - middle) for end in ends] + ([below - middle] if known(below) else [])) or 1.0

    def place(value: float) -> float:
        return round(50 + 46 * (value - middle) / reach, 2)

    start, end = (place(end if known(end) else claim.effect) for end in (claim.low, claim.high))
    bounds = [place(bound) for bound in (above, below) if known(bound)]
    zero = place(0.0)
    return EffectPlot(
        start=start,
        end=end,
        point=place(claim.effect),
        holds=(place(above), place(below) if known(below) else 100.0),
        thin=(place(adjusted[0]), place(adjusted[1])) if adjusted else None,
        zero=zero if 0 <= zero <= 100 and min(abs(zero - bound) for bound in bounds) > 15 else None,
        bounds=tuple(bounds) if len(bounds) < 2 or bounds[1] - bounds[0] > 30 else (sum(bounds) / 2,),
        ticks=tuple(place(value) for value in effects),
    )
