r"""Gaussian means of a function, and its coefficients in Hermite polynomials.

With :math:`h_k = \mathrm{he}_k/\sqrt{k!}` orthonormal under the normal law,

.. math:: a_k(q) = E\, \varphi(\sqrt q z)\, h_k(z), \qquad
    E\, \varphi(u) \varphi(v) = \sum_k a_k(q)\, a_k(q')\, \rho^k

for normal u, v of variances q, q' and correlation rho (Mehler). The means are trapezoidal sums, which converge
exponentially for functions that are analytic around the real line, and need no eigenvalues where Gauss's rule does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

N_TERMS = 1000  # most terms of a series
_STEP, _END = 0.05, 13.0  # the root of the normal density is 4e-19 at the end
_ROWS = 256  # evaluated at once


@cache
def nodes() -> tuple[np.ndarray, np.ndarray]:
    """Points z of the rule, and their weights: the normal density times the step."""
    half = round(_END / _STEP)
    z = _STEP * np.arange(-half, half + 1)
    weights = _STEP * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    z.flags.writeable = weights.flags.writeable = False
    return z, weights


@cache
def weighted_polynomials() -> np.ndarray:
    """h_k(z) times the weights, (terms, nodes).

    The recursion runs on h_k times the root of the density, which is bounded.
    """
    z, weights = nodes()
    root = np.sqrt(weights)
    table = np.empty((N_TERMS, len(z)))
    table[0], table[1] = root, z * root
    for k in range(1, N_TERMS - 1):
        table[k + 1] = (z * table[k] - np.sqrt(k) * table[k - 1]) / np.sqrt(k + 1)
    table *= root
    table.flags.writeable = False
    return table


def gaussian_mean(function: Callable[[np.ndarray], np.ndarray], variances: np.ndarray | float) -> np.ndarray:
    r"""E f(sqrt(q) z) for every variance q, by the trapezoidal rule of 521 nodes.

    Exact to rounding for what is analytic near the real line; a kink or a jump leaves an error of 1e-4 or more.

    >>> float(gaussian_mean(np.square, 3.0).round(12))
    3.0
    """
    z, weights = nodes()
    q = np.asarray(variances, dtype=np.float64)
    roots = np.sqrt(q.reshape(-1, 1))
    found = [function(roots[i : i + _ROWS] * z) @ weights for i in range(0, len(roots), _ROWS)]
    return np.concatenate(found).reshape(q.shape)


def roughness(function: Callable[[np.ndarray], np.ndarray], variance: float) -> float:
    """By how much a rule between the nodes gives other means of f, z f and f^2: rounding for smooth functions.

    >>> bool(roughness(np.tanh, 2.0) < 1e-14 < 1e-5 < roughness(np.abs, 2.0))
    True
    """
    z, weights = nodes()
    between = z[:-1] + 0.5 * _STEP
    means = []
    for points, shares in ((z, weights), (between, _STEP * np.exp(-0.5 * between * between) / np.sqrt(2.0 * np.pi))):
        values = function(np.sqrt(variance) * points[None])[0]
        means.append(np.array([values @ shares, (points * values) @ shares, np.square(values) @ shares]))
    scale = max(means[0][2], 1e-300)
    return float(np.max(np.abs(means[1] - means[0]) / [scale**0.5, scale**0.5, scale]))


def hermite_coefficients(
    function: Callable[[np.ndarray], np.ndarray], variances: np.ndarray, n_terms: int
) -> np.ndarray:
    """a_k(q), (variances, terms).

    >>> hermite_coefficients(np.square, np.array([1.0]), 3).round(12).tolist()
    [[1.0, 0.0, 1.414213562373]]
    """
    z, _ = nodes()
    roots = np.sqrt(np.asarray(variances, dtype=np.float64).reshape(-1, 1))
    table = weighted_polynomials()[:n_terms].T
    return np.concatenate([function(roots[i : i + _ROWS] * z) @ table for i in range(0, len(roots), _ROWS)])
