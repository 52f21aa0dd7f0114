"""iLA-SDP as our first prototype had it, kept as the yardstick of the solver that took its place.

The program is solved from its dual by the symmetric Gauss-Seidel ADMM of Sun, Toh and Yang (2015): multipliers of
``Z >= 0``, the linear equations, the matrices ``S >= 0``, and the equations again, with step 1.618; one Cholesky
factor serves all iterations, and each needs K full eigendecompositions. An alternation starts from the last one's
state; covariances are those of :mod:`covariance_step`, labels are rounded and matched as in the estimator.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from seedbed.clustering.affinity import classification_log_likelihood, likelihood_affinities
from seedbed.clustering.covariance_step import floor_eigenvalues, membership_covariances
from seedbed.clustering.memberships import hard_memberships
from seedbed.clustering.rounding import match_labels, spectral_rounding

STEP = 1.618
CHECK, TOL, MAX_ITER = 50, 2e-4, 600
ALTERNATIONS = 15
FLOOR = 1e-3

State = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]


class SymmetricGaussSeidel:
    """sGS-ADMM for ``max sum_k <A_k, Z_k>`` with ``Z_k`` psd and nonnegative, row sums ``1``, traces 1."""

    def __init__(self, n: int, blocks: int):
        self.n, self.blocks = n, blocks
        equations = np.zeros((n + blocks, n + blocks))
        equations[:n, :n] = 0.5 * blocks * (n * np.eye(n) + 1.0)
        equations[:n, n:] = equations[n:, :n] = 1.0
        equations[n:, n:] = n * np.eye(blocks)
        self._factor = cho_factor(equations)

    def _values(self, matrices: np.ndarray) -> np.ndarray:
        return np.concatenate([matrices.sum(axis=0).sum(axis=1), np.trace(matrices, axis1=1, axis2=2)])

    def _adjoint(self, dual: np.ndarray) -> np.ndarray:
        half = 0.5 * dual[: self.n]
        result = np.repeat(np.add.outer(half, half)[None], self.blocks, axis=0)
        result[:, np.arange(self.n), np.arange(self.n)] += dual[self.n :, None]
        return result

    def solve(self, affinities: np.ndarray, state: State | None) -> State:
        """Primal and dual iterates at relative residuals of ``TOL``."""
        n, blocks = self.n, self.blocks
        scale = max(np.linalg.norm(a) for a in affinities) / np.sqrt(n)
        objective = affinities / scale
        if state is None:
            z = np.full((blocks, n, n), 1.0 / (n * blocks))
            s, sigma = np.zeros_like(z), 1.0
            pulled = -objective
        else:
            z, s, _, dual, sigma = state
            s = s / scale
            pulled = self._adjoint(dual / scale) - objective
        right = np.ones(n + blocks)
        size, least = 1.0 + np.linalg.norm(objective), 0.0
        for iteration in range(1, MAX_ITER + 1):
            rest = z / sigma
            multiplier = np.maximum(pulled - s - rest, 0.0)
            dual = cho_solve(self._factor, self._values(objective + s + multiplier + rest) - right / sigma)
            target = self._adjoint(dual) - objective - multiplier - rest
            values, vectors = np.linalg.eigh(target)
            for k in range(blocks):
                kept = values[k] > 0.0
                if np.count_nonzero(kept) <= n // 2:
                    s[k] = (vectors[k][:, kept] * values[k][kept]) @ vectors[k][:, kept].T
                else:
                    s[k] = target[k] - (vectors[k][:, ~kept] * values[k][~kept]) @ vectors[k][:, ~kept].T
            dual = cho_solve(self._factor, self._values(objective + s + multiplier + rest) - right / sigma)
            pulled = self._adjoint(dual) - objective
            residual = s + multiplier - pulled
            z = z + STEP * sigma * residual
            if iteration % CHECK:
                continue
            primal = 1.0 + np.linalg.norm(z)
            least = sum(np.linalg.norm(np.minimum(np.linalg.eigvalsh(block), 0.0)) for block in z) / primal
            equations = np.linalg.norm(self._values(z) - right) / (1.0 + np.linalg.norm(right))
            primal = max(equations, np.linalg.norm(np.minimum(z, 0.0)) / primal, least)
            dual_error = np.linalg.norm(residual) / size
            if max(primal, dual_error) < TOL:
                break
            if primal > 2.0 * dual_error:
                sigma /= 1.4
            elif dual_error > 2.0 * primal:
                sigma *= 1.4
        return z, s * scale, multiplier * scale, dual * scale, sigma


def fit_prototype(points: np.ndarray, labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """Labels of the best partition that the alternation meets, by classification log-likelihood.

    Parameters
    ----------
    points : ndarray of shape (n, p)
        The pooled covariance is the identity.
    labels : ndarray of shape (n,)
        The start.
    n_clusters : int

    Returns
    -------
    ndarray of shape (n,)
    """

    def covariances(memberships: np.ndarray) -> np.ndarray:
        return floor_eigenvalues(membership_covariances(points, memberships)[0], FLOOR)

    def likelihood(partition: np.ndarray) -> float:
        hard = hard_memberships(partition, n_clusters)
        affinities = likelihood_affinities(points, covariances(hard))
        return classification_log_likelihood(float(np.vdot(affinities, hard)), *points.shape)

    solver, state = SymmetricGaussSeidel(len(points), n_clusters), None
    current = covariances(hard_memberships(labels, n_clusters))
    best, best_value = labels, -np.inf
    for _ in range(ALTERNATIONS):
        state = solver.solve(likelihood_affinities(points, current), state)
        memberships = state[0]
        rounded = spectral_rounding(memberships.sum(axis=0), n_clusters, 0)
        new = match_labels(rounded, memberships.sum(axis=2).T)
        if np.bincount(new, minlength=n_clusters).min() < 2:
            break
        current = covariances(np.maximum(memberships, 0.0))
        value = likelihood(new)
        if value > best_value:
            best, best_value = new, value
        if np.array_equal(new, labels):
            break
        labels = new
    return best
