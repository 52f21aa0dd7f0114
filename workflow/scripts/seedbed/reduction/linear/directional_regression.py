"""Directional regression."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.spaces.response import Response

from .linear_reducer import LinearReducer
from .slicing import SLICED_CONSTRAINTS, slice_covariances, slice_labels, slice_means


class DirectionalRegression(LinearReducer):
    r"""Directional regression (Li and Wang 2007).

    The leading eigenvectors, in whitened coordinates, of

    .. math:: 2 E\bigl[E^2(Z Z^\top | Y)\bigr] + 2 E^2\bigl[m m^\top\bigr] + 2 E[m^\top m] E[m m^\top] - 2 I,
              \qquad m = E(Z | Y),

    which joins what SIR and SAVE see. Parameters and attributes are those of :class:`SIR`.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    n_slices : int, default=6
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Notes
    -----
    ``O(n p^2 + h p^3)``.

    References
    ----------
    Li and Wang (2007), On directional regression for dimension reduction, JASA 102, 997-1008.
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
        second = slice_covariances(Z, labels, means) + means[:, :, None] * means[:, None, :]
        squared = np.einsum("h,hij,hjk->ik", shares, second, second)
        between = (means * shares[:, None]).T @ means
        return 2.0 * (squared + between @ between + np.trace(between) * between - np.eye(Z.shape[1]))
