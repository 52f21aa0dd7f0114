"""Arrays of users as real numbers, with one message for what is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

UNEQUAL = 1e-5  # of the largest entry: by how much rounding in single precision may break a symmetry
_TILE = 128  # rows and columns of what is compared while it is near


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
    gap = max(_gap(matrix, at) for at in range(0, len(matrix), _TILE))
    # the diagonal first: of a kernel it holds the largest entry, and the others need not be read again
    if gap > UNEQUAL * np.abs(matrix.diagonal()).max() and gap > UNEQUAL * max(matrix.max(), -matrix.min()):
        raise ValueError(f"{name} must be symmetric")


def _gap(matrix: np.ndarray, start: int) -> float:
    """The largest difference between rows of tiles up to the diagonal and the columns that mirror them."""
    rows, most = slice(start, start + _TILE), 0.0
    for at in range(0, start + 1, _TILE):
        columns = slice(at, at + _TILE)
        difference = matrix[rows, columns] - matrix[columns, rows].T
        most = max(most, np.abs(difference, out=difference).max())
    return most
