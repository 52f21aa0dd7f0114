"""Log-Bessel functions by mpmath at its ordinary fifteen digits."""

from __future__ import annotations

import mpmath
import numpy as np
from mpmath.libmp import NoConvergence


class MpmathBessel:
    """The logarithm of mpmath's ``besseli`` and ``besselk``, point by point.

    Parameters
    ----------
    digits : int
        Working precision.
    max_terms : int
        Terms of a hypergeometric series, after which a point is given up and is NaN. It bounds the time (to
        about 0.1 s a point) without a clock: the same points fail on every machine.
    """

    functions = ("iv", "kv", "ratio")
    vectorised = False

    def __init__(self, digits: int = 15, max_terms: int = 2000):
        self.digits = digits
        self.max_terms = max_terms

    def evaluate(self, function: str, v: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values at points; see `OwnBessel.evaluate`."""
        result = np.full(v.shape, np.nan)
        with mpmath.workdps(self.digits):
            for i, (a, b) in enumerate(zip(v.tolist(), x.tolist(), strict=True)):
                try:
                    result[i] = self._one(function, a, b)
                except (NoConvergence, TypeError, ValueError, ZeroDivisionError, OverflowError):
                    continue  # no convergence, or a result that is not even real
        return result

    def _one(self, function: str, v: float, x: float) -> float:
        if function == "iv":
            return float(mpmath.log(mpmath.besseli(v, x, maxterms=self.max_terms)))
        if function == "kv":
            return float(mpmath.log(mpmath.besselk(v, x, maxterms=self.max_terms)))
        above, below = (mpmath.besseli(order, x, maxterms=self.max_terms) for order in (v + 1, v))
        return float(above / below)
