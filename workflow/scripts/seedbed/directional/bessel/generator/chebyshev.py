"""Polynomials through the values of a function at Chebyshev points, in mpmath's numbers."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
from mpmath import mp


def points(n: int) -> list:
    """The n Chebyshev points of [-1, 1]."""
    return [mpmath.cospi(mp.mpf(2 * i + 1) / (2 * n)) for i in range(n)]


def coefficients(values: list) -> list:
    """Coefficients c_0, ... of the interpolant sum c_j T_j of values at the Chebyshev points."""
    n = len(values)
    return [
        mpmath.fsum(value * mpmath.cospi(mp.mpf(j * (2 * i + 1)) / (2 * n)) for i, value in enumerate(values))
        * (2 if j else 1)
        / n
        for j in range(n)
    ]


def monomials(series: list, centre=0, half=1) -> list:
    """Ascending powers of y for sum c_j T_j((y - centre)/half)."""
    before, last = [mp.mpf(1)], [-mp.mpf(centre) / half, 1 / mp.mpf(half)]
    total = [mp.mpf(0)] * len(series)
    for j, c in enumerate(series):
        current = before if j == 0 else last
        for i, value in enumerate(current):
            total[i] += c * value
        if j:
            following = [mp.mpf(0)] * (len(last) + 1)
            for i, value in enumerate(last):
                following[i] -= 2 * centre * value / half
                following[i + 1] += 2 * value / half
            for i, value in enumerate(before):
                following[i] -= value
            before, last = last, following
    return total


def interpolant(function: Callable, low, high, degree: int) -> list:
    """Ascending powers of the polynomial of this degree through ``function`` on [low, high]."""
    centre, half = (mp.mpf(low) + high) / 2, (mp.mpf(high) - low) / 2
    return monomials(coefficients([function(centre + half * y) for y in points(degree + 1)]), centre, half)
