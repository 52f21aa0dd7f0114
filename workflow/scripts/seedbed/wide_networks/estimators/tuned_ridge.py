"""A ridge, a depth and a bias that are chosen in one search: what regression, classes and processes share."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from sklearn.utils._param_validation import StrOptions

from .base import Number, WideBase
from .ridge_path import Problem, RidgeFit, Solver, gcv, log_evidence
from .search import CRITERIA, Candidate, Kernels, alphas_for, best_of, networks_to_try


class TunedRidge(WideBase):
    """The search that regression, classification and Gaussian processes share."""

    _parameter_constraints: ClassVar[dict] = {
        **WideBase._parameter_constraints,
        "alpha": [Number(Real, 0, None, closed="neither"), StrOptions({"auto"}), "array-like"],
        "criterion": [StrOptions(set(CRITERIA))],
        "solver": [StrOptions({"auto", "eigh", "cholesky"})],
    }

    def __init__(
        self,
        depth: Any = "auto",
        alpha: Any = "auto",
        input_bias: Any = "auto",
        criterion="loo",
        fit_intercept=True,
        solver="auto",
        activation: Any = "relu",
        sigma_w=None,
        sigma_b=0.0,
    ):
        self.depth = depth
        self.alpha = alpha
        self.input_bias = input_bias
        self.criterion = criterion
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.activation = activation
        self.sigma_w = sigma_w
        self.sigma_b = sigma_b

    def _criterion(self, fit: RidgeFit, problem: Problem) -> tuple[tuple[float, ...], dict[str, float]]:
        """What is compared, the larger the better, and the columns of the table."""
        weights = np.square(problem.roots)[:, None]
        squares = float((weights * np.square(fit.left_out / fit.unit)).sum() / weights.sum() / fit.left_out.shape[1])
        validated = gcv(fit, problem) if fit.usable else np.nan
        columns = {
            "alpha": fit.alpha,
            "loo_mse": squares * fit.unit * fit.unit,
            "gcv": validated * fit.unit * fit.unit,
            "log_evidence": log_evidence(fit, None)[0],
        }
        value = {"loo": -squares, "gcv": -validated, "evidence": columns["log_evidence"]}[self.criterion]
        return (value if fit.usable else np.nan,), columns

    def _candidates(self, X: np.ndarray, problem: Problem) -> Iterator[Candidate]:
        networks, order = networks_to_try(self), 0
        one = not isinstance(self.alpha, str) and np.size(self.alpha) == 1
        solver = self.solver if self.solver != "auto" else "cholesky" if one else "eigh"
        alone = one and len(networks) == 1
        for network, matrix in Kernels(networks, X, self.which):
            ready = Solver(matrix, problem, solver)
            for fit in ready.fits(alphas_for(self.alpha, ready.mean_eigenvalue)):
                value, columns = self._criterion(fit, problem)
                yield Candidate(network, fit, ready, (0.0,) if alone else value, {**columns, "order": order})
                order += 1

    def _search(self, X: np.ndarray, y: np.ndarray, roots: np.ndarray) -> tuple[Candidate, Problem]:
        problem = Problem(y, roots, bool(self.fit_intercept))
        best, self.path_ = best_of(self._candidates(X, problem))
        if not np.isfinite(best.fit.dual).all():
            raise ValueError("targets over kernel are no numbers: scale the targets down, or the rows up")
        self._take_network(best.network, X)
        self.alpha_, self.eigenvalues_ = best.fit.alpha, best.solver.eigenvalues
        return best, problem

    def _words(self, found: str) -> str:
        number = len(self.path_.alpha)
        said = f"depth {self.depth_}, input bias {self.input_bias_:.3g}, alpha {self.alpha_:.3g}"
        if number > 1:
            said += f", the best of {number} by {self.criterion}"
        tried = self.path_.alpha[(self.path_.depth == self.depth_) & (self.path_.input_bias == self.input_bias_)]
        if len(tried) > 1 and self.alpha_ in (tried.min(), tried.max()):
            said += f" ({'the smallest' if self.alpha_ == tried.min() else 'the largest'} alpha that was tried)"
        return f"{said}; {found}"


def left_out_r2(left_out: np.ndarray, problem: Problem) -> float:
    """R^2 of predictions of rows left out, weighted; the mean over targets that vary."""
    weights = np.square(problem.roots)[:, None]
    y = problem.y / problem.unit
    centred = y - (weights * y).sum(axis=0) / weights.sum()
    total = (weights * np.square(centred)).sum(axis=0)
    rest = (weights * np.square(left_out / problem.unit)).sum(axis=0)
    varies = total > 0.0
    return float(np.mean(1.0 - rest[varies] / total[varies])) if varies.any() else float("nan")
