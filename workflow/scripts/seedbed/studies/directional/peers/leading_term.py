"""The first term of the uniform expansion alone: the control that every method must beat."""

from __future__ import annotations

import numpy as np


class LeadingTerm:
    """w - v asinh(v/x) - log(2 pi w)/2 for log I, its mirror image for log K, x/(v + w) for the ratio."""

    functions = ("iv", "kv", "ratio")
    vectorised = True

    def evaluate(self, function: str, v: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values at points; see `OwnBessel.evaluate`."""
        w = np.hypot(v, x)
        if function == "ratio":
            return x / (v + w)
        exponent = w - v * (np.log(v + w) - np.log(x))
        if function == "iv":
            return exponent - 0.5 * np.log(2.0 * np.pi * w)
        return 0.5 * np.log(0.5 * np.pi / w) - exponent
