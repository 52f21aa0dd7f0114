"""Kernel matrices, tuning and learning curves: problems, contenders and how far they are from the truth."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from seedbed.wide_networks.convolution.learning_curves import exact_learning_curve
from seedbed.wide_networks.kernels.ntk_kernel import ntk_kernel

Problem = dict[str, Any]
CHECKED = 40  # rows that the truth is computed for


# ---- kernel matrices


def matrix_problem(n: int, depth: int, activation: str = "relu", everywhere: bool = False) -> Problem:
    """Rows of 50 normal columns; a bias in the first layer, or in all."""
    X = np.random.default_rng(0).standard_normal((n, 50))
    bias = {"sigma_b": 0.1**0.5} if everywhere else {"input_bias": 0.3}
    problem = {"X": X, "depth": depth, "activation": activation, "bias": {} if activation == "gelu" else bias}
    ours({**problem, "X": X[:4]})
    return problem


def ours(problem: Problem) -> np.ndarray:
    """One function of the angle, or a blocked recursion."""
    return ntk_kernel(
        problem["X"], depth=problem["depth"], activation=problem["activation"], sigma_w=2**0.5, **problem["bias"]
    )


def textbook(problem: Problem, parallel: bool = False) -> np.ndarray:
    """The recursion of ReLU networks layer by layer, in matrices with an arc cosine each.

    ``parallel`` says that each row is parallel to itself, which rounding forgets: half of the digits are then lost.
    """
    X, (bias_b, bias_0) = problem["X"], (problem["bias"].get(key, 0.0) for key in ("sigma_b", "input_bias"))
    X = np.hstack([X / X.shape[1] ** 0.5, np.full((len(X), 1), bias_0)])
    K = bias_b**2 + 2.0 * X @ X.T
    q, T = np.diag(K), K.copy()
    for _ in range(problem["depth"]):
        norms = np.sqrt(np.outer(q, q))
        cosine = np.clip(K / norms, -1.0, 1.0)
        if parallel:
            np.fill_diagonal(cosine, 1.0)
        angle = np.arccos(cosine)
        K = bias_b**2 + norms * (np.sqrt(1.0 - cosine**2) + (np.pi - angle) * cosine) / np.pi
        T = K + (np.pi - angle) / np.pi * T
        q = bias_b**2 + q
    return T


def quadrature(problem: Problem, n_nodes: int = 40) -> np.ndarray:
    """GELU networks by Gauss-Hermite quadrature of 40 x 40 nodes for every pair, a layer at a time."""
    from scipy.special import ndtr

    X, (nodes, weights) = problem["X"], np.polynomial.hermite_e.hermegauss(n_nodes)
    weights = weights / weights.sum()
    K = 2.0 * X @ X.T / X.shape[1]
    T = K.copy()
    for _ in range(problem["depth"]):
        q = np.diag(K)
        cosine = np.clip(K / np.sqrt(np.outer(q, q)), -1.0, 1.0)
        new, slopes = np.zeros_like(K), np.zeros_like(K)
        for z, weight in zip(nodes, weights, strict=True):
            u = np.sqrt(q)[:, None] * z
            for w, other in zip(nodes, weights, strict=True):
                v = np.sqrt(q)[None, :] * (cosine * z + np.sqrt(1.0 - cosine**2) * w)
                new += 2.0 * weight * other * (u * ndtr(u)) * (v * ndtr(v))
                slopes += 2.0 * weight * other * _gelu_slope(u) * _gelu_slope(v)
        K, T = new, new + slopes * T
    return T


def _gelu_slope(u: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return ndtr(u) + u * np.exp(-u * u / 2) / np.sqrt(2 * np.pi)


def neural_tangents(problem: Problem) -> np.ndarray:
    """google/neural-tangents in double precision; it runs with JAX of 2023 alone (0.4.23) and is left out elsewhere."""
    jax, stax = importlib.import_module("jax"), importlib.import_module("neural_tangents.stax")
    jax.config.update("jax_enable_x64", True)
    b_std = problem["bias"].get("sigma_b", 0.0)
    hidden = [part for _ in range(problem["depth"]) for part in (stax.Dense(1, 2**0.5, b_std), stax.Relu())]
    X = problem["X"]
    if bias := problem["bias"].get("input_bias", 0.0):
        # a constant column, scaled as the others are by the number of columns
        X = np.hstack([X, np.full((len(X), 1), bias * X.shape[1] ** 0.5)]) * (1 + 1 / X.shape[1]) ** 0.5
    kernel = stax.serial(*hidden, stax.Dense(1, 2**0.5, b_std))[2]
    return np.asarray(kernel(X, None, "ntk"))


def matrix_error(problem: Problem, found: np.ndarray) -> float:
    """Largest error of some rows, relative to the diagonal.

    The truth is the recursion in extended precision; of GELU quadrature with many more nodes, of a few rows.
    """
    if problem["activation"] == "gelu":
        truth = quadrature({**problem, "X": problem["X"][:6]}, 150)
    else:
        rows = problem["X"][:CHECKED].astype(np.longdouble)
        truth = np.asarray(textbook({**problem, "X": rows}, parallel=True), float)
    n = len(truth)
    return float((np.abs(found[:n, :n] - truth) / np.diag(truth)[:, None]).max())


# ---- tuning


def tuning_problem(n: int) -> Problem:
    """Digits, standardised."""
    from sklearn.datasets import load_digits

    from seedbed.studies.wide_networks.data.tables import table_replicate
    from seedbed.studies.wide_networks.peers import wide_tables  # noqa: F401

    X, y = load_digits(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(y))
    problem = table_replicate(X, y, rows[:n], rows[n:])
    left_out({**problem, "X": problem["X"][:60], "y": problem["y"][:60]})
    return problem


def left_out(problem: Problem) -> np.ndarray:
    """Predictions of ridge with a kernel, tuned by rows left out."""
    from seedbed.studies.wide_networks.peers.wide_tables import LeaveOneOut

    return LeaveOneOut().fit(problem["X"], problem["y"]).predict(problem["X_test"])


def grid_search(problem: Problem) -> np.ndarray:
    """Predictions of an SVM, tuned in five folds on a grid of five costs and four widths."""
    from seedbed.studies.wide_networks.peers.tables import TunedSVM

    return TunedSVM().fit(problem["X"], problem["y"]).predict(problem["X_test"])


def wrong_share(problem: Problem, found: np.ndarray) -> float:
    """Share of test rows that are wrong."""
    return float((found != problem["y_test"]).mean())


# ---- learning curves


def curve_problem(n: int, n_test: int, n_sizes: int = 6) -> Problem:
    """A student and six targets of one kernel family, at rising sample sizes."""
    X = np.random.default_rng(0).standard_normal((n + n_test, 8))
    targets = np.stack([ntk_kernel(X, depth=depth, input_bias=0.3) / (depth + 1) for depth in range(1, 7)])
    sizes = [n >> k for k in range(n_sizes)][::-1]
    return {"student": ntk_kernel(X, depth=3, input_bias=0.3), "targets": targets, "sizes": sizes, "n": n}


def exact_curves(problem: Problem) -> np.ndarray:
    """Errors (targets, sizes), no target drawn."""
    return exact_learning_curve(problem["student"], problem["targets"], problem["sizes"])


def drawn_curves(problem: Problem, draws: int = 100) -> np.ndarray:
    """Errors (targets, sizes), means over 100 draws of each target."""
    rng, student, n = np.random.default_rng(0), problem["student"], problem["n"]
    drawn = []
    for covariance in problem["targets"]:
        root = np.linalg.cholesky(covariance + 1e-10 * np.trace(covariance) / len(covariance) * np.eye(len(covariance)))
        drawn.append(root @ rng.standard_normal((len(covariance), draws)))
    y, errors = np.hstack(drawn), np.empty((len(drawn), len(problem["sizes"])))
    for place, size in enumerate(problem["sizes"]):  # one factor a size serves all targets
        ridge = 1e-10 * np.trace(student) / len(student) * np.eye(size)
        predicted = student[n:, :size] @ cho_solve(cho_factor(student[:size, :size] + ridge), y[:size])
        errors[:, place] = ((predicted - y[n:]) ** 2).reshape(-1, len(drawn), draws).mean(axis=(0, 2))
    return errors


def curve_error(problem: Problem, found: np.ndarray) -> float:
    """Largest relative distance to the exact expectation."""
    return float(np.abs(found / exact_curves(problem) - 1.0).max())
