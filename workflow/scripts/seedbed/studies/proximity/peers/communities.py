"""Community detection by networkx: partitions that no number of clusters is given to, and one that takes it."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np


def _labels(communities, n: int) -> np.ndarray:
    labels = np.empty(n, np.int64)
    for number, members in enumerate(communities):
        labels[list(members)] = number
    return labels


class _Communities(ABC):
    @abstractmethod
    def _find(self, graph, community):
        """Sets of nodes."""

    def fit(self, X):
        """Find the communities of an adjacency matrix."""
        import networkx

        self.labels_ = _labels(self._find(networkx.from_numpy_array(np.asarray(X, float)), networkx.community), len(X))
        return self


class Louvain(_Communities):
    """Modularity raised by moves of nodes and then of communities.

    Parameters
    ----------
    n_clusters : int or None
        None: as many communities as come out at the resolution. Else the resolution is sought, by bisection, at which
        their number is nearest to it.
    resolution : float
    random_state : int
    """

    def __init__(self, n_clusters=None, resolution=1.0, random_state=None):
        self.n_clusters = n_clusters
        self.resolution = resolution
        self.random_state = random_state

    def _find(self, graph, community):
        def found(resolution: float) -> list:
            return community.louvain_communities(graph, resolution=resolution, seed=self.random_state)

        if self.n_clusters is None:
            return found(self.resolution)
        low, high, best = 0.05, 20.0, found(self.resolution)
        for _ in range(12):
            middle = float(np.sqrt(low * high))
            tried = found(middle)
            if abs(len(tried) - self.n_clusters) < abs(len(best) - self.n_clusters):
                best = tried
            if len(best) == self.n_clusters:
                break
            low, high = (low, middle) if len(tried) > self.n_clusters else (middle, high)
        return best


class FreeLouvain(Louvain):
    """The same at resolution one, told nothing of the number of classes."""

    def __init__(self, resolution=1.0, random_state=None):
        super().__init__(None, resolution, random_state)


class GreedyModularity(_Communities):
    """Communities merged as long as modularity gains most, down to the number that is given."""

    def __init__(self, n_clusters=2):
        self.n_clusters = n_clusters

    def _find(self, graph, community):
        K = self.n_clusters
        return community.greedy_modularity_communities(graph, weight="weight", cutoff=K, best_n=K)


class LabelPropagation(_Communities):
    """Every node takes the label that most of its neighbours have."""

    def _find(self, graph, community):
        return list(community.label_propagation_communities(graph))
