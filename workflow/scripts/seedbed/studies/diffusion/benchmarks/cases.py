"""Benchmarks of the diffusion study: denoisers, solvers, densities, paths, limits and dimensions against others.

Problems are built, and everything is loaded and compiled, before the clock starts.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from seedbed.core.study import Case
from seedbed.diffusion.dimension.neighbours import KernelDimension, LevinaBickelMLE, TwoNN
from seedbed.diffusion.fields.flow_density import flow_log_density
from seedbed.diffusion.laws.empirical import EmpiricalLaw
from seedbed.diffusion.laws.gaussian_mixture import GaussianMixtureLaw
from seedbed.diffusion.noise_grids import geometric_grid, karras_grid
from seedbed.diffusion.paths.kinetic_optimal import KineticOptimalPath
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.studies.diffusion.data.laws import digits
from seedbed.studies.diffusion.peers.paths import DirectPath

from .limits_and_dimensions import (
    closed_limits,
    dimension_error,
    dimensional,
    fitted,
    limit_error,
    path_error,
    scikit_dimension,
    separated,
    simulated_limits,
)  # fmt: skip

Problem = dict[str, Any]


# ---- the denoiser of a data set


def denoising(sigmas: tuple[float, ...], n: int, size: int | None = None) -> Problem:
    """Noisy digits, or normal points, their law, and the same as tensors of one thread."""
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    X = digits()[0] if size is None else rng.standard_normal((size, 64))
    clean = X[rng.integers(0, len(X), n)]
    y = [clean + sigma * rng.standard_normal(clean.shape) for sigma in sigmas]
    law = EmpiricalLaw(X)
    for sigma in sigmas:
        law.denoise(y[0][:2], sigma)
    tensors = {"X": torch.tensor(X), "half": 0.5 * (torch.tensor(X) ** 2).sum(1), "y": [torch.tensor(one) for one in y]}
    return {"X": X, "y": y, "sigmas": sigmas, "law": law, "tensors": tensors}


def _ours(problem: Problem) -> list[np.ndarray]:
    return [problem["law"].denoise(y, sigma) for y, sigma in zip(problem["y"], problem["sigmas"], strict=True)]


def _torch_cdist(problem: Problem) -> list:
    import torch

    X = problem["tensors"]["X"]
    pairs = zip(problem["tensors"]["y"], problem["sigmas"], strict=True)
    return [torch.softmax(-(torch.cdist(y, X) ** 2) / (2 * sigma**2), 1) @ X for y, sigma in pairs]


def _torch_gemm(problem: Problem) -> list:
    import torch

    X, half = problem["tensors"]["X"], problem["tensors"]["half"]
    pairs = zip(problem["tensors"]["y"], problem["sigmas"], strict=True)
    return [torch.softmax((y @ X.T - half) / sigma**2, 1) @ X for y, sigma in pairs]


def denoising_error(problem: Problem, found: list) -> float:
    """Largest error over a few points, against weights from differences."""
    worst = 0.0
    for y, sigma, mine in zip(problem["y"], problem["sigmas"], found, strict=True):
        for row, value in zip(y[:8], np.asarray(mine)[:8], strict=True):
            logs = -((row - problem["X"]) ** 2).sum(1) / (2 * sigma**2)
            weights = np.exp(logs - logs.max())
            worst = max(worst, float(np.abs(weights @ problem["X"] / weights.sum() - value).max()))
    return worst


# ---- solvers


def overhead(n_steps: int) -> Problem:
    """A denoiser that costs nothing, so that what remains is the solver's own."""
    rng = np.random.default_rng(0)
    grid = karras_grid(n_steps)
    problem = {"y": grid[0] * rng.standard_normal((1, 64)), "grid": grid, "flow": ProbabilityFlow("exponential", 2)}
    with suppress(ImportError):
        import diffusers  # noqa: F401
        import torch

        torch.set_num_threads(1)
    return problem


def _shrunk(y: Any, sigma: float) -> Any:
    return y / (1 + sigma**2)


def _flow(problem: Problem) -> np.ndarray:
    return problem["flow"].sample(_shrunk, problem["y"], problem["grid"])


def _diffusers(problem: Problem) -> np.ndarray:
    """DPM-Solver++ 2M of diffusers on the same noise levels."""
    import torch
    from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler

    solver = DPMSolverMultistepScheduler(
        solver_order=2, lower_order_final=False, final_sigmas_type="sigma_min", prediction_type="sample",
        solver_type="midpoint", beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012,
    )  # fmt: skip
    solver.set_timesteps(len(problem["grid"]) - 1)
    scale = 1 / np.sqrt(1 + float(solver.sigmas[0]) ** 2)
    x = torch.tensor(problem["y"]) * scale
    for i, t in enumerate(solver.timesteps):
        sigma = float(solver.sigmas[i])
        denoised = _shrunk(x * np.sqrt(1 + sigma**2), sigma)
        x = solver.step(denoised, t, x, return_dict=False)[0]
    return x.numpy()


def sampling_error(problem: Problem, found: np.ndarray) -> float:
    """Distance of the last point's direction from the first one's: a free denoiser shrinks and turns nothing."""
    one, other = problem["y"][0] / np.linalg.norm(problem["y"][0]), found[0] / np.linalg.norm(found[0])
    return float(np.abs(one - other).max())


# ---- densities along the flow


def density(n: int) -> Problem:
    """A mixture in eight dimensions, and points of it."""
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    law = GaussianMixtureLaw(1.5 * rng.standard_normal((5, 8)), rng.uniform(0.1, 0.5, (5, 8)))
    return {"law": law, "points": law.sample(n, 1, 0.2), "grid": geometric_grid(40, 3.0, 0.2)}


def _closed_form(problem: Problem) -> np.ndarray:
    return flow_log_density(problem["law"], problem["points"], problem["grid"])


def _autograd(problem: Problem) -> np.ndarray:
    """The same integral with divergences by torch.func, exactly, one Jacobian a point."""
    import torch

    law, levels = problem["law"], np.log(problem["grid"])[::-1]
    means, variances = torch.tensor(law.means), torch.tensor(np.array(law.variances))
    log_weights = torch.log(torch.tensor(law.weights))

    def rate(y: Any, sigma: float) -> Any:
        v = variances + sigma**2
        z = y - means
        weights = torch.softmax(log_weights - 0.5 * (torch.log(v) + z**2 / v).sum(-1), 0)
        denoised = (weights[:, None] * (means + z * variances / v)).sum(0)
        return y - denoised

    def both(y: Any, level: float) -> tuple[Any, Any]:
        sigma = float(np.exp(level))
        jacobian = torch.vmap(torch.func.jacrev(lambda x: rate(x, sigma)))(y)
        return torch.vmap(lambda x: rate(x, sigma))(y), torch.einsum("nii->n", jacobian)

    y, gathered = torch.tensor(problem["points"]), torch.zeros(len(problem["points"]), dtype=torch.float64)
    for i in range(len(levels) - 1):
        start, step = levels[i], levels[i + 1] - levels[i]
        k1, q1 = both(y, start)
        k2, q2 = both(y + step / 2 * k1, start + step / 2)
        k3, q3 = both(y + step / 2 * k2, start + step / 2)
        k4, q4 = both(y + step * k3, start + step)
        y = y + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        gathered = gathered + step / 6 * (q1 + 2 * q2 + 2 * q3 + q4)
    return law.log_density(y.numpy(), float(problem["grid"][0])) + gathered.numpy()


def density_error(problem: Problem, found: np.ndarray) -> float:
    """Largest error, against the mixture's own log density."""
    return float(np.abs(found - problem["law"].log_density(problem["points"], 0.2)).max())


def _denoiser(name: str, problem: Callable, target: float, peer: str = "torch_gemm") -> Case:
    contenders = {"ours": _ours, "torch_cdist": _torch_cdist, "torch_gemm": _torch_gemm}
    return Case(name, problem, contenders, denoising_error, "largest error", peer, target, warm=True)


def _dimension_case(name: str, estimator: Any, peer: tuple[str, int], target: float, n: int, d: int) -> Case:
    contenders = {"ours": partial(fitted, estimator), "scikit_dimension": partial(scikit_dimension, *peer)}
    problem = partial(dimensional, n, d)
    return Case(name, problem, contenders, dimension_error, "relative error", "scikit_dimension", target, warm=True)


CASES = [
    _denoiser("denoiser_low_noise", partial(denoising, (0.25,), 1024), 8.0, "torch_cdist"),
    _denoiser("denoiser_high_noise", partial(denoising, (2.0,), 1024), 2.0),
    _denoiser("denoiser_over_a_grid", partial(denoising, tuple(karras_grid(8)[:-1]), 128, 20_000), 4.0),
    Case(
        "solver_overhead", partial(overhead, 50), {"ours": _flow, "diffusers": _diffusers}, sampling_error,
        "error of the direction", "diffusers", 8.0, warm=True,
    ),
    Case(
        "log_density_along_the_flow", partial(density, 256), {"ours": _closed_form, "torch_func": _autograd},
        density_error, "largest error, nats", "torch_func", 50.0, warm=True,
    ),
    Case(
        "kinetic_optimal_path", separated,
        {
            "ours": lambda problem: KineticOptimalPath().fit(problem["separation"]),
            "direct_minimisation": lambda problem: DirectPath(24).fit(problem["separation"]),
        },
        path_error, "energy above the least, relative", "direct_minimisation", 100.0, warm=True,
    ),
    Case(
        "guidance_limits", lambda: {"steps": (6, 20)}, {"ours": closed_limits, "simulated_runs": simulated_limits},
        limit_error, "largest relative error", "simulated_runs", 20.0, warm=True,
    ),
    _dimension_case("maximum_likelihood_dimension", LevinaBickelMLE(), ("MLE", 20), 4.0, 5000, 20),
    _dimension_case("two_nn_dimension", TwoNN(), ("TwoNN", 0), 1.3, 5000, 20),
    _dimension_case("kernel_dimension", KernelDimension(), ("lPCA", 30), 5.0, 5000, 20),
]  # fmt: skip
