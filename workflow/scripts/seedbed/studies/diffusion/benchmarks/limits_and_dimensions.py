"""Problems and contenders of the benchmark: paths, limits of guidance, and dimensions."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np

from seedbed.diffusion.laws.empirical import EmpiricalLaw
from seedbed.diffusion.paths.kinetic_optimal import kinetic_energy
from seedbed.diffusion.paths.separation import separation_of
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.diffusion.stability.noise_grid import guidance_limit
from seedbed.studies.diffusion.data.laws import digits

Problem = dict[str, Any]


def separated() -> Problem:
    """The separation of the digits."""
    return {"separation": separation_of(EmpiricalLaw(digits()[0], 0.316), 48, 64, 0)}


def path_error(problem: Problem, path: Any) -> float:
    """Its energy above the least, relative."""
    least = 2 * (1 - np.cos(problem["separation"].total_angle))
    return abs(kinetic_energy(path, problem["separation"]) / least - 1)


SOLVERS = [
    ProbabilityFlow("heavy_ball", 1, beta=0.8, coefficients="constant"),
    ProbabilityFlow("generalized_heavy_ball", 4, beta=0.8, coefficients="constant"),
    ProbabilityFlow("adams", 1),
    ProbabilityFlow("adams", 4),
]


def closed_limits(problem: Problem) -> np.ndarray:
    return np.array([[guidance_limit(solver, n) for n in problem["steps"]] for solver in SOLVERS])


def simulated_limits(problem: Problem) -> np.ndarray:
    """Bisection on whether a run of two hundred steps grows."""
    found = np.empty((len(SOLVERS), len(problem["steps"])))
    for j, n in enumerate(problem["steps"]):
        grid = ((0.02 / 15) ** (1 / n)) ** np.arange(201)
        for i, solver in enumerate(SOLVERS):
            low, high = 0.0, 64.0
            for _ in range(16):
                c = (low + high) / 2
                with np.errstate(over="ignore", invalid="ignore"):
                    end = solver.sample(lambda y, s, c=c: (1 - c) * y, np.ones((1, 1)), grid)
                low, high = (c, high) if abs(end[0, 0]) < 1e3 else (low, c)
            found[i, j] = low
    return found


def limit_error(problem: Problem, found: np.ndarray) -> float:
    """Largest relative error for Adams of order one, 2 / (1 - rho), and for the heavy ball on it."""
    ratios = np.array([(0.02 / 15) ** (1 / n) for n in problem["steps"]])
    euler = 2 / (1 - ratios)
    heavy = euler * (1 + 0.2 * ratios) / 0.8
    return float(max(np.abs(found[2] / euler - 1).max(), np.abs(found[0] / heavy - 1).max()))


def dimensional(n: int, d: int) -> Problem:
    """Uniform points, and scikit-dimension and numba loaded where they are installed."""
    with suppress(ImportError):
        import skdim  # noqa: F401
    with suppress(ImportError):
        import seedbed.diffusion.dimension.nearest_loops  # noqa: F401
    return {"X": np.random.default_rng(0).uniform(size=(n, d)), "d": d}


def fitted(estimator: Any, problem: Problem) -> float:
    return estimator.fit(problem["X"]).dimension_


def scikit_dimension(name: str, pointwise: int, problem: Problem) -> float:
    import skdim

    estimator = getattr(skdim.id, name)()
    if pointwise:
        return float(np.mean(estimator.fit_transform_pw(problem["X"], n_neighbors=pointwise)))
    return estimator.fit(problem["X"]).dimension_


def dimension_error(problem: Problem, found: float) -> float:
    """Relative error."""
    return abs(found / problem["d"] - 1)
