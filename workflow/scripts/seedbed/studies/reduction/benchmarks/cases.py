"""Benchmarks of the reduction study: the ball kernel, one training step, and whole fits.

Problems are built, and everything is loaded and compiled, before the clock starts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from seedbed.core.study import Case
from seedbed.reduction.fccov.balls import ball_kernel, sorted_blocks
from seedbed.reduction.fccov.covariance import kernel_products
from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.numerics.distance_correlation import distance_correlation
from seedbed.reduction.spaces.response import Response
from seedbed.studies.reduction.data.euclidean_models import EuclideanModel

STEPS, COMPONENTS = 40, 2


def _responses(n: int) -> Response:
    response = Response.of(np.random.default_rng(0).normal(size=(n, 3)))
    response.distances  # noqa: B018 (part of the problem, not of what is measured)
    ball_kernel(response.take(np.arange(8)))
    _plain_loop()(np.zeros((2, 2)))
    return response


@cache
def _plain_loop() -> Callable[[np.ndarray], np.ndarray]:
    """The kernel from its counts as one would write it first, compiled with all of fastmath."""
    from numba import njit

    @njit(fastmath=True)
    def minima(counts):
        n, m = counts.shape
        total = np.zeros((n, n))
        for i in range(n):
            for k in range(i, n):
                value = 0.0
                for j in range(m):
                    value += min(counts[i, j], counts[k, j])
                total[i, k] = total[k, i] = value / m
        return total

    return minima


def _by_plain_loop(response: Response) -> np.ndarray:
    n = len(response)
    counts = np.empty((n, n))
    anchor = 0
    for distances, order in sorted_blocks(response, None):
        for row, by_distance in zip(distances, order, strict=True):
            counts[by_distance, anchor] = n - np.searchsorted(row[by_distance], row[by_distance], side="right")
            anchor += 1
    return _plain_loop()(counts / n)


def _kernel_error(response: Response, kernel: np.ndarray) -> float:
    """Against products by sorting, which make no kernel."""
    f = np.random.default_rng(1).normal(size=(len(response), 1))
    return float(np.abs(kernel @ f - kernel_products(response, f)).max() / np.abs(kernel @ f).max())


def _two_sizes() -> dict[str, Response]:
    return {"large": _responses(3200), "small": _responses(1600)}


def _eight_small(problem: dict[str, Response]) -> np.ndarray:
    for _ in range(8):
        kernel = ball_kernel(problem["small"])
    return kernel


def _step_problem(n: int) -> dict[str, Any]:
    """A kernel, presorted distances, and scores, as tensors."""
    import torch

    import seedbed.reduction.networks.training  # noqa: F401

    response = _responses(n)
    distances, order = (np.vstack(blocks) for blocks in zip(*sorted_blocks(response, None), strict=True))
    ordered = np.take_along_axis(distances, order, axis=1)
    first = np.maximum.accumulate(
        np.where(np.diff(ordered, axis=1, prepend=-1.0) > 0, np.arange(n), 0), axis=1
    )  # start of each tie
    scores = np.random.default_rng(1).normal(size=(n, COMPONENTS))
    exact = 2.0 * centre(ball_kernel(response)) @ (scores - scores.mean(axis=0)) / n**2
    return {
        "n": n,
        "kernel": torch.from_numpy(centre(ball_kernel(response))).float(),
        "order": torch.from_numpy(order.T.copy()),
        "first": torch.from_numpy(first.T.copy()),
        "response": response,
        "scores": torch.from_numpy(scores).float(),
        "exact": exact,
    }


def _steps(loss: Callable, problem: dict[str, Any]) -> np.ndarray:
    """Gradients of the loss at the scores, again and again."""
    for _ in range(STEPS):
        scores = problem["scores"].clone().requires_grad_(True)
        loss(problem, scores).backward()
    return scores.grad.double().numpy()


def _loss_by_kernel(problem: dict[str, Any], scores: Any) -> Any:
    import torch

    from seedbed.reduction.networks.training import covariances

    inside, _ = covariances(scores[None], problem["kernel"], torch.ones(1, problem["n"], 1))
    return inside.diagonal(dim1=1, dim2=2).sum()


def _loss_by_sorting(problem: dict[str, Any], scores: Any) -> Any:
    """Prefix sums in the order of the distances from each anchor, sorted beforehand: O(n^2 d) and no kernel."""
    import torch

    centred, n = scores - scores.mean(dim=0), problem["n"]
    total = 0.0
    for column in range(scores.shape[1]):
        sums = torch.cumsum(centred[:, column][problem["order"]], dim=0)
        before = torch.cat([torch.zeros(1, n), sums])
        total = total + (torch.gather(before, 0, problem["first"]) ** 2).sum()
    return total / n**4


def _steps_compiled(problem: dict[str, Any]) -> np.ndarray:
    """Value and gradient by our compiled prefix and suffix sums, in double precision; it sorts every time."""
    scores = problem["scores"].double().numpy()
    centred = scores - scores.mean(axis=0)
    for _ in range(STEPS):
        products = kernel_products(problem["response"], centred)
    return 2.0 * (products - products.mean(axis=0)) / problem["n"] ** 2


def _gradient_error(problem: dict[str, Any], gradient: np.ndarray) -> float:
    return float(np.abs(gradient - problem["exact"]).max() / np.abs(problem["exact"]).max())


def _fit_problem(n: int, p: int) -> dict[str, np.ndarray]:
    small = EuclideanModel(model="B", n_samples=40, n_test=20).draw(np.random.default_rng(0))
    for name in ("GSIR", "KernelFCCov", "FrechetCumulativeNet", "MDDNet"):
        _fit(name, {"n_epochs": 1} if "Net" in name else {}, small)  # imports and loads
    return EuclideanModel(model="B", n_samples=n, n_features=p, n_test=1000).draw(np.random.default_rng(0))


def _fit(name: str, params: dict[str, Any], problem: dict[str, np.ndarray]) -> np.ndarray:
    import seedbed.reduction

    estimator = getattr(seedbed.reduction, name)(1, random_state=0, **params)
    return estimator.fit(problem["X"], problem["y"]).transform(problem["X_test"])


def _lost_correlation(problem: dict[str, np.ndarray], predictor: np.ndarray) -> float:
    return 1.0 - distance_correlation(predictor, problem["Z_test"])


_OURS = {"loss": "whitened", "weighting": "correlation", "combine": "consensus", "n_restarts": 6}

CASES = (
    Case(
        name="ball_kernel_3200",
        problem=partial(_responses, 3200),
        contenders={"seedbed": ball_kernel, "plain loop": _by_plain_loop},
        accuracy=_kernel_error,
        accuracy_label="largest error of a product over the largest entry",
        peer="plain loop",
        target=3.0,
    ),
    Case(
        name="ball_kernel_growth",
        problem=_two_sizes,
        contenders={"n = 3200": lambda problem: ball_kernel(problem["large"]), "n = 1600, eight times": _eight_small},
        accuracy=lambda problem, kernel: _kernel_error(problem["large" if len(kernel) == 3200 else "small"], kernel),
        accuracy_label="largest error of a product over the largest entry",
        peer="n = 1600, eight times",
        target=0.9,
    ),
    Case(
        name="loss_and_gradient_1600",
        problem=partial(_step_problem, 1600),
        contenders={
            "kernel": partial(_steps, _loss_by_kernel),
            "sorting": partial(_steps, _loss_by_sorting),
            "sorting, compiled": _steps_compiled,
        },
        accuracy=_gradient_error,
        accuracy_label="largest error of the gradient over its largest entry",
        peer="sorting",
        target=50.0,
    ),
    Case(
        name="full_fit_1000",
        problem=partial(_fit_problem, 1000, 20),
        contenders={
            "FrechetCumulativeNet": partial(_fit, "FrechetCumulativeNet", {}),
            "GSIR": partial(_fit, "GSIR", {}),
            "FrechetCumulativeNet, ours": partial(_fit, "FrechetCumulativeNet", _OURS),
            "KernelFCCov": partial(_fit, "KernelFCCov", {}),
            "MDDNet": partial(_fit, "MDDNet", {}),
        },
        accuracy=_lost_correlation,
        accuracy_label="1 - distance correlation with the true predictor, 1000 test rows",
        peer="GSIR",
        target=1.0,
    ),
)
