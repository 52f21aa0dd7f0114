"""Graphs that networkx ships with classes, and neighbour graphs of the tables that scikit-learn ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .replicate import bad_share, permuted, until_connected, without_edges

TableName = Literal["digits", "wine", "iris", "breast_cancer"]
# rows, and classes
TABLES: dict[str, tuple[int, int]] = {
    "digits": (1797, 10),
    "wine": (178, 3),
    "iris": (150, 3),
    "breast_cancer": (569, 2),
}


@dataclass(frozen=True, kw_only=True)
class ShippedGraph:
    """A graph of networkx without a random share of its edges; what is left is connected.

    Parameters
    ----------
    name : {"karate", "southern_women"}
        Zachary's club and the faction that each member joined; or women and the events that they attended, a bipartite
        graph whose classes are its two sides.
    drop : float
        Share of the edges that every replicate drops anew.
    """

    name: Literal["karate", "southern_women"] = "karate"
    drop: float = 0.05

    def messages(self) -> list[str]:
        """What is wrong with the parameters, one message each."""
        return bad_share("drop", self.drop)

    def overlap(self) -> float:
        """The share of edges that two replicates have in common."""
        return 1.0 - self.drop

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own: ``X`` (n, n), ``labels`` (n,), ``n_clusters`` ()."""
        import networkx

        if self.name == "karate":
            graph = networkx.karate_club_graph()
            labels = np.array([graph.nodes[node]["club"] == "Officer" for node in graph])
        else:
            graph = networkx.davis_southern_women_graph()
            labels = np.array([graph.nodes[node]["bipartite"] == 1 for node in graph])
        adjacency = networkx.to_numpy_array(graph, weight=None)  # pyright: ignore[reportArgumentType]
        left = until_connected(lambda: without_edges(rng, adjacency, self.drop))
        return permuted(rng, left, labels, 2)


@dataclass(frozen=True, kw_only=True)
class NeighbourGraph:
    """The graph of nearest neighbours of a random subsample of a table.

    Parameters
    ----------
    table : {"digits", "wine", "iris", "breast_cancer"}
    sample_size : int
        Rows, drawn without replacement.
    k : int
        Two rows are joined if one is among the other's k nearest; columns are standardised, except pixels.
    """

    table: TableName = "digits"
    sample_size: int = 200
    k: int = 10

    def messages(self) -> list[str]:
        """What is wrong with the parameters, one message each."""
        n_rows, n_classes = TABLES[self.table]
        if not 2 * n_classes <= self.sample_size <= n_rows:
            return [f"sample_size is {self.sample_size}; {self.table} allows {2 * n_classes} to {n_rows}"]
        return [] if 1 <= self.k < self.sample_size else [f"k is {self.k}; 1 to {self.sample_size - 1} are possible"]

    def overlap(self) -> float:
        """The share of the rows that a replicate takes."""
        return self.sample_size / TABLES[self.table][0]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own: ``X`` (n, n), ``labels`` (n,), ``n_clusters`` ()."""
        from sklearn import datasets
        from sklearn.neighbors import kneighbors_graph

        bunch = getattr(datasets, f"load_{self.table}")()
        rows = rng.choice(len(bunch.data), self.sample_size, replace=False)
        points = bunch.data[rows].astype(float)
        if self.table != "digits":
            points = (points - points.mean(axis=0)) / np.maximum(points.std(axis=0), 1e-12)
        nearest = kneighbors_graph(points, self.k)
        labels = bunch.target[rows]
        return permuted(rng, nearest.maximum(nearest.T).toarray(), labels, len(np.unique(labels)))
