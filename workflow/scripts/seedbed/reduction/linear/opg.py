"""Outer product of gradients."""

from __future__ import annotations

from numbers import Integral
from typing import ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval

from seedbed.reduction.spaces.response import Response

from .gradient_directions import gradient_matrix
from .linear_reducer import LinearReducer


class OPG(LinearReducer):
    r"""Outer product of gradients (Xia, Tong, Li and Zhu 2002), refined.

    The leading eigenvectors of :math:`n^{-1} \sum_j \nabla_j \nabla_j^\top`, with gradients of E(Y | X) by local
    linear regression. From the second step on, neighbours are sought in the reduced coordinates, with a shrinking
    bandwidth. Responses of several numbers, and objects through the numbers that stand for them, add up: this is
    the Fréchet OPG of Zhang, Xue and Li (2023) with principal axes for its ensemble.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    n_steps : int, default=8
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    components_, mean_, eigenvalues_, n_components_
        As in :class:`SIR`.

    Notes
    -----
    ``O(n^2 p^2)`` per step. Sees the mean of the response only. Not robust.

    References
    ----------
    Xia, Tong, Li and Zhu (2002), An adaptive estimation of dimension reduction space, JRSS B 64, 363-410.
    Zhang, Xue and Li (2023), Dimension reduction for Fréchet regression, JASA.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **LinearReducer._parameter_constraints,
        "n_steps": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(self, n_components=1, *, n_steps=8, metric="euclidean", random_state=None):
        self.n_components = n_components
        self.n_steps = n_steps
        self.metric = metric
        self.random_state = random_state

    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        return gradient_matrix(Z, response, n_components, self.n_steps)
