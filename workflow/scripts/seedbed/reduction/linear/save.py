"""Sliced average variance estimation."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.spaces.response import Response

from .linear_reducer import LinearReducer
from .slicing import SLICED_CONSTRAINTS, slice_covariances, slice_labels, slice_means


class SAVE(LinearReducer):
    r"""Sliced average variance estimation (Cook and Weisberg 1991).

    The leading eigenvectors of :math:`\sum_h p_h (I - V_h)^2`, with the covariance matrices :math:`V_h` within the
    slices, in whitened coordinates. Parameters and attributes are those of :class:`SIR`.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    n_slices : int, default=6
        Fewer than for SIR: each holds a covariance matrix.
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Notes
    -----
    ``O(n p^2 + h p^3)``. Sees symmetric dependence, and needs many samples per slice.

    References
    ----------
    Cook and Weisberg (1991), comment on Li's paper, JASA 86, 328-332.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    _parameter_constraints = SLICED_CONSTRAINTS

    def __init__(self, n_components=1, *, n_slices=6, metric="euclidean", random_state=None):
        self.n_components = n_components
        self.n_slices = n_slices
        self.metric = metric
        self.random_state = random_state

    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        labels = slice_labels(response, self.n_slices, random)
        shares, means = slice_means(Z, labels)
        lost = np.eye(Z.shape[1]) - slice_covariances(Z, labels, means)
        return np.einsum("h,hij,hjk->ik", shares, lost, lost)
