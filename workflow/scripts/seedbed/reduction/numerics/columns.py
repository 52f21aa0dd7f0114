"""Columns in units of their own: what makes the methods independent of units, offsets and constant columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

_RANK = 1e-10  # of the largest singular value: what lies below is a linear combination of other columns
_ROUNDINGS = 2.0  # a spread of so many roundings of the values is none


@dataclass(frozen=True)
class Columns:
    """Means and standard deviations of columns, each column measured in units of its own.

    Attributes
    ----------
    mean, scale : ndarray of shape (p,)
        A constant column has the scale infinity, so that it is zero in standard units whatever is put in later.
    rounding : ndarray of shape (p,)
        How far rounding may have moved an entry, in standard deviations; 0 for constant columns.
    """

    mean: np.ndarray
    scale: np.ndarray
    rounding: np.ndarray

    @classmethod
    def of(cls, X: np.ndarray, resolution: float = np.finfo(np.float64).eps) -> Columns:
        """Measure the columns of X (n, p), whose values were rounded to this relative resolution.

        A column is constant where its deviation is no more than two roundings of its largest value: a computed
        constant (``0.1 * 3`` here, ``0.3`` there) says nothing, and must not be scaled up to unit variance.
        """
        peak = np.abs(X).max(axis=0)
        unit = np.ldexp(1.0, np.frexp(np.where(peak > 0, peak, 1.0))[1] - 1)  # rounds nothing; squares are in range
        inside = X / unit
        mean = inside.mean(axis=0)
        mean += (inside - mean).mean(axis=0)  # what the rounding of a large mean has left
        deviation = np.sqrt(np.square(inside - mean).mean(axis=0))
        allowed = resolution * peak / unit
        varies = deviation > _ROUNDINGS * allowed
        deviation = np.where(varies, deviation, np.inf)
        with np.errstate(over="ignore"):
            return cls(mean * unit, deviation * unit, allowed / deviation)

    @property
    def vary(self) -> bool:
        """Whether any column does."""
        return bool(np.isfinite(self.scale).any())

    def standard(self, X: np.ndarray) -> np.ndarray:
        """(X - mean) / scale."""
        return (X - self.mean) / self.scale

    def whiten(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Z (n, r) with Z'Z / n = I, and the matrix (r, p) with Z = standard(X) @ matrix.T.

        The rank r is decided in standard units, direction by direction: one is left out if it is a combination of
        others up to 1e-10, or if it varies no more than the rounding of its columns explains (a copy of a column with
        an offset of 1e9 differs from it by 1e-7, which is noise and no feature).
        """
        left, singular, right = np.linalg.svd(self.standard(X), full_matrices=False)
        root = np.sqrt(len(X))
        noise = np.sqrt(np.square(right) @ np.square(self.rounding))
        kept = (singular > _RANK * singular[0]) & (singular > _ROUNDINGS * root * noise)
        return root * left[:, kept], root / singular[kept, None] * right[kept]


def resolution_of(X: Any) -> float:
    """The relative resolution of the numbers that X holds: coarser for float16 and float32 than for float64."""
    types = getattr(X, "dtypes", [getattr(X, "dtype", None)])
    coarse = [np.finfo(t).eps for t in types if isinstance(t, np.dtype) and t.kind == "f"]
    return float(max(coarse, default=0.0) or np.finfo(np.float64).eps)
