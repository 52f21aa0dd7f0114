"""Log-Bessel functions by mpmath at its ordinary fifteen digits."""

from __future__ import annotations

import time

import mpmath
import numpy as np
from mpmath.libmp import NoConvergence


class MpmathBessel:
    """The logarithm of mpmath's ``besseli`` and ``besselk``, point by point.

    Parameters
    ----------
    digits : int
        Working precision.
    seconds : float
        Points that are not done by then are NaN, as are those where the series do not converge.
    """

    functions = ("iv", "kv", "ratio")
    vectorised = False

    def __init__(self, digits: int = 15, seconds: float = 20.0):
        self.digits = digits
        self.seconds = seconds

    def evaluate(self, function: str, v: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values at points; see `OwnBessel.evaluate`."""
        result = np.full(v.shape, np.nan)
        stop = time.monotonic() + self.seconds
        with mpmath.workdps(self.digits):
            for i, (a, b) in enumerate(zip(v.tolist(), x.tolist(), strict=True)):
                if time.monotonic() > stop:
                    break
                try:
                    result[i] = self._one(function, a, b)
                except (NoConvergence, TypeError, ValueError, ZeroDivisionError, OverflowError):
                    continue  # no convergence, or a result that is not even real
        return result

    def _one(self, function: str, v: float, x: float) -> float:
        if function == "iv":
            return float(mpmath.log(mpmath.besseli(v, x)))
        if function == "kv":
            return float(mpmath.log(mpmath.besselk(v, x)))
        return float(mpmath.besseli(v + 1, x) / mpmath.besseli(v, x))
