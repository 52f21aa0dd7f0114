"""How many replicates would settle a claim that is open."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from seedbed.core.records import Record

from .mean_test import MeanTest, fewest

POWER = 0.8
MOST = 100_000


@dataclass(frozen=True, kw_only=True)
class SizesNeeded(Record):
    """Replicates that settle a claim with the probability ``power``; None stands for never."""

    as_seen: int | None
    at_least: int | None
    at_most: int | None
    power: float


def sizes_needed(test: MeanTest, low: float, high: float, alpha: float) -> SizesNeeded:
    r"""Replicates of a run that settles the claim with 80 % probability, as a range.

    .. math:: n = \frac{(z_{1-\alpha/2} + z_{power})^2 s^2}{\delta^2} + \frac{z_{1-\alpha/2}^2}{2},

    with :math:`\delta` the distance of the mean from the nearest bound. What it is, is not known: ``as_seen`` takes
    the mean that was seen, ``at_least`` and ``at_most`` the ends of its interval. None stands for never: the mean
    lies on a bound, or may lie there. All have two digits.

    Parameters
    ----------
    test : MeanTest
    low, high : float
        The region.
    alpha : float
        Of the test that settles it, adjusted for the others of its family.
    """
    bounds = [bound for bound in (low, high) if np.isfinite(bound)]
    ends = [end for end in (test.low, test.high) if np.isfinite(end)] or [test.mean]
    sizes = [_size(min(abs(end - bound) for bound in bounds), test.spread, alpha) for end in [test.mean, *ends]]
    open_ended = any(min(ends) <= bound <= max(ends) for bound in bounds) or None in sizes[1:]
    known = [size for size in sizes[1:] if size is not None]
    return SizesNeeded(
        as_seen=sizes[0],
        at_least=min(known, default=None),
        at_most=None if open_ended else max(known),
        power=POWER,
    )


def _size(distance: float, spread: float, alpha: float) -> int | None:
    if distance == 0 or distance * MOST <= spread:
        return None
    z = special.ndtri(1 - alpha / 2)
    needed = ((z + special.ndtri(POWER)) * (spread / distance)) ** 2 + z**2 / 2
    if spread == 0:  # all alike: as many as their signs take
        needed = fewest(alpha)
    return two_digits(max(needed, fewest())) if needed <= MOST else None


def two_digits(number: float) -> int:
    """Rounded up to two significant digits: what the number is not known better than.

    >>> two_digits(16904.2), two_digits(7.1)
    (17000, 8)
    """
    unit = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return math.ceil(number / unit) * unit
