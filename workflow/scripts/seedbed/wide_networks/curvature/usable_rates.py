"""Where a row of losses over learning rates ends to be of use."""

from __future__ import annotations

import numpy as np


def largest_below(losses: np.ndarray, rates: np.ndarray, level: float) -> float:
    """The end of the first run of rates whose losses are below a level; NaN without one, and where none fails after it.

    What succeeds beyond a rate that failed is luck.
    """
    below = losses < level
    first = int(below.argmax())
    failed = np.flatnonzero(~below[first:])
    return float(rates[first + failed[0] - 1]) if below[first] and len(failed) else np.nan
