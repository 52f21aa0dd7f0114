r"""Everything that one eigendecomposition of a kernel matrix says about ridge regression.

With weights w, :math:`\tilde K = \sqrt w K \sqrt w = U S U^\top`, :math:`A = (\tilde K + \alpha)^{-1}` and the
unpenalised intercept along :math:`v = \sqrt w`,

.. math:: P = A - \frac{A v v^\top A}{v^\top A v}, \qquad e_i = \frac{[P \tilde y]_i}{P_{ii}}

are, over :math:`\sqrt{w_i}`, exactly the residuals of rows that were left out of the fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import cho_factor, cho_solve, eigh, lapack

from seedbed.wide_networks.units import unit_of

LEAST = 1e-280  # of an eigenvalue: below it a kernel counts as zero, for its digits are lost
RESIDUAL_SHARE = 1e-6  # of the trace of I - H: below it a criterion is 0/0


@dataclass(frozen=True, eq=False)
class Problem:
    """Targets (n, t), and roots of the weights (n,); whether there is an intercept."""

    y: np.ndarray
    roots: np.ndarray
    intercept: bool

    @cached_property
    def unit(self) -> float:
        """Of the targets: what is squared is in it, so that no scale is too small or too large."""
        return unit_of(self.y)

    @property
    def scaled(self) -> np.ndarray:
        """Targets in their unit, times the roots."""
        return self.y / self.unit * self.roots[:, None]


@dataclass(frozen=True, eq=False)
class RidgeFit:
    """One regression: coefficients of rows (n, t), intercepts (t,), residuals of rows left out (n, t), and criteria.

    ``quadratic`` (t,) is :math:`\\tilde y^\\top P \\tilde y` for targets in ``unit``, ``log_determinant`` that of
    :math:`K + \\alpha / w`, ``freedom`` the trace of I - H.
    """

    alpha: float
    dual: np.ndarray
    intercept: np.ndarray
    left_out: np.ndarray
    quadratic: np.ndarray
    log_determinant: float
    freedom: float
    unit: float

    @property
    def usable(self) -> bool:
        """Whether residuals are more than rounding."""
        return self.freedom > RESIDUAL_SHARE * len(self.dual)


class Solver:
    """A weighted kernel matrix, ready to be solved with for any alpha; ``matrix`` (n, n) is overwritten."""

    def __init__(self, matrix: np.ndarray, problem: Problem, solver: str):
        matrix *= problem.roots[:, None]
        matrix *= problem.roots
        self.unit = unit_of(np.diag(matrix))
        matrix /= self.unit
        self.problem, self.mean_eigenvalue = problem, float(np.trace(matrix) / len(matrix)) * self.unit
        self.eigenvalues = self.vectors = self.matrix = None
        if solver == "eigh":
            values, self.vectors = eigh(matrix, overwrite_a=True, check_finite=False, driver="evd")
            self._values = np.maximum(values, 0.0)
            self.eigenvalues = self._values * self.unit
        else:
            self.matrix = matrix

    def fits(self, alphas: np.ndarray) -> Iterator[RidgeFit]:
        """The regression of every alpha."""
        problem, alphas = self.problem, alphas / self.unit
        right = np.column_stack([problem.scaled, problem.roots])
        if self.vectors is None:
            for alpha in alphas:
                yield self._finish(float(alpha), *self._by_cholesky(float(alpha), right), right)
            return
        inverses = 1.0 / (self._values[:, None] + alphas)
        diagonals = np.square(self.vectors) @ inverses
        projected = self.vectors.T @ right
        for k, alpha in enumerate(alphas):
            solved = self.vectors @ (projected * inverses[:, k : k + 1])
            determinant = float(-np.log(inverses[:, k]).sum())
            yield self._finish(float(alpha), solved, diagonals[:, k], determinant, right)

    def _by_cholesky(self, alpha: float, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        assert self.matrix is not None
        shifted = self.matrix.copy()
        shifted[np.diag_indices_from(shifted)] += alpha
        factor = cho_factor(shifted, lower=True, overwrite_a=True, check_finite=False)
        determinant = 2.0 * float(np.log(np.diag(factor[0])).sum())
        solved = cho_solve(factor, right, check_finite=False)
        inverse, _ = lapack.dtrtri(factor[0], lower=1)
        return solved, np.square(np.tril(inverse)).sum(axis=0), determinant

    def _finish(self, alpha, solved, diagonal, determinant, right) -> RidgeFit:
        problem = self.problem
        dual, direction = solved[:, :-1].copy(), solved[:, -1]
        intercept = np.zeros(dual.shape[1])
        diagonal = diagonal.copy()
        if problem.intercept:
            curvature = float(problem.roots @ direction)
            intercept = problem.roots @ dual / curvature
            dual -= np.outer(direction, intercept)
            diagonal -= direction * direction / curvature
        left_out = dual / np.maximum(diagonal, 1e-300)[:, None] / problem.roots[:, None]
        quadratic = np.einsum("ij,ij->j", right[:, :-1], dual) / self.unit
        determinant = determinant - 2.0 * float(np.log(problem.roots).sum()) + len(dual) * np.log(self.unit)
        y, freedom = problem.unit, alpha * float(diagonal.sum())
        dual = dual * problem.roots[:, None] * (y / self.unit)
        return RidgeFit(alpha * self.unit, dual, intercept * y, left_out * y, quadratic, determinant, freedom, y)


def gcv(fit: RidgeFit, problem: Problem) -> float:
    """Generalised cross-validation: n |r|^2 / tr(I - H)^2, over all targets in their unit."""
    residuals = fit.alpha * fit.dual / problem.roots[:, None] / fit.unit
    return float(len(fit.dual) * np.square(residuals).sum() / fit.freedom**2)


def log_evidence(fit: RidgeFit, scale: np.ndarray | None) -> tuple[float, np.ndarray, float]:
    r"""log density of the targets under a Gaussian of covariance scale x (K + alpha / w) about the intercept.

    Without ``scale``, that of the largest likelihood, for each target. Returns it, too, and the unit of its root.
    """
    n, unit = len(fit.dual), 1.0 if scale is not None else fit.unit
    best = fit.quadratic / n if scale is None else scale
    best, ratio = np.maximum(best, 1e-300), fit.unit / unit
    with np.errstate(over="ignore"):
        total = n * np.log(2.0 * np.pi * best) + fit.log_determinant + fit.quadratic / best * ratio * ratio
    return -0.5 * float((total + 2.0 * n * np.log(unit)).sum()), best, unit
