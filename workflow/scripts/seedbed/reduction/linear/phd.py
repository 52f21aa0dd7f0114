"""Principal Hessian directions."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.spaces.response import Response
from seedbed.reduction.spaces.response_features import response_features

from .linear_reducer import LinearReducer


class PHD(LinearReducer):
    r"""Principal Hessian directions (Li 1992).

    The eigenvectors of :math:`H = E[r(Y) Z Z^\top]` with the largest absolute eigenvalues, where r(Y) are the
    residuals of the linear regression of the response on X. For a response of several numbers, or for objects,
    through the numbers that stand for them, the leading eigenvectors of the sum of the :math:`H^2`.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    components_, mean_, eigenvalues_, n_components_
        As in :class:`SIR`.

    Notes
    -----
    ``O(n m p^2)`` for m numbers. Not robust: the responses enter by their values.

    References
    ----------
    Li (1992), On principal Hessian directions for data visualization and dimension reduction, JASA 87, 1025-1039.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    def __init__(self, n_components=1, *, metric="euclidean", random_state=None):
        self.n_components = n_components
        self.metric = metric
        self.random_state = random_state

    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        features = response_features(response)
        residuals = features - Z @ (Z.T @ features) / len(Z)
        total = np.zeros((Z.shape[1], Z.shape[1]))
        for residual in residuals.T:
            hessian = (Z * residual[:, None]).T @ Z / len(Z)
            total += hessian @ hessian
        return total
