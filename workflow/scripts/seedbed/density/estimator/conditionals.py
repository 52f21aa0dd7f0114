r"""Conditional and marginal laws of a mixture of equal Gaussian components, in closed form.

Given :math:`x_b`, component i has the weight :math:`N(x_b; y_{ib}, g_i^2 H_{bb})`, the mean
:math:`y_{ia} + H_{ab} H_{bb}^{-1} (x_b - y_{ib})` and the covariance
:math:`g_i^2 (H_{aa} - H_{ab} H_{bb}^{-1} H_{ba})`: again equal components but for their weights.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from seedbed.density.scales import refuse_far


class Components(NamedTuple):
    """What an estimate is made of: centres (n, d), log weights (n,), the kernel matrix (d, d), log widths or None."""

    centres: np.ndarray
    log_weights: np.ndarray
    matrix: np.ndarray
    log_widths: np.ndarray | None


def conditional(components: Components, given: np.ndarray, left: np.ndarray, values: np.ndarray) -> Components:
    """The components of the columns ``left``, given the values of the columns ``given``."""
    centres, log_weights, H, log_widths = components
    factor = cho_factor(H[np.ix_(given, given)], lower=True)
    apart = values - centres[:, given]
    solved = cho_solve(factor, apart.T).T
    squares = np.einsum("ij,ij->i", apart, solved)
    refuse_far(squares, log_widths)
    widths = np.zeros(len(centres)) if log_widths is None else log_widths
    exponents = log_weights - 0.5 * squares * np.exp(-2.0 * widths) - len(given) * widths
    exponents -= exponents.max()
    log_total = np.log(np.exp(exponents).sum())
    cross = H[np.ix_(left, given)]
    matrix = H[np.ix_(left, left)] - cross @ cho_solve(factor, cross.T)
    return Components(centres[:, left] + solved @ cross.T, exponents - log_total, 0.5 * (matrix + matrix.T), log_widths)


def marginal(components: Components, left: np.ndarray) -> Components:
    """The components of some columns: the others are dropped."""
    centres, log_weights, H, log_widths = components
    return Components(np.ascontiguousarray(centres[:, left]), log_weights, H[np.ix_(left, left)], log_widths)
