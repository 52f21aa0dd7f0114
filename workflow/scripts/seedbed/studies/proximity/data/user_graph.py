"""A user's own graph: edges in a file, in any format, with or without classes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seedbed.proximity.files.read_graph import SUFFIXES, read_graph
from seedbed.proximity.graphs.graph import Graph
from seedbed.user_data.formats.messages import printable
from seedbed.user_data.graphs import bad_graph_file, read_node_labels

from .replicate import bad_share, permuted, without_edges

MOST_NODES = 3000  # methods of the study hold n x n matrices


@dataclass(frozen=True, kw_only=True)
class UserGraph:
    """A user's graph, without a random share of its edges.

    Parameters
    ----------
    path : str
        Edges as text (``.csv``, ``.tsv``, ``.txt``, ``.edges``), GML, GraphML, MatrixMarket or NPZ; relative paths
        start at the folder in which ``snakemake`` runs.
    labels : str, optional
        A table (``.csv`` or ``.tsv``) with a line of names: nodes in the first column, their classes in the second.
    label_attribute : str, optional
        In its place: the attribute of the nodes (GML, GraphML) or the array (NPZ) that holds their classes.
    n_clusters : int, optional
        Number of clusters to look for; by default the number of classes.
    drop : float
        Share of the edges that every replicate drops anew.
    largest_component : bool
        Leave out nodes that no path joins to most others.
    """

    path: str
    labels: str | None = None
    label_attribute: str | None = None
    n_clusters: int | None = None
    drop: float = 0.05
    largest_component: bool = True

    def messages(self) -> list[str]:
        """What is wrong with the user's files or with what is asked of them; they are read."""
        return self._examined()[0]

    def understood(self) -> list[str]:
        """What was understood of the user's files, in parts of a line."""
        _, graph, labels = self._examined()
        assert graph is not None  # asked only where messages() has found nothing
        said = [f"{graph.n_nodes} nodes, {graph.adjacency.nnz // 2} edges"]
        weights = graph.adjacency.data
        if (weights != 1).any():
            said.append(f"weights from {weights.min():g} to {weights.max():g}")
        if len(graph.components) > 1:
            kept = len(max(graph.components, key=len))
            said.append(
                f"{len(graph.components)} components" + (f", {kept} nodes kept" if self.largest_component else "")
            )
        if labels is None:
            return [*said, f"{self.n_clusters} clusters to look for"]
        classes, counts = np.unique(labels, return_counts=True)
        shown = ", ".join(f"{name} ({count})" for name, count in list(zip(classes, counts, strict=True))[:8])
        return [*said, printable(f"{len(classes)} classes: {shown}")]

    def overlap(self) -> float:
        """The share of edges that two replicates have in common."""
        return 1.0 - self.drop

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``X`` (n, n), ``n_clusters`` (), and with classes ``labels`` (n,).

        Raises
        ------
        ValueError
            For anything that :meth:`messages` reports.
        """
        messages, graph, labels = self._examined()
        if messages or graph is None:
            raise ValueError("; ".join(messages))
        kept = self._kept(graph)
        adjacency = without_edges(rng, graph.adjacency[kept][:, kept].toarray(), self.drop)
        labels = None if labels is None else labels[kept]
        return permuted(rng, adjacency, labels, self._wanted(labels))

    def _wanted(self, labels: np.ndarray | None) -> int:
        if self.n_clusters is not None:
            return self.n_clusters
        assert labels is not None  # one of the two is given, or there would be a message
        return len(np.unique(labels))

    def _kept(self, graph: Graph) -> np.ndarray:
        return max(graph.components, key=len) if self.largest_component else np.arange(graph.n_nodes)

    def _examined(self) -> tuple[list[str], Graph | None, np.ndarray | None]:
        messages = bad_graph_file(self.path, SUFFIXES) + bad_share("drop", self.drop)
        if messages:
            return messages, None, None
        try:
            graph = _read(self.path, self.label_attribute)
        except (ValueError, ModuleNotFoundError) as error:
            return [printable(str(error))], None, None
        labels = graph.labels
        if self.labels is not None:
            messages, labels = read_node_labels(self.labels, _names(graph))
        if not messages:
            messages = [f"{self.path}: {message}" for message in self._bad_sizes(graph, labels)]
        return messages, graph, labels

    def _bad_sizes(self, graph: Graph, labels: np.ndarray | None) -> list[str]:
        kept = self._kept(graph)
        if len(kept) > MOST_NODES:
            return [f"has {len(kept)} nodes; methods here hold n x n matrices, so up to {MOST_NODES} are taken"]
        if graph.adjacency.nnz == 0:
            return ["has no edges"]
        if labels is None and self.n_clusters is None:
            return ["n_clusters is needed, since no classes are given (labels, label_attribute) to be counted"]
        if labels is not None and len(np.unique(labels[kept])) < 2:
            return ["all nodes have the same class"]
        wanted = self._wanted(None if labels is None else labels[kept])
        return [] if 1 <= wanted <= len(kept) else [f"n_clusters is {wanted}; {len(kept)} nodes allow 1 to {len(kept)}"]


def _names(graph: Graph) -> list[str]:
    return [str(name) for name in graph.names or range(graph.n_nodes)]


def _read(path: str, label_attribute: str | None) -> Graph:
    import warnings

    with warnings.catch_warnings():  # that a graph is directed is said in the documentation of the scenario
        warnings.simplefilter("ignore", UserWarning)
        return read_graph(Path(path), label_attribute)
