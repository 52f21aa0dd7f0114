"""Numbers that stand for the responses, for methods that regress on numbers."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.numerics.columns import Columns

from .response import Response
from .response_kernels import typical_distance

_MOST = 10
_SHARE = 0.95


def response_features(response: Response) -> np.ndarray:
    r"""Columns (n, m) of mean zero; their squared norms say how much each counts.

    Euclidean responses: their coordinates, standardised. Others: the leading principal components of the kernel
    :math:`\exp(-d^2 / 2 \sigma^2)` with the median distance as sigma, at most ten and as many as hold 95 % of the
    variance: the ensemble of Zhang, Xue and Li (2023), in its principal axes.
    """
    numbers = response.numbers
    if numbers is not None:
        return Columns.of(numbers).standard(numbers)
    distances = response.distances
    kernel = np.exp(-((distances / typical_distance(distances)) ** 2) / 2.0)
    kernel -= kernel.mean(axis=0)
    kernel -= kernel.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh((kernel + kernel.T) / 2.0)
    values, vectors = np.maximum(values[::-1][:_MOST], 0.0), vectors[:, ::-1][:, :_MOST]
    total = max(np.trace(kernel), 1e-300)
    needed = int(np.searchsorted(np.cumsum(values) / total, _SHARE)) + 1
    return (vectors * np.sqrt(values))[:, :needed]
