"""Functions of a variance for many rows: smooth in its logarithm, so that a few nodes stand for all rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.fft import dct

FLOOR = 1e-10  # variances below it are taken one by one: they may be zero
_SIZES = (32, 64)
_TOLERANCE = 3e-15  # of the last coefficients, as a share of the largest


def interpolated(function: Callable[[np.ndarray], np.ndarray], variances: np.ndarray) -> np.ndarray:
    """function(q) for all q (n,), (n,) or (n, k), by Chebyshev interpolation in log q where that is exact to rounding.

    Few rows, and functions that 64 nodes do not resolve, are taken one by one.

    >>> q = np.linspace(0.5, 3.0, 500)
    >>> bool(np.abs(interpolated(np.sqrt, q) - np.sqrt(q)).max() < 1e-14)
    True
    """
    regular = variances >= FLOOR
    if np.count_nonzero(regular) <= 2 * _SIZES[0]:
        return function(variances)
    low, high = np.log(variances[regular].min()), np.log(variances[regular].max())
    if high - low < 1e-12:
        return function(variances)
    for size in _SIZES:
        x = np.cos(np.pi * (np.arange(size) + 0.5) / size)
        values = function(np.exp(low + 0.5 * (high - low) * (x + 1.0)))
        coefficients = dct(values, type=2, axis=0) / size
        coefficients[0] *= 0.5
        if np.abs(coefficients[-size // 8 :]).max() <= _TOLERANCE * np.abs(coefficients).max():
            break
    else:
        return function(variances)
    place = 2.0 * (np.log(variances[regular]) - low) / (high - low) - 1.0
    found = np.empty((len(variances), *values.shape[1:]))
    found[regular] = np.polynomial.chebyshev.chebvander(np.clip(place, -1.0, 1.0), size - 1) @ coefficients
    if not regular.all():
        found[~regular] = function(variances[~regular])
    return found
