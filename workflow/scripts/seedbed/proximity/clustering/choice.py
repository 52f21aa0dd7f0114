"""Which of many partitions: by the likelihood of a block model, with or without degrees, or by modularity.

Bernoulli's block model picks partitions by degree where nodes have degrees of their own, and the degree-corrected one
misses small classes. Twice the gain in likelihood by the degrees, per node, tells which holds: it is about one where
degrees say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.special import xlogy

from seedbed.proximity.graphs.graph import Graph
from seedbed.proximity.partitions.criteria import (
    BlockCounter,
    Blocks,
    bernoulli_of,
    degree_corrected_bic,
    degree_corrected_of,
    integrated_of,
    modularity_of,
    poisson_of,
)

from .candidates import Candidate

# planted graphs have .6 to 1.3, graphs with degrees of their own 1.5 to 5.6
_DEGREES_MATTER = 1.5
_FIXED: dict[str, Callable[[Blocks], float]] = {
    "block_likelihood": bernoulli_of,
    "degree_corrected": degree_corrected_of,
    "modularity": modularity_of,
}
# across numbers of classes
_ACROSS: dict[str, Callable[[Blocks], float]] = {
    "block_likelihood": integrated_of,
    "degree_corrected": degree_corrected_bic,
    "modularity": modularity_of,
}
CRITERIA = ("auto", *_FIXED)
_FIRST_MOST, _LAST_MOST = 20, 160


@dataclass
class Best:
    """The best partition of one number of classes by one criterion."""

    value: float = -np.inf
    candidate: Candidate | None = None
    labels: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Parameters
    ----------
    candidate : Candidate
    labels : ndarray of shape (n,)
    criterion : str
        ``block_likelihood``, ``degree_corrected`` or ``modularity``.
    values : dict
        Every criterion that was computed, per row and column of the search: name -> {(row, column): value}, at the
        number of classes that was chosen.
    degrees_gain : float
        The test quantity of the rule, NaN where it was not asked.
    """

    candidate: Candidate
    labels: np.ndarray
    criterion: str
    values: dict[str, dict[tuple[int, int], float]]
    degrees_gain: float = np.nan


def choose(graph: Graph, candidates: list[Candidate], n_clusters: int | None, criterion: str) -> Choice:
    """The best candidate; of any number of classes if ``n_clusters`` is None."""
    counter = BlockCounter(graph)
    names = list(_FIXED)[:2] if criterion == "auto" else [criterion]
    if n_clusters is not None:
        tables = _Tables(counter, candidates, names, [n_clusters], _FIXED)
        return _pick(graph, tables, dict.fromkeys(names, n_clusters), criterion)
    most = min(_FIRST_MOST, graph.n_nodes)
    while True:
        tables = _Tables(counter, candidates, names, range(1, most + 1), _ACROSS)
        numbers = {name: tables.best_number(name) for name in names}
        if max(numbers.values()) < most or most >= min(_LAST_MOST, graph.n_nodes):
            return _pick(graph, tables, numbers, criterion)
        most = min(2 * most, _LAST_MOST, graph.n_nodes)


class _Tables:
    """Criteria of every candidate at every number of classes."""

    def __init__(self, counter, candidates, names, numbers: Iterable[int], rules):
        self.best: dict[tuple[str, int], Best] = {}
        self.values: dict[tuple[str, int], dict[tuple[int, int], float]] = {}
        asked = {**{name: rules[name] for name in names}, "poisson": poisson_of} if len(names) > 1 else {}
        asked = asked or {names[0]: rules[names[0]]}
        for candidate in candidates:
            for number in numbers:
                labels = candidate.labels(number)
                blocks = counter(labels)
                for name, rule in asked.items():
                    value = rule(blocks)
                    place = (candidate.row, candidate.column)
                    self.values.setdefault((name, number), {})[place] = value
                    best = self.best.setdefault((name, number), Best())
                    if value > best.value:
                        best.value, best.candidate, best.labels = value, candidate, labels

    def best_number(self, name: str) -> int:
        numbers = [number for other, number in self.best if other == name]
        return max(numbers, key=lambda number: self.best[name, number].value)


def _pick(graph: Graph, tables: _Tables, numbers: dict[str, int], criterion: str) -> Choice:
    gain = np.nan
    if criterion == "auto":
        gain = degrees_gain(
            graph,
            tables.best["degree_corrected", numbers["degree_corrected"]].labels,
            tables.best["poisson", numbers["degree_corrected"]].labels,
        )
        criterion = "degree_corrected" if gain > _DEGREES_MATTER else "block_likelihood"
    best = tables.best[criterion, numbers[criterion]]
    assert best.candidate is not None  # there is at least one candidate, and criteria are numbers
    values = {name: table for (name, number), table in tables.values.items() if number == numbers[criterion]}
    return Choice(best.candidate, best.labels, criterion, values, gain)


def degrees_gain(graph: Graph, corrected: np.ndarray, plain: np.ndarray) -> float:
    """Twice the gain in log-likelihood by degrees, per node, of two partitions, each the best for its model."""
    counter = BlockCounter(graph)
    with_degrees = degree_corrected_of(counter(corrected)) + float(xlogy(graph.degrees, graph.degrees).sum())
    free = max(graph.n_nodes - len(np.unique(corrected)), 1)
    return 2.0 * (with_degrees - poisson_of(counter(plain))) / free
