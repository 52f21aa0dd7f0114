"""The matrix of the Peng-Wei program, and whitened coordinates."""

from __future__ import annotations

import numpy as np


def centred_gram(points: np.ndarray) -> np.ndarray:
    """Double-centred Gram matrix ``P X X' P`` with ``P = I - 11'/n``; shape (n, n).

    Adding ``a 1' + 1 a'`` to the objective of the Peng-Wei program changes it by a constant; this choice is
    the best conditioned one, and the within-cluster sum of squares of a partition is its trace minus
    ``<A, Z>``. The points are centred before they are multiplied, so that a large common shift costs no digits.
    """
    centred = points - points.mean(axis=0)
    # A second pass removes what the rounding of a large mean has left.
    centred = centred - centred.mean(axis=0)
    return centred @ centred.T


def pooled_axes(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Principal axes of the pooled covariance, constant and dependent directions left out.

    Parameters
    ----------
    points : ndarray of shape (n, p)

    Returns
    -------
    mean : ndarray of shape (p,)
    whitener : ndarray of shape (p, r)
        ``(X - mean) @ whitener`` has the identity as its covariance (divisor ``n``).
    colourer : ndarray of shape (r, p)
        Maps whitened coordinates back: ``whitener`` followed by ``colourer`` is a projection onto the data's span.

    Notes
    -----
    The rank ``r`` is decided after scaling every column to unit variance, so a column in other units is not
    mistaken for a dependent one. Directions below ``1e-10`` of the largest singular value are dropped.
    ``O(n p min(n, p))``.
    """
    mean = points.mean(axis=0)
    centred = points - mean
    peak = np.ldexp(1.0, np.frexp(np.abs(centred).max(axis=0, initial=0.0))[1])
    scale = (centred / peak).std(axis=0) * peak  # powers of two round nothing; squares neither overflow nor vanish
    # Rounding leaves a constant column with a spread of a few ulps of its value.
    varies = scale > 1e-13 * np.abs(mean)
    scale = np.where(varies, scale, 1.0)
    standardised = np.where(varies, centred / scale, 0.0) / np.sqrt(len(points))
    _, singular, axes = np.linalg.svd(standardised, full_matrices=False)
    rank = int(np.count_nonzero(singular > 1e-10 * singular[0])) if singular[0] > 0 else 0
    axes, singular = axes[:rank], singular[:rank]
    return mean, (axes / singular[:, None]).T / scale[:, None], axes * singular[:, None] * scale


def common_unit(points: np.ndarray) -> float:
    """A power of two that is about the size of the data around their mean: dividing by it rounds nothing."""
    largest = float(np.abs(points - points.mean(axis=0)).max(initial=0.0))
    return float(np.ldexp(1.0, int(np.frexp(largest)[1]))) if 0.0 < largest < np.inf else 1.0


def whitened(points: np.ndarray) -> np.ndarray:
    """The points in coordinates in which their pooled covariance is the identity; shape (n, r)."""
    mean, whitener, _ = pooled_axes(points)
    return (points - mean) @ whitener
