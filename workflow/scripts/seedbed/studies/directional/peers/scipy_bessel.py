"""Log-Bessel functions by SciPy: the logarithm of the exponentially scaled functions."""

from __future__ import annotations

import numpy as np
from scipy import special


class ScipyBessel:
    """log(ive(v, x)) + x, log(kve(v, x)) - x and ive(v + 1, x) / ive(v, x)."""

    functions = ("iv", "kv", "ratio")
    vectorised = True

    def evaluate(self, function: str, v: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values at points; see `OwnBessel.evaluate`."""
        with np.errstate(all="ignore"):
            if function == "iv":
                return np.log(special.ive(v, x)) + x
            if function == "kv":
                return np.log(special.kve(v, x)) - x
            return special.ive(v + 1.0, x) / special.ive(v, x)
