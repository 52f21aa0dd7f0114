"""Projection onto nonnegative blocks whose sum has unit row sums, by a semismooth Newton method."""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dposv

# The largest error of a row sum that a call may end with.
COARSEST = 1e-3


class RowSumProjection:
    r"""Projection onto ``{Z_1, ..., Z_K symmetric, Z_k >= 0, (sum_k Z_k) 1 = 1}``.

    The projection of ``M`` is :math:`Z_k = (M_k + \tfrac12(y1^\top + 1y^\top))_+` with ``y`` minimising the convex,
    piecewise quadratic :math:`\tfrac12\sum_k\|(M_k + \tfrac12(y1^\top+1y^\top))_+\|^2 - 1^\top y`.

    Parameters
    ----------
    n : int
    max_steps : int
        Newton steps of one call.
    tol : float
        For the largest error of a row sum.
    share : float

    Attributes
    ----------
    dual : ndarray of shape (n,)
        ``y`` of the last call, and the start of the next.

    Notes
    -----
    Newton's method ends after finitely many steps; from the last ``y`` usually one or two. With ``share`` above 0
    a call ends as soon as the error of the row sums is this share of what it was at the last ``y``: within an
    iteration that converges it then vanishes all the same, at one step per call.
    ``O(K n^2 + n^3 / 3)`` per step (Qi & Sun 2006 for the semismooth method).
    """

    def __init__(self, n: int, max_steps: int = 30, tol: float = 1e-8, share: float = 0.0):
        self.dual = np.zeros(n)
        self.max_steps = max_steps
        self.tol = tol
        self.share = share

    def __call__(self, matrices: np.ndarray) -> np.ndarray:
        """Project ``matrices`` of shape (K, n, n)."""
        blocks, n, _ = matrices.shape
        dual, ones = self.dual, np.ones(n)
        result, value = self._evaluate(matrices, dual)
        enough = self.tol
        for step in range(self.max_steps):
            gradient = (result.reshape(-1, n) @ ones).reshape(blocks, n).sum(axis=0) - 1.0
            error = float(np.abs(gradient).max())
            if step == 0:
                enough = max(self.tol, min(COARSEST, self.share * error))
            if error <= enough:
                break
            counts = np.add.reduce((result > 0.0).view(np.int8), axis=0, dtype=np.int8 if blocks < 128 else np.int64)
            hessian = 0.5 * counts
            degrees = hessian.sum(axis=1)
            # Two points with one positive entry between them make the system singular; the shift that cures
            # it vanishes with the gradient, so the last steps are Newton's.
            hessian.flat[:: n + 1] += degrees + min(0.1, 0.01 * error) + 1e-12 * n
            for i in np.flatnonzero(degrees == 0.0):
                # No positive entry, so no curvature: go to where the largest entry becomes positive.
                largest = (matrices[:, i] + 0.5 * (dual + dual[i])).max()
                hessian[i, i] = 1.0 / (1.0 - 2.0 * largest)
            # LAPACK itself: the wrapper's checks cost as much as the factorisation at a few hundred points.
            direction = dposv(hessian, -gradient, overwrite_a=True)[1]
            slope = float(gradient @ direction)
            length = 1.0
            while True:
                candidate = dual + length * direction
                result, trial = self._evaluate(matrices, candidate)
                if trial <= value + 1e-4 * length * slope + 1e-14 * abs(value) or length < 1e-6:
                    break
                length *= 0.5
            dual, value = candidate, trial
        self.dual = dual
        return result

    @staticmethod
    def _evaluate(matrices: np.ndarray, dual: np.ndarray) -> tuple[np.ndarray, float]:
        half = 0.5 * dual
        result = matrices + np.add.outer(half, half)
        np.maximum(result, 0.0, out=result)
        flat = result.ravel()
        return result, 0.5 * float(flat @ flat) - float(dual.sum())
