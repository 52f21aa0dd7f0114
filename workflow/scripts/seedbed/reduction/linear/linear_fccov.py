"""Linear dimension reduction by the Fréchet cumulative covariance."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.fccov.covariance import kernel_products
from seedbed.reduction.spaces.response import Response

from .linear_reducer import LinearReducer


class LinearFCCov(LinearReducer):
    r"""The linear functions of X with the largest Fréchet cumulative covariance: CUME with balls for half-lines.

    The leading eigenvectors of :math:`n^{-2} Z^\top K Z` in whitened coordinates. It is to
    :class:`FrechetCumulativeNet` what CUME is to the cumulative covariance: the same objective over linear f.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    eigenvalues_ : ndarray
        FCCov of each component; at most 1/6 for continuous distances.
    components_, mean_, n_components_
        As in :class:`SIR`.

    Notes
    -----
    Exact for every n, by sorting: ``O(n^2 (log n + p))`` time, ``O(n p)`` memory beside the distances. Robust to
    outlying responses; blind, as SIR is, where E(X | Y) is constant.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    def __init__(self, n_components=1, *, metric="euclidean", random_state=None):
        self.n_components = n_components
        self.metric = metric
        self.random_state = random_state

    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        matrix = Z.T @ kernel_products(response, Z) / len(Z) ** 2
        return (matrix + matrix.T) / 2.0
