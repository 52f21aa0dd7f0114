"""How good an answer is: one number of one replicate; NaN where the metric does not apply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def absolute_error(data: Mapping[str, np.ndarray], fit: Mapping[str, np.ndarray]) -> float:
    """Distance of the estimate from the truth."""
    return abs(float(fit["centre"]) - float(data["centre"]))
