"""Units in which numbers of any scale are solved with, and which change no digit of those that are usual."""

from __future__ import annotations

from typing import Any

import numpy as np

STEP, MOST = 128, 7  # of exponents: from 3e-39 to 3e38 the unit is one, and at most it is 2^896, whose inverse is exact


def unit_of(values: Any) -> float:
    """A power of 2^128 that brings the largest of these numbers to between 2^-128 and 2^128: division by it is exact.

    >>> unit_of([1e-30, 7.0]), unit_of([0.0]), unit_of([1e200]) == 2.0**640
    (1.0, 1.0, True)
    """
    exponent = int(np.frexp(np.max(np.abs(values), initial=0.0))[1])
    return 2.0 ** (STEP * max(-MOST, min(int(exponent / STEP), MOST)))
