"""Clusters by one proximity measure, with all that one fit can tell: the whole path, and the order of distances."""

from __future__ import annotations

import numpy as np
from scipy.linalg import expm
from scipy.spatial.distance import squareform
from scipy.stats import rankdata

from seedbed.proximity.clustering.candidates import Candidate, clustering_distances, divider, search
from seedbed.proximity.clustering.choice import choose
from seedbed.proximity.graphs.graph_input import as_graph
from seedbed.proximity.measures.measures import Measures
from seedbed.proximity.measures.parameters import relative_grid, to_natural
from seedbed.proximity.measures.transforms import log_distance
from seedbed.proximity.partitions.ward import cut_tree, finite_distances, ward_tree

from .atlas_names import ATLAS_FAMILIES, ATLAS_TRANSFORMS

LARGE = (5.0, 20.0, 36.0, 50.0, 100.0)  # t times the gap between the first two eigenvalues


class MeasureClusters:
    """Ward's method on the distances of one measure.

    Parameters
    ----------
    n_clusters : int
    measure, transform : str
    t : float or "auto"
        On the relative scale, on which one value suits graphs of all sizes; ``auto`` is chosen by likelihood, without
        truth.
    n_values : int
        Values of the path.
    whole_path : bool
        Whether the path is computed where t is given, too: curves need it, and labels do not.
    ward_input : {"kernel", "distance"}

    Attributes
    ----------
    labels_, path_ (relative values), path_labels_, failures_ (share of the values that gave no distances), distances_,
    distance_ranks_ (condensed)
    """

    def __init__(
        self,
        n_clusters=2,
        measure="communicability",
        transform="log",
        t="auto",
        n_values=15,
        whole_path=True,
        ward_input="kernel",
    ):
        self.n_clusters = n_clusters
        self.measure = measure
        self.transform = transform
        self.t = t
        self.n_values = n_values
        self.whole_path = whole_path
        self.ward_input = ward_input

    def fit(self, X):
        """Find the clusters of an adjacency matrix."""
        graph = as_graph(X)
        measures, K = Measures(graph), self.n_clusters
        wanted = self.whole_path or self.t == "auto"
        self.path_ = relative_grid(self.measure, self.n_values) if wanted else np.empty(0)
        found = [self._candidate(measures, column, value) for column, value in enumerate(self.path_)]
        candidates = [one for one in found if one is not None]
        self.failures_ = 1.0 - len(candidates) / max(len(found), 1)
        if self.t == "auto":
            if not candidates:
                raise ValueError(f"no value of the parameter gives distances of '{self.measure}'")
            choice = choose(graph, candidates, K, "auto")
            self.labels_, t = choice.labels, choice.candidate.t
        else:
            t = to_natural(self.measure, float(self.t), measures.spectra)
            self.labels_ = self._divided(measures, t)[0](K)
        blank = np.zeros(graph.n_nodes, np.int64)
        paths = [blank if one is None else one.labels(K) for one in found]
        self.path_labels_ = np.array(paths, np.min_scalar_type(K)).reshape(len(found), graph.n_nodes)
        self.distances_ = clustering_distances(measures, self.measure, self.transform, t)
        self.distance_ranks_ = condensed_ranks(self.distances_)
        return self

    def _divided(self, measures: Measures, t: float):
        distances = clustering_distances(measures, self.measure, self.transform, t)
        return divider("ward", self.ward_input, 0)(distances)

    def _candidate(self, measures: Measures, column: int, relative: float) -> Candidate | None:
        t = to_natural(self.measure, relative, measures.spectra)
        try:
            labels, tree = self._divided(measures, t)
        except ValueError:
            return None
        return Candidate(0, column, self.measure, self.transform, t, labels, tree)


def condensed_ranks(distances: np.ndarray) -> np.ndarray:
    """Ranks of the distances of all pairs: what a reject curve needs of them."""
    ranks = rankdata(squareform(finite_distances(distances), checks=False), method="dense")
    return ranks.astype(np.uint16 if len(ranks) == 0 or ranks.max() < 2**16 else np.uint32)


class Atlas:
    """Six families, plain, cosine and logarithmic, at all parameters, each with a parameter chosen without truth.

    Parameters
    ----------
    n_clusters : int
    n_values : int

    Attributes
    ----------
    labels_ (the likeliest of all), atlas_labels_ (6, 3, n), path_labels_ (6, 3, n_values, n)
    """

    def __init__(self, n_clusters=2, n_values=15):
        self.n_clusters = n_clusters
        self.n_values = n_values

    def fit(self, X):
        """Find the clusters of an adjacency matrix, in many ways."""
        graph, K = as_graph(X), self.n_clusters
        rows = [(family, transform) for family in ATLAS_FAMILIES for transform in ATLAS_TRANSFORMS]
        found = list(search(Measures(graph), rows, "auto", self.n_values, divider("ward", "kernel", 0)))
        shape = (len(ATLAS_FAMILIES), len(ATLAS_TRANSFORMS))
        chosen = [choose(graph, [one for one in found if one.row == row], K, "auto").labels for row in range(len(rows))]
        self.atlas_labels_ = np.array(chosen, np.min_scalar_type(K)).reshape(*shape, -1)
        paths = np.array([one.labels(K) for one in found], np.min_scalar_type(K))
        self.path_labels_ = paths.reshape(*shape, self.n_values, -1)
        self.labels_ = choose(graph, found, K, "auto").labels
        return self


class LargeParameter:
    """Logarithmic communicability at large t: by the stable form, or by the logarithm of the matrix exponential.

    Parameters
    ----------
    n_clusters : int
    naive : bool
    tau : float
        t times the gap between the first two eigenvalues of the adjacency matrix.

    Attributes
    ----------
    labels_, path_ (values of tau), path_labels_, failures_ (share of pairs whose distance is not finite, at tau)
    """

    def __init__(self, n_clusters=2, naive=False, tau=100.0):
        self.n_clusters = n_clusters
        self.naive = naive
        self.tau = tau

    def fit(self, X):
        """Find the clusters of an adjacency matrix."""
        measures = Measures(as_graph(X))
        self.path_ = np.array(LARGE)
        divided = [self._divided(measures, X, tau) for tau in (self.tau, *LARGE)]
        self.labels_, self.failures_ = divided[0]
        self.path_labels_ = np.array([labels for labels, _ in divided[1:]], np.min_scalar_type(self.n_clusters))
        return self

    def _divided(self, measures: Measures, X: np.ndarray, tau: float) -> tuple[np.ndarray, float]:
        t = to_natural("communicability", tau, measures.spectra)
        if self.naive:
            with np.errstate(all="ignore"):
                distances = log_distance(np.maximum(expm(t * X), 0.0))
        else:
            distances = measures.distances("communicability", t, "log").matrix
        finite = np.isfinite(distances)
        tree = ward_tree(np.where(finite, distances, 0.0))
        return cut_tree(tree, self.n_clusters), float(1.0 - finite.mean())
