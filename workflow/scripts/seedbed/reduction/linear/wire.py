"""Weighted inverse regression ensemble, and the martingale difference divergence matrix."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.spaces.response import Response

from .linear_reducer import LinearReducer


class WIRE(LinearReducer):
    r"""Weighted inverse regression ensemble (Ying and Yu 2022); MDDM for Euclidean responses (Lee and Shao 2018).

    The leading eigenvectors of :math:`-E[(Z - EZ)(Z' - EZ')^\top d(Y, Y')]`, in whitened coordinates.

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
    ``O(n^2 p)``. Needs finite mean distances, so it is not robust.

    References
    ----------
    Ying and Yu (2022), Fréchet sufficient dimension reduction for random objects, Biometrika 109, 975-992.
    Lee and Shao (2018), Martingale difference divergence matrix, JASA 113, 216-229.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    def __init__(self, n_components=1, *, metric="euclidean", random_state=None):
        self.n_components = n_components
        self.metric = metric
        self.random_state = random_state

    def _candidate(
        self, Z: np.ndarray, response: Response, n_components: int, random: np.random.RandomState
    ) -> np.ndarray:
        return -Z.T @ response.distances @ Z / len(Z) ** 2
