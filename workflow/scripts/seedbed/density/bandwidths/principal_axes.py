"""Eigenvalues of covariances whose columns have units of their own: all to the same relative precision.

What eigh loses is about 1e-16 of the largest eigenvalue: of columns 1e8 apart the smallest is nothing else. Columns
are therefore divided by their deviations, and what that leaves is scaled and decomposed by Jacobi rotations.

References
----------
Z. Drmac and K. Veselic (2008), New fast and accurate Jacobi SVD algorithm.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dgejsv

FLAT = 1e-14  # of an eigenvalue over the largest, of columns in units of their deviations: what is less is rounding
GRADED = 2  # of LAPACK: columns may differ in scale


def floored(S: np.ndarray, least: np.ndarray | float = 0.0) -> np.ndarray:
    """The covariance with variances of at least these, and no direction in which it is flat, whatever its units."""
    deviations = np.sqrt(np.maximum(np.diag(S), least))
    units = np.outer(deviations, deviations)
    values, axes = np.linalg.eigh(S / units)
    return (axes * np.maximum(values, FLAT * values[-1])) @ axes.T * units


def principal_axes(S: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, in increasing order, and eigenvectors in columns, of a covariance without constant columns.

    O(d^3), about ten times what eigh takes.
    """
    deviations = np.sqrt(np.diag(S))
    scale = deviations.max()
    root = np.linalg.cholesky(floored(S / np.outer(deviations, deviations))) * (deviations / scale)[:, None]
    values, axes, _, factors, _, failed = dgejsv(root, joba=GRADED, jobu=0, jobv=3)
    if failed:
        raise RuntimeError(f"LAPACK found no principal axes (dgejsv, {failed})")
    return (scale * factors[0] / factors[1] * values[::-1]) ** 2, axes[:, ::-1]
