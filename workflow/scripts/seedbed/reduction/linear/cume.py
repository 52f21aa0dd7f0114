"""Cumulative mean estimation."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.spaces.response import Response

from .linear_reducer import LinearReducer


class CUME(LinearReducer):
    r"""Cumulative mean estimation (Zhu, Zhu and Feng 2010): SIR without slices.

    The leading eigenvectors of :math:`E[m(\tilde Y) m(\tilde Y)^\top]` with :math:`m(y) = E[Z 1\{Y \le y\}]`.
    Responses must be numbers: where there is no order, :class:`LinearFCCov` sums over balls instead.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    components_, mean_, eigenvalues_, n_components_
        As in :class:`SIR`.

    Raises
    ------
    ValueError
        For responses that are not single numbers.

    Notes
    -----
    ``O(n log n + n p^2)``.

    References
    ----------
    Zhu, Zhu and Feng (2010), Dimension reduction in regressions through cumulative slicing estimation, JASA 105,
    1455-1466.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    needs_numbers = True

    def __init__(self, n_components=1, *, metric="euclidean", random_state=None):
        self.n_components = n_components
        self.metric = metric
        self.random_state = random_state

    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        numbers = response.numbers
        if numbers is None or numbers.shape[1] != 1:
            raise ValueError("CUME needs responses that are single numbers, since it puts them in order")
        levels, inverse = np.unique(numbers[:, 0], return_inverse=True)
        sums = np.zeros((len(levels), Z.shape[1]))
        np.add.at(sums, inverse, Z)
        means = np.cumsum(sums, axis=0)[inverse] / len(Z)
        return means.T @ means / len(Z)
