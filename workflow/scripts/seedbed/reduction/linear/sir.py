"""Sliced inverse regression."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.spaces.response import Response

from .linear_reducer import LinearReducer
from .slicing import SLICED_CONSTRAINTS, slice_labels, slice_means


class SIR(LinearReducer):
    r"""Sliced inverse regression (Li 1991).

    The leading eigenvectors of :math:`\sum_h p_h\, m_h m_h^\top`, with shares :math:`p_h` and means :math:`m_h` of
    the slices of the response, in whitened coordinates.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
        Components to keep, or how their number is chosen.
    n_slices : int, default=10
        Of numbers by value, of other objects around medoids.
    metric : str or callable, default="euclidean"
        The space of the responses.
    random_state : int, RandomState instance or None, default=None
        For the first medoids, and for choosing the number of components.

    Attributes
    ----------
    components_ : ndarray of shape (n_components_, n_features)
    mean_ : ndarray of shape (n_features,)
    eigenvalues_ : ndarray
    n_components_ : int

    Notes
    -----
    ``O(n p^2)``. Blind to what E(X | Y) does not show, such as symmetric dependence.

    References
    ----------
    Li (1991), Sliced inverse regression for dimension reduction, JASA 86, 316-327.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    _parameter_constraints = SLICED_CONSTRAINTS

    def __init__(self, n_components=1, *, n_slices=10, metric="euclidean", random_state=None):
        self.n_components = n_components
        self.n_slices = n_slices
        self.metric = metric
        self.random_state = random_state

    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        shares, means = slice_means(Z, slice_labels(response, self.n_slices, random))
        return (means * shares[:, None]).T @ means
