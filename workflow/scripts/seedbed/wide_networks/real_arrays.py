"""Arrays of users as real numbers, with one message for what is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

UNEQUAL = 1e-5  # of the largest entry: by how much rounding in single precision may break a symmetry
_TILE = 256


def real_array(values: Any, name: str, finite: bool = True) -> np.ndarray:
    """The values as an array of doubles.

    Raises
    ------
    ValueError
        For what is no array of real numbers, and for NaN and infinity if these must not be.
    """
    array = np.asarray(values)
    try:
        if array.dtype.kind not in "biufO":
            raise TypeError
        array = np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of real numbers, got dtype {array.dtype}") from None
    # one number first: the sum of squares is finite only if all are, and overflows seldom
    with np.errstate(over="ignore", invalid="ignore"):
        if not finite or np.isfinite(np.vdot(array, array)) or np.isfinite(array).all():
            return array
    raise ValueError(f"{name} must be finite: NaN or infinity found; fill or drop these first")


def refuse_unequal_halves(matrix: np.ndarray, name: str) -> None:
    """Raise where a square matrix is not symmetric; tile by tile, as rows meet columns."""
    least = UNEQUAL * max(matrix.max(), -matrix.min())
    for start in range(0, len(matrix), _TILE):
        rows = slice(start, start + _TILE)
        for at in range(0, start + 1, _TILE):
            columns = slice(at, at + _TILE)
            if np.abs(matrix[rows, columns] - matrix[columns, rows].T).max() > least:
                raise ValueError(f"{name} must be symmetric")
