"""The search over depth, bias and ridge: candidates, their criteria, and a table of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils import Bunch

from seedbed.counts import is_number
from seedbed.wide_networks.kernels.matrix import kernel_matrices
from seedbed.wide_networks.recursions.network import Network, network_of
from seedbed.wide_networks.recursions.rows import rows_of

from .ridge_path import LEAST

DEPTHS, BIASES = (1, 2, 3, 5), (0.3, 1.0)
SHARES = np.geomspace(1e-6, 3.0, 16)  # of the mean eigenvalue, as alphas
CRITERIA = ("loo", "gcv", "evidence")


def values_of(parameter: Any, automatic: tuple, name: str) -> list:
    """What is tried of a parameter that is a value, several of them, or "auto"."""
    if isinstance(parameter, str):
        return list(automatic)
    tried = np.ravel(np.asarray(parameter, dtype=object)).tolist()  # each of its own kind: truth values stay such
    if not tried:
        raise ValueError(f"{name} is an empty list: give a value, several, or 'auto'")
    return tried


@dataclass(frozen=True, eq=False)
class Kernels:
    """The kernels that are tried: one for every depth and input bias."""

    networks: list[Network]
    X: np.ndarray
    which: str

    def __iter__(self) -> Iterator[tuple[Network, np.ndarray]]:
        for network in self.networks:
            yield network, kernel_matrices(network, rows_of(self.X, network), None, (self.which,), np.dtype(float))[0]


def networks_to_try(estimator: Any) -> list[Network]:
    """The networks that an estimator's parameters name."""
    return [
        network_of(depth, estimator.activation, estimator.sigma_w, estimator.sigma_b, bias, 0)
        for bias in values_of(estimator.input_bias, BIASES, "input_bias")
        for depth in values_of(estimator.depth, DEPTHS, "depth")
    ]


@dataclass(frozen=True, eq=False)
class Candidate:
    """One fit, by whom and how good: criteria are compared as tuples, the largest is best."""

    network: Network
    fit: Any
    solver: Any
    criterion: tuple[float, ...]
    columns: dict[str, float]


def best_of(candidates: Iterator[Candidate]) -> tuple[Candidate, Bunch]:
    """The best candidate, the first of equals, and the table of all: one array for each column."""
    best: Candidate | None = None
    rows: list[dict[str, float]] = []
    for candidate in candidates:
        network = candidate.network
        rows.append({"depth": network.depth, "input_bias": network.input_bias, **candidate.columns})
        usable = np.isfinite(candidate.criterion).all()
        if usable and (best is None or candidate.criterion > best.criterion):
            best = candidate
    if best is None:
        raise ValueError(
            "nothing can be chosen: the targets are interpolated by every candidate (give larger values of alpha, or a "
            "shorter training_time), or they are too large for the scale that was given"
        )
    table = Bunch(**{name: np.array([row[name] for row in rows]) for name in rows[0]})
    table.chosen = np.array([row["order"] == best.columns["order"] for row in rows])
    del table["order"]
    return best, table


def alphas_for(parameter: Any, mean_eigenvalue: float) -> np.ndarray:
    """Ridges that are tried on a kernel."""
    if isinstance(parameter, str):
        return SHARES * max(mean_eigenvalue, LEAST)
    alphas = values_of(parameter, (), "alpha")
    if not all(is_number(alpha) and 0.0 < alpha < np.inf for alpha in alphas):
        raise ValueError(f"alpha={parameter!r} must be positive: a ridge keeps the matrix invertible")
    return np.array(alphas, dtype=np.float64)
