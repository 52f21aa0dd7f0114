"""Benchmarks of the proximity study: whole grids of a parameter, Ward's method, and large sparse graphs.

Problems are built, and everything is loaded and compiled, before the clock starts. Matrices of all parameters would not
fit into memory: contenders keep some rows and columns of each, which are compared with sums in which nothing cancels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import expm
from sklearn.metrics import adjusted_rand_score

from seedbed.core.study import Case
from seedbed.proximity.graphs.graph_input import as_graph
from seedbed.proximity.measures.entrywise import exp_nonnegative, inverse_m_matrix
from seedbed.proximity.measures.families import FAMILIES
from seedbed.proximity.measures.measures import Measures
from seedbed.proximity.measures.parameters import relative_grid, to_natural
from seedbed.proximity.measures.transforms import log_distance
from seedbed.proximity.partitions.merges import LONG
from seedbed.proximity.partitions.ward import cut_tree, ward_tree

from . import naive
from .large_graphs import CASES_OF_LARGE_GRAPHS

EVERY = 37  # rows and columns that are kept
OURS = "one eigendecomposition"


@dataclass(frozen=True)
class Problem:
    """A planted graph, and the values of a parameter."""

    A: np.ndarray
    labels: np.ndarray
    ts: tuple[float, ...] = ()


def planted(n: int, measure: str, n_values: int) -> Problem:
    """Four classes, mean degree about 22."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.arange(n) % 4)
    upper = np.triu(rng.random((n, n)) < np.where(labels[:, None] == labels, 60.0 / n, 10.0 / n), 1)
    A = (upper | upper.T).astype(float)
    spectra = Measures(as_graph(A)).spectra
    return Problem(A, labels, tuple(to_natural(measure, each, spectra) for each in relative_grid(measure, n_values)))


def whole_grid(measure: str) -> Callable[[Problem], list[np.ndarray]]:
    """Ours: all values after one eigendecomposition."""

    def run(problem: Problem) -> list[np.ndarray]:
        measures = Measures(as_graph(problem.A))
        return [measures.distances(measure, t, "log").matrix[::EVERY, ::EVERY].copy() for t in problem.ts]

    return run


def value_by_value(make: Callable[[np.ndarray, float], np.ndarray]) -> Callable[[Problem], list[np.ndarray]]:
    """A function of the matrix for every value."""

    def run(problem: Problem) -> list[np.ndarray]:
        with np.errstate(all="ignore"):
            return [log_distance(np.maximum(make(problem.A, t), 0.0))[::EVERY, ::EVERY].copy() for t in problem.ts]

    return run


def laplacian(A: np.ndarray) -> np.ndarray:
    """``D - A``."""
    return np.diag(A.sum(axis=1)) - A


def largest_error(exact: Callable[[np.ndarray, float], np.ndarray]) -> Callable[[Problem, Any], float]:
    """Largest error of a distance at some of the values, against sums in which nothing cancels."""

    def error(problem: Problem, found: list[np.ndarray]) -> float:
        places = (0, len(problem.ts) // 3, len(problem.ts) // 2)
        truths = (log_distance(exact(problem.A, problem.ts[place]))[::EVERY, ::EVERY] for place in places)
        return max(float(np.abs(found[place] - truth).max()) for place, truth in zip(places, truths, strict=True))

    return error


def grid_case(name: str, measure: str, n: int, peer: str, make: Any, exact: Any, target: float) -> Case:
    """25 values of a logarithmic measure."""
    return Case(
        name=name,
        problem=lambda: planted(n, measure, 25),
        contenders={OURS: whole_grid(measure), peer: value_by_value(make)},
        accuracy=largest_error(exact),
        accuracy_label="largest error of a distance",
        peer=peer,
        target=target,
    )


# ---- all families, and Ward's method


def all_families(problem: Problem) -> list[np.ndarray]:
    """Labels of every family at 15 values, logarithmic."""
    measures = Measures(as_graph(problem.A))
    return [
        cut_tree(ward_tree(measures.distances(name, to_natural(name, each, measures.spectra), "log").matrix), 4)
        for name in FAMILIES
        for each in relative_grid(name, 15)
    ]


def all_families_naively(problem: Problem) -> list[np.ndarray]:
    """The same by a function of the matrix for each."""
    spectra, ward = Measures(as_graph(problem.A)).spectra, naive.greedy_ward()
    makers = naive.kernels(problem.A)
    return [
        ward(naive.distances(makers[name](to_natural(name, each, spectra)), "log"), 4)
        for name in FAMILIES
        for each in relative_grid(name, 15)
    ]


def mean_index(problem: Problem, found: list[np.ndarray]) -> float:
    """One less the mean adjusted Rand index."""
    return 1.0 - float(np.mean([adjusted_rand_score(problem.labels, labels) for labels in found]))


def distances_of(problem: Problem) -> np.ndarray:
    """Logarithmic communicability at one value."""
    return Measures(as_graph(problem.A)).distances("communicability", problem.ts[0], "log").matrix


def ward_problem(n: int) -> Problem:
    """The distances stand in place of the graph."""
    naive.greedy_ward()
    ward_tree(np.zeros((LONG, LONG)))  # loads what is compiled
    problem = planted(n, "communicability", 1)
    return Problem(distances_of(problem), problem.labels)


def same_as_greedy(problem: Problem, labels: np.ndarray) -> float:
    """One less the agreement with the greedy algorithm."""
    return 1.0 - float(adjusted_rand_score(naive.greedy_ward()(problem.A, 4), labels))


# ---- what networkx has


def networkx_matrix(name: str) -> Callable[[Problem], np.ndarray]:
    """A function of networkx that gives a dict of dicts."""

    def run(problem: Problem) -> np.ndarray:
        import networkx

        found = getattr(networkx, name)(networkx.from_numpy_array(problem.A))
        n = len(problem.A)
        return np.array([[found[i][j] for j in range(n)] for i in range(n)])

    return run


def loaded(n: int) -> Problem:
    """The import belongs to no contender's time."""
    import networkx  # noqa: F401

    return planted(n, "communicability", 1)


def relative_error(truth: Callable[[np.ndarray], np.ndarray]) -> Callable[[Problem, Any], float]:
    """Largest error over the largest entry."""

    def error(problem: Problem, found: np.ndarray) -> float:
        exact = truth(problem.A)
        return float(np.abs(found - exact).max() / np.abs(exact).max())

    return error


def resistance_by_cholesky(problem: Problem) -> np.ndarray:
    """Ours: D is half the resistance."""
    return 2.0 * Measures(as_graph(problem.A)).distances("resistance", 1.0, "plain").matrix


def resistances(A: np.ndarray) -> np.ndarray:
    """By the pseudo-inverse."""
    inverse = np.linalg.pinv(laplacian(A))
    return inverse.diagonal()[:, None] + inverse.diagonal() - 2.0 * inverse


CASES: tuple[Case, ...] = (
    grid_case(
        "log_communicability_1000", "communicability", 1000, "log(expm)", lambda A, t: expm(t * A),
        lambda A, t: exp_nonnegative(t * A, 8), 10.0,
    ),
    grid_case(
        "log_forest_1000", "forest", 1000, "log(inv)", lambda A, t: np.linalg.inv(np.eye(len(A)) + t * laplacian(A)),
        lambda A, t: inverse_m_matrix(np.eye(len(A)) + t * laplacian(A)), 2.5,
    ),
    Case(
        name="all_families_300",
        problem=lambda: (naive.greedy_ward(), planted(300, "communicability", 1))[1],
        contenders={OURS: all_families, "one matrix function per value": all_families_naively},
        accuracy=mean_index,
        accuracy_label="one less the mean index",
        peer="one matrix function per value",
        target=8.0,
    ),
    Case(
        name="kernel_ward_300",
        problem=lambda: ward_problem(300),
        contenders={
            "nearest-neighbour chain": lambda problem: cut_tree(ward_tree(problem.A), 4),
            "greedy": lambda problem: naive.greedy_ward()(problem.A, 4),
        },
        accuracy=same_as_greedy,
        accuracy_label="one less the agreement with the greedy algorithm",
        peer="greedy",
        target=20.0,
        repeats=5,
        warm=True,
    ),
    Case(
        name="communicability_200",
        problem=lambda: loaded(200),
        contenders={
            OURS: lambda problem: Measures(as_graph(problem.A)).kernel("communicability", 1.0),
            "communicability_exp": networkx_matrix("communicability_exp"),
            "communicability": networkx_matrix("communicability"),
        },
        accuracy=relative_error(expm),
        accuracy_label="largest error over the largest entry",
        peer="communicability_exp",
        target=4.0,
        more_targets={"communicability": 200.0},
        warm=True,
    ),
    Case(
        name="resistance_400",
        problem=lambda: loaded(400),
        contenders={
            "Cholesky": resistance_by_cholesky,
            "resistance_distance": networkx_matrix("resistance_distance"),
        },
        accuracy=relative_error(resistances),
        accuracy_label="largest error over the largest entry",
        peer="resistance_distance",
        target=8.0,
        warm=True,
    ),
    *CASES_OF_LARGE_GRAPHS,
)  # fmt: skip
