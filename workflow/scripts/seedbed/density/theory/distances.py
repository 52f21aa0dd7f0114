r"""The law of the distance between a query of known norm and a standard normal point, in the log domain.

.. math:: f(r) = \frac{r^{d-1} e^{-(r^2 + q)/2}}{2^{d/2 - 1} \Gamma(d/2)}\; {}_0F_1(d/2;\, q r^2/4), \qquad q = |x|^2

The distance, unlike its square, has a deviation of at most 1 in any dimension and a density that is smooth at 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import gammaln, ive

KNOTS = 1500
REACH = 12.0  # a distance is a Lipschitz function of normal numbers: beyond, less than exp(-REACH^2/2) is left
LARGE_ORDER = 60.0  # from which on Bessel functions come from their uniform expansion, which does not underflow


@dataclass(frozen=True, eq=False)
class DistanceLaw:
    """Where a distance lies, and its log density there."""

    d: int
    low: float
    high: float
    smooth: CubicSpline

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, d: int, q: float) -> DistanceLaw:
        """The law of d dimensions and a query with squared norm q."""
        middle = np.sqrt(d + q)
        low, high = max(0.0, middle - REACH - 1.0), middle + REACH
        r = np.linspace(low, high, KNOTS)
        order, x = 0.5 * d - 1.0, np.sqrt(q) * r
        # with the exp(x) that is taken off the Bessel function, -(r^2 + q)/2 is the square of a difference
        return cls(d, low, high, CubicSpline(r, -0.5 * (r - np.sqrt(q)) ** 2 + _log_bessel(order, x)))

    def log_density(self, r: np.ndarray) -> np.ndarray:
        """Of distances between ``low`` and ``high``."""
        with np.errstate(divide="ignore"):
            return self.smooth(r) + (self.d - 1.0) * np.log(r) if self.d > 1 else self.smooth(r)


def _log_bessel(order: float, x: np.ndarray) -> np.ndarray:
    """log of exp(-x) I_order(x) / x^order, even at 0."""
    limit = -order * np.log(2.0) - gammaln(order + 1.0)
    if order < LARGE_ORDER:
        near = x < 1e-2
        safe = np.where(near, 1.0, x)
        far = np.log(ive(order, safe)) - order * np.log(safe)
        return np.where(near, limit - x + 0.25 * x * x / (order + 1.0), far)
    z = x / order
    root = np.sqrt(1.0 + z * z)
    p = 1.0 / root
    u = np.array([
        3.0 * p - 5.0 * p**3,
        81.0 * p**2 - 462.0 * p**4 + 385.0 * p**6,
        30375.0 * p**3 - 369603.0 * p**5 + 765765.0 * p**7 - 425425.0 * p**9,
    ]) / np.array([24.0, 1152.0, 414720.0])[:, None]  # fmt: skip
    series = np.log1p(u[0] / order + u[1] / order**2 + u[2] / order**3)
    exponent = order * (root - np.log1p(root)) - x  # without log z, which x^order takes off
    return exponent - order * np.log(order) - 0.5 * np.log(2.0 * np.pi * order * root) + series
