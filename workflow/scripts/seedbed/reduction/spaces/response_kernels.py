"""Kernels of the responses, and the smoothers they make."""

from __future__ import annotations

from numbers import Real

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.numerics.leading_eigenpairs import leading_eigenpairs

from .response import Response

# what the methods with a Gaussian kernel of the responses allow their parameters to be
BANDWIDTH_CONSTRAINTS = {
    "response_bandwidth": [Interval(Real, 0, None, closed="neither"), StrOptions({"median", "mean"})],
    "response_ridge": [Interval(Real, 0, None, closed="neither")],
}

JUDGE_RIDGE = 0.05  # of the smoothers that judge held-out components: the same for all that is compared


def gaussian_kernel(response: Response, bandwidth: str | float) -> np.ndarray:
    """Centred exp(-d^2 / (2 sigma^2)); sigma is the median or mean distance, or given."""
    distances = response.distances
    sigma = typical_distance(distances, bandwidth) if isinstance(bandwidth, str) else float(bandwidth)
    return centre(np.exp(-((distances / sigma) ** 2) / 2.0))


def typical_distance(distances: np.ndarray, kind: str = "median") -> float:
    """Median or mean of the distances of all pairs; the mean as well where more than half of them are zero."""
    pairs = distances[np.triu_indices(len(distances), 1)]
    return float((np.median(pairs) if kind == "median" else pairs.mean()) or pairs.mean() or 1.0)


def smoother(kernel: np.ndarray, ridge: float) -> np.ndarray:
    """G (G + e I)^-1 with e = ridge times the largest eigenvalue.

    A Gaussian kernel of distances that are not Euclidean can have negative eigenvalues; they count as zero.
    """
    n = len(kernel)
    largest = float(leading_eigenpairs(kernel, 1)[0][0])
    if largest <= 0.0:
        return np.zeros_like(kernel)
    shift = ridge * largest
    try:
        factor = cho_factor(kernel + shift * np.eye(n))
    except LinAlgError:
        values, vectors = np.linalg.eigh(kernel)
        values = np.maximum(values, 0.0)
        return (vectors * (values / (values + shift))) @ vectors.T
    inverse = cho_solve(factor, np.eye(n))
    # G (G + e)^-1 = I - e (G + e)^-1
    return np.eye(n) - shift * (inverse + inverse.T) / 2.0
