r"""Least-squares training of an infinitely wide network, in closed form.

Under the loss :math:`\sum_i w_i (f(x_i) - y_i)^2 / (2 \sum w)` and gradient flow from a function that is the mean of
the targets, with :math:`\sqrt w \Theta \sqrt w = U S U^\top`,

.. math:: f_t(x) = \bar y + \theta(x, X) \sqrt w\, U\, \frac{1 - e^{-s t / \sum w}}{s}\, U^\top \sqrt w (y - \bar y).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from .ridge_path import LEAST, RESIDUAL_SHARE, Problem

N_TIMES = 60
CUT = 1e-13  # of the largest eigenvalue: what is below is rounding, and never learned


@dataclass(frozen=True, eq=False)
class FlowFit:
    """Training stopped at a time: weighted sum of squared residuals, trace of I - H, and generalised cross-validation.

    The last is n |r|^2 / tr(I - H)^2 over all targets, and NaN where nothing but rounding is left. Residuals are in the
    unit of the targets.
    """

    time: float
    squares: float
    freedom: float
    gcv: float


class Flow:
    """An eigendecomposition of a weighted kernel matrix, which is overwritten; everything else is products."""

    def __init__(self, matrix: np.ndarray, problem: Problem):
        matrix *= problem.roots[:, None]
        matrix *= problem.roots
        self.problem, self.total = problem, float(np.square(problem.roots).sum())
        values, self.vectors = eigh(matrix, overwrite_a=True, check_finite=False, driver="evd")
        self.eigenvalues = np.where(values > CUT * max(values[-1], LEAST), values, 0.0)
        roots = problem.roots
        y = problem.y / problem.unit
        means = np.average(y, axis=0, weights=np.square(roots)) * float(problem.intercept)
        self.means = means * problem.unit
        self.start = self.vectors.T @ (roots[:, None] * (y - means))
        self.constant = self.vectors.T @ roots

    def times(self) -> np.ndarray:
        """From before anything is learned to after the mean eigenvalue's share is learned a million times over."""
        largest, mean = max(self.eigenvalues[-1], LEAST), max(float(self.eigenvalues.mean()), LEAST)
        return np.geomspace(0.1 * self.total / largest, 1e6 * self.total / mean, N_TIMES)

    def filters(self, time: float) -> np.ndarray:
        """(1 - exp(-s t / n)) / s for every eigenvalue; t / n at s = 0, and 1 / s or 0 after infinite time."""
        s = self.eigenvalues
        positive = np.where(s > 0.0, s, 1.0)
        if np.isinf(time):
            return np.where(s > 0.0, 1.0 / positive, 0.0)
        return np.where(s > 0.0, -np.expm1(-positive * (time / self.total)) / positive, time / self.total)

    def dual(self, time: float) -> np.ndarray:
        """Coefficients of the kernel with the rows at this time, (n, t)."""
        learned = self.filters(time) * (self.eigenvalues > 0.0)
        return self.problem.roots[:, None] * (self.vectors @ (learned[:, None] * self.start)) * self.problem.unit

    def stopped(self, time: float) -> FlowFit:
        """Training up to this time."""
        left = 1.0 - self.eigenvalues * self.filters(time)
        squares = float(np.square(left[:, None] * self.start).sum())
        # without the constant, which is there from the start: trace of (I - H_t)(I - v v' / v'v)
        freedom = float(left.sum())
        if self.problem.intercept:
            freedom -= float(left @ np.square(self.constant)) / self.total
        n = len(left)
        gcv = n * squares / freedom**2 if freedom > RESIDUAL_SHARE * n else float("nan")
        return FlowFit(float(time), squares, freedom, gcv)
