"""Benchmarks of the wide_networks study: our code and its peers on the same problems.

Problems are built, and everything is loaded and compiled, before the clock starts. Peers that do not install beside
this project's versions are left out where they are not found: neural-tangents needs JAX 0.4.23 and NumPy below 2.
"""

from __future__ import annotations

import importlib.util
from functools import partial
from typing import Any

import numpy as np

from seedbed.core.study import Case
from seedbed.wide_networks.depth_width.output_law import expected_vertex, sample_output_variance

from . import kernels, torch_modules

Problem = dict[str, Any]
HAS_NEURAL_TANGENTS = importlib.util.find_spec("neural_tangents") is not None


# ---- the law of a random network's output at one input


def _law(width: int, depth: int, n_draws: int, n_networks: int) -> Problem:
    sample_output_variance(width, depth, n_samples=10, random_state=0)
    return {"width": width, "depth": depth, "n_draws": n_draws, "n_networks": n_networks}


def _draws(problem: Problem) -> np.ndarray:
    return sample_output_variance(problem["width"], problem["depth"], n_samples=problem["n_draws"], random_state=0)


def _networks(problem: Problem) -> np.ndarray:
    """The sizes of last layers of networks whose weights are drawn, for a share of the draws."""
    rng, n = np.random.default_rng(0), problem["width"]
    sizes = np.empty(problem["n_networks"])
    for number in range(len(sizes)):
        z = rng.standard_normal(n)
        for _ in range(problem["depth"] - 1):
            z = rng.standard_normal((n, n)) @ np.maximum(z, 0.0) * np.sqrt(2.0 / n)
        sizes[number] = 2.0 * np.mean(np.maximum(z, 0.0) ** 2)
    return sizes


def _mean_error(problem: Problem, sizes: np.ndarray) -> float:
    """Of the mean, which is one, in standard errors of what the exact law says of this many draws."""
    spread = np.sqrt(expected_vertex(problem["width"], problem["depth"]) / len(sizes))
    return float(abs(sizes.mean() - 1.0) / spread)


# ---- kernel matrices


def _matrix_case(name: str, depth: int, target: float, everywhere: bool = False, neural_tangents: float = 0.0) -> Case:
    contenders = {"seedbed": kernels.ours, "textbook NumPy": kernels.textbook}
    if HAS_NEURAL_TANGENTS:
        contenders["neural-tangents"] = kernels.neural_tangents
    return Case(
        name=name,
        problem=partial(kernels.matrix_problem, 1500, depth, everywhere=everywhere),
        contenders=contenders,
        accuracy=kernels.matrix_error,
        accuracy_label="largest error, relative to the diagonal",
        peer="textbook NumPy",
        target=target,
        warm=True,
        more_targets={"neural-tangents": neural_tangents} if HAS_NEURAL_TANGENTS else {},
    )


CASES = (
    _matrix_case("ntk_1500_depth_3", 3, 6.0, neural_tangents=10.0),
    _matrix_case("ntk_1500_depth_12", 12, 15.0, neural_tangents=35.0),
    _matrix_case("ntk_1500_depth_6_biases", 6, 5.0, everywhere=True, neural_tangents=5.0),
    Case(
        name="gelu_100_depth_3",
        problem=partial(kernels.matrix_problem, 100, 3, "gelu"),
        contenders={"seedbed": kernels.ours, "quadrature, 40 x 40 nodes": kernels.quadrature},
        accuracy=kernels.matrix_error,
        accuracy_label="largest error, relative to the diagonal",
        peer="quadrature, 40 x 40 nodes",
        target=30.0,
        warm=True,
    ),
    Case(
        name="tuned_digits_200",
        problem=partial(kernels.tuning_problem, 200),
        contenders={"seedbed": kernels.left_out, "GridSearchCV(SVC)": kernels.grid_search},
        accuracy=kernels.wrong_share,
        accuracy_label="share of test rows that are wrong",
        peer="GridSearchCV(SVC)",
        target=4.0,
        warm=True,
    ),
    Case(
        name="curves_6_targets_6_sizes",
        problem=partial(kernels.curve_problem, 1024, 200),
        contenders={"seedbed": kernels.exact_curves, "100 draws of each target": kernels.drawn_curves},
        accuracy=kernels.curve_error,
        accuracy_label="largest relative distance to the expectation",
        peer="100 draws of each target",
        target=20.0,
        warm=True,
    ),
    Case(
        name="empirical_256_width_256",
        problem=partial(torch_modules.kernel_problem, 256, 256),
        contenders={"seedbed": torch_modules.factorised, "torch.func, Jacobians": torch_modules.jacobians},
        accuracy=torch_modules.kernel_error,
        accuracy_label="largest error, relative to the largest entry",
        peer="torch.func, Jacobians",
        target=50.0,
        warm=True,
    ),
    *(
        Case(
            name=f"hessian_top_{k}",
            problem=partial(torch_modules.curvature_problem, k, tol),
            contenders={
                "seedbed": torch_modules.lanczos_top,
                "power iteration": torch_modules.power_top,
                "power iteration, tol / 1000": partial(torch_modules.power_top, tighter=1e-3),
            },
            accuracy=torch_modules.top_error,
            accuracy_label="largest relative error of an eigenvalue",
            peer="power iteration",
            target=target,
            warm=True,
        )
        for k, tol, target in ((1, 1e-3, 2.0), (5, 1e-6, 8.0))
    ),
    Case(
        name="ggn_24_batches_of_16",
        problem=torch_modules.curvature_problem,
        contenders={
            "seedbed": torch_modules.gram_of_batches,
            "Lanczos on products": torch_modules.products_of_batches,
        },
        accuracy=torch_modules.batches_error,
        accuracy_label="largest relative error of an eigenvalue",
        peer="Lanczos on products",
        target=10.0,
        warm=True,
    ),
    Case(
        name="output_law_width_256_depth_32",
        problem=lambda: _law(256, 32, 100, 100),
        contenders={"output law": _draws, "networks": _networks},
        accuracy=_mean_error,
        accuracy_label="error of the mean, in standard errors",
        peer="networks",
        target=50.0,
        warm=True,
    ),
)
