"""Partitions to choose among: families, transforms and parameters, each with its tree or its partition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.utils import check_random_state

from seedbed.proximity.measures.families import DISTANCES, FAMILIES
from seedbed.proximity.measures.measures import Measures
from seedbed.proximity.measures.parameters import as_number, check_natural, has_parameter, relative_grid, to_natural
from seedbed.proximity.measures.stable_log import Distances, cosine_of_log
from seedbed.proximity.measures.transforms import centred_kernel
from seedbed.proximity.partitions.kernel_kmeans import lloyd_of_distances
from seedbed.proximity.partitions.ward import beyond_merges, cut_tree, finite_distances, numbered, ward_tree

_TRANSFORMS = ("log", "cosine", "plain")
PORTFOLIOS = {
    "auto": ("communicability", "normalised_heat", "even_communicability"),
    "all": (
        "communicability",
        "normalised_heat",
        "even_communicability",
        "forest",
        "pagerank",
        "walk",
        "even_pagerank",
    ),
}
_STARTS = 5


@dataclass(frozen=True)
class Candidate:
    """One measure at one parameter.

    Parameters
    ----------
    row, column : int
        Its place in the tables of the search.
    measure, transform : str
    t : float
        On the natural scale.
    labels : callable
        ``labels(n_clusters)``.
    tree : ndarray or None
        The merges, of Ward's method.
    """

    row: int
    column: int
    measure: str
    transform: str
    t: float
    labels: Callable[[int], np.ndarray]
    tree: np.ndarray | None


def rows_of(measure: str | Sequence[str], transform: str) -> list[tuple[str, str]]:
    """The measures and transforms that are searched: of a portfolio all three transforms."""
    if isinstance(measure, str) and measure in PORTFOLIOS:
        return [(name, each) for name in PORTFOLIOS[measure] for each in _TRANSFORMS]
    names = [measure] if isinstance(measure, str) else list(measure)
    return [(name, "plain" if name in DISTANCES else transform) for name in names]


def parameters_of(measure: str, t, n_values: int, measures: Measures) -> np.ndarray:
    """The natural parameters that are tried."""
    if isinstance(t, str):
        return np.array([to_natural(measure, each, measures.spectra) for each in relative_grid(measure, n_values)])
    values = [as_number(each) for each in np.atleast_1d(t)]
    if not values:
        raise ValueError("t must be a number, a list of numbers or 'auto', got an empty list")
    values = values if has_parameter(measure) else values[:1]
    return np.array([check_natural(measure, each, measures.spectra) for each in values])


def search(
    measures: Measures, rows: Sequence[tuple[str, str]], t, n_values: int, divide: Callable[[np.ndarray], tuple]
) -> Iterator[Candidate]:
    """Every measure of ``rows`` at every parameter; ``divide(distances)`` gives ``(labels, tree)``."""
    logs: dict[tuple[str, int], Distances] = {}
    for row, (measure, transform) in enumerate(rows):
        both = (measure, "log") in rows and (measure, "cosine") in rows
        for column, value in enumerate(parameters_of(measure, t, n_values, measures)):
            if transform == "cosine" and both and (measure, column) in logs:
                found = _cosine_of_log(logs.pop((measure, column)))
            else:
                found = _distances(measures, measure, transform, float(value))
                if both and transform == "log":
                    logs[measure, column] = found
            labels, tree = divide(_in_order(measures, measure, found.matrix))
            yield Candidate(row, column, measure, transform, float(value), cache(labels), tree)


def clustering_distances(measures: Measures, measure: str, transform: str, t: float) -> np.ndarray:
    """For clustering, where the scale of distances does not matter: nothing overflows."""
    return _in_order(measures, measure, _distances(measures, measure, transform, t).matrix)


def _distances(measures: Measures, measure: str, transform: str, t: float) -> Distances:
    if transform == "plain" and measure in FAMILIES:
        return measures.relative_distances(measure, t)
    return measures.distances(measure, t, transform)


def _cosine_of_log(found: Distances) -> Distances:
    """Infinite where the logarithm is, between components."""
    apart = np.isinf(found.matrix)
    cosine = cosine_of_log(np.where(apart, 0.0, found.matrix), found.log_scale)
    cosine[apart] = np.inf
    return Distances(cosine, found.log_scale)


def _in_order(measures: Measures, measure: str, distances: np.ndarray) -> np.ndarray:
    """Infinite between components alone: the sides of one, which no even walk connects, are nearer than that."""
    if measure not in FAMILIES or not FAMILIES[measure].even:
        return distances
    numbers = measures.graph.component_numbers
    within = np.isinf(distances) & (numbers[:, None] == numbers)
    return np.where(within, beyond_merges(distances), distances) if within.any() else distances


def divider(assign: str, ward_input: str, random_state) -> Callable[[np.ndarray], tuple]:
    """``divide(distances) -> (labels(n_clusters), tree)`` by Ward's method, kernel k-means, or eigenvectors."""
    if assign == "ward":
        return lambda distances: _by_ward(distances, ward_input)
    seed = check_random_state(random_state).randint(2**31 - 1)
    make = _by_kmeans if assign == "kernel_kmeans" else _by_eigenvectors
    return lambda distances: (lambda k: make(finite_distances(distances), k, seed), None)


def _by_ward(distances: np.ndarray, ward_input: str) -> tuple:
    tree = ward_tree(distances, ward_input)
    return (lambda k: cut_tree(tree, k)), tree


def _by_kmeans(distances: np.ndarray, n_clusters: int, seed: int) -> np.ndarray:
    rng = np.random.RandomState(seed)
    runs = [lloyd_of_distances(distances, n_clusters, 100, rng) for _ in range(_STARTS)]
    return numbered(min(runs, key=lambda run: run[0])[1])


def _by_eigenvectors(distances: np.ndarray, n_clusters: int, seed: int) -> np.ndarray:
    """k-means of the leading eigenvectors of the centred kernel, each as long as the root of its eigenvalue."""
    from scipy.linalg import eigh
    from sklearn.cluster import KMeans

    n = len(distances)
    count = min(max(n_clusters - 1, 1), n)
    values, vectors = eigh(centred_kernel(distances), subset_by_index=[n - count, n - 1])
    points = vectors * np.sqrt(np.maximum(values, 0.0))
    if len(np.unique(points, axis=0)) < n_clusters:
        return _by_kmeans(distances, n_clusters, seed)
    return numbered(KMeans(n_clusters, n_init=_STARTS, random_state=seed).fit_predict(points))
