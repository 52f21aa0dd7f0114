"""Minimum average variance estimation."""

from __future__ import annotations

from numbers import Integral
from typing import ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval

from seedbed.reduction.spaces.response import Response
from seedbed.reduction.spaces.response_features import response_features

from .gradient_directions import gradient_matrix
from .linear_reducer import LinearReducer
from .local_linear import bandwidths, local_linear, local_moments, local_weights


class MAVE(LinearReducer):
    r"""Minimum average variance estimation (Xia, Tong, Li and Zhu 2002), refined.

    .. math:: \min_{B, a, b} \sum_j \sum_i w_{ij} \bigl(y_i - a_j - b_j^\top B^\top (x_i - x_j)\bigr)^2

    by turns in B and in (a, b), with weights in the coordinates B'x, from the directions of :class:`OPG`. Responses
    of several numbers, and objects through the numbers that stand for them, share B.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    n_steps : int, default=8
        Of OPG, and again of MAVE.
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    components_, mean_, eigenvalues_, n_components_
        As in :class:`SIR`; the eigenvalues are those of the mean outer product of the gradients.

    Notes
    -----
    ``O(n^2 p^2 + n p^2 d^2)`` per step. Sees the mean of the response only. Not robust.

    References
    ----------
    Xia, Tong, Li and Zhu (2002), An adaptive estimation of dimension reduction space, JRSS B 64, 363-410.
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
        features = response_features(response)
        start = gradient_matrix(Z, response, n_components, self.n_steps)
        basis = np.linalg.eigh(start)[1][:, -n_components:]
        last = bandwidths(len(Z), Z.shape[1], n_components, self.n_steps)[-1]
        for _ in range(self.n_steps):
            basis = _improved(basis, Z, features, last)
        gradients = local_linear(local_weights(Z @ basis, last), Z @ basis, features).gradients
        return basis @ np.einsum("jam,jbm->ab", gradients, gradients) @ basis.T / len(Z)


def _improved(basis: np.ndarray, Z: np.ndarray, features: np.ndarray, bandwidth: float) -> np.ndarray:
    """One turn: local fits in the reduced coordinates, then least squares for the basis."""
    (r, d), U = basis.shape, Z @ basis
    weights = local_weights(U, bandwidth)
    levels, slopes = local_linear(weights, U, features)
    first, second, mixed = local_moments(weights, Z, features)
    outer = np.einsum("jkm,jlm->jkl", slopes, slopes)
    left = np.einsum("jkl,jab->kalb", outer, second).reshape(d * r, d * r)
    # sum_i w (z_i - z_j)(g_i - a_j)' = mixed - first a_j'
    right = np.einsum("jam,jkm->ka", mixed - first[:, :, None] * levels[:, None, :], slopes).reshape(-1)
    left[np.diag_indices(d * r)] += 1e-8 * np.trace(left) / (d * r) + 1e-300
    solved = np.linalg.solve(left, right).reshape(d, r).T
    return np.linalg.qr(solved)[0]
