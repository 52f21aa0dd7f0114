"""Clusters of the nodes of a graph, by measures and parameters that are chosen without truth."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.utils import TransformerTags, check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.proximity.graphs.graph import Graph
from seedbed.proximity.graphs.graph_input import as_graph, teleported
from seedbed.proximity.measures.measures import Measures
from seedbed.proximity.measures.parameters import check_measure
from seedbed.proximity.partitions.refinement import refined

from .candidates import PORTFOLIOS, Candidate, divider, rows_of, search
from .choice import CRITERIA, Choice, choose
from .low_rank import low_rank_candidates

_DENSE = 4000  # nodes; beyond, n^3 operations take minutes and a few matrices gigabytes
_LOW_RANK = ("normalised_heat", "communicability", "even_communicability")


class ProximityClustering(ClusterMixin, BaseEstimator):
    r"""Clusters of nodes by proximity measures; family, transform, parameter and number of clusters without truth.

    Candidates are the partitions by Ward's method (or another) of several measures at several parameters each; the one
    with the highest likelihood of a block model is taken, and refined by moves of single nodes. Whether the model gives
    nodes degrees of their own is decided by a likelihood ratio.

    Parameters
    ----------
    n_clusters : int or "auto", default=8
        ``auto``: the number with the highest integrated likelihood.
    measure : str or list of str, default="auto"
        ``auto``: communicability, normalised heat and even communicability, each plain, as cosine and as logarithm;
        ``all``: forest, PageRank, Katz's walks and even PageRank too; or names of :data:`seedbed.proximity.MEASURES`.
    transform : {"log", "cosine", "plain"}, default="log"
        Of measures that are named; ``auto`` and ``all`` try all three.
    t : float, list of float or "auto", default="auto"
        The measure's parameter on its own scale; ``auto`` tries ``n_values`` that suit the graph's spectrum.
    criterion : {"auto", "block_likelihood", "degree_corrected", "modularity"}, default="auto"
    assign : {"ward", "kernel_kmeans", "spectral"}, default="ward"
    refine : bool, default=True
        Whether nodes are moved, one by one, to where the criterion is higher.
    solver : {"auto", "dense", "low_rank"}, default="auto"
        ``low_rank`` takes a few eigenvectors of the sparse matrix, for cosines at parameters of its own; ``auto`` does
        so beyond 4000 nodes.
    n_values : int, default=13
    ward_input : {"kernel", "distance"}, default="kernel"
        See :class:`KernelWard`.
    disconnected : {"separate", "teleport"}, default="separate"
        ``separate``: components are merged last, the smallest first. ``teleport`` adds a little weight to every pair.
    random_state : int, RandomState instance or None, default=None
        For k-means; Ward's method draws nothing. The low-rank solver draws small clusters, of None the same each time.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
    n_clusters_ : int
    measure_, transform_ : str
    t_ : float
        On the measure's own scale; NaN where it has none.
    criterion_ : str
        The one that decided.
    criterion_values_ : ndarray of shape (n_rows, n_values)
        Of every candidate, before refinement; rows are ``candidates_``, NaN where a row has fewer values.
    candidates_ : list of (str, str)
        Measure and transform of each row.
    candidate_ts_ : ndarray of shape (n_rows, n_values)
    path_labels_ : ndarray of shape (n_rows, n_values, n)
        The partitions themselves.
    children_, distances_ : ndarray
        The tree of the chosen measure, as of ``AgglomerativeClustering`` (Ward's method and dense matrices only).
    distance_matrix_ : ndarray of shape (n, n)
        Computed when asked for.
    degrees_gain_ : float
        Twice the gain in log-likelihood per node when nodes get degrees of their own; above 1.5 they do.
    message_ : str
        What was found, in words.
    n_features_in_ : int
        Number of nodes.

    Raises
    ------
    ValueError
        For what is no graph, fewer nodes than clusters, or parameters out of range.

    Notes
    -----
    Dense: one eigendecomposition per matrix and about one matrix product per candidate, ``O(n^3)``. Low rank:
    ``O(edges K)`` per step of the eigensolver.

    Examples
    --------
    >>> edges = [[0, 1], [1, 2], [0, 2], [2, 3], [3, 4], [4, 5], [3, 5]]
    >>> model = ProximityClustering(2).fit(edges)
    >>> model.labels_.tolist()
    [0, 0, 0, 1, 1, 1]
    """

    __module__ = "seedbed.proximity"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        "n_clusters": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "measure": [str, "array-like"],
        "transform": [StrOptions({"log", "cosine", "plain"})],
        "t": [Real, "array-like", StrOptions({"auto"})],
        "criterion": [StrOptions(set(CRITERIA))],
        "assign": [StrOptions({"ward", "kernel_kmeans", "spectral"})],
        "refine": ["boolean"],
        "solver": [StrOptions({"auto", "dense", "low_rank"})],
        "n_values": [Interval(Integral, 1, None, closed="left")],
        "ward_input": [StrOptions({"kernel", "distance"})],
        "disconnected": [StrOptions({"separate", "teleport"})],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        n_clusters=8,
        measure="auto",
        transform="log",
        t="auto",
        criterion="auto",
        assign="ward",
        refine=True,
        solver="auto",
        n_values=13,
        ward_input="kernel",
        disconnected="separate",
        random_state=None,
    ):
        self.n_clusters = n_clusters
        self.measure = measure
        self.transform = transform
        self.t = t
        self.criterion = criterion
        self.assign = assign
        self.refine = refine
        self.solver = solver
        self.n_values = n_values
        self.ward_input = ward_input
        self.disconnected = disconnected
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Find the clusters.

        Parameters
        ----------
        X : Graph, networkx graph, sparse matrix or array-like
            An adjacency matrix (n, n), or edges (m, 2) or (m, 3); see :func:`proximity`.
        y : Ignored

        Returns
        -------
        self
        """
        graph = as_graph(X)
        self.n_features_in_ = graph.n_nodes
        if self.n_clusters != "auto" and graph.n_nodes < self.n_clusters:
            raise ValueError(f"n_samples={graph.n_nodes} should be >= n_clusters={self.n_clusters}.")
        low_rank = self.solver == "low_rank" or (self.solver == "auto" and graph.n_nodes > _DENSE)
        worked = teleported(graph) if self.disconnected == "teleport" and not low_rank else graph
        rows, candidates = self._low_rank(worked) if low_rank else self._dense(worked)
        number = None if self.n_clusters == "auto" else int(self.n_clusters)
        self._graph = worked
        self._take(graph, rows, choose(graph, candidates, number, self.criterion), candidates)
        return self

    def _dense(self, graph: Graph) -> tuple[list[tuple[str, str]], list[Candidate]]:
        for name in self._named():
            check_measure(name)
        rows = rows_of(self.measure, self.transform)
        if len(rows) > 1 and not isinstance(self.t, str):
            raise ValueError("t can be given for one measure only: each has a scale of its own; use t='auto'")
        divide = divider(self.assign, self.ward_input, self.random_state)
        return rows, list(search(Measures(graph), rows, self.t, self.n_values, divide))

    def _low_rank(self, graph: Graph) -> tuple[list[tuple[str, str]], list[Candidate]]:
        names = self._named() or list(_LOW_RANK[:2])
        if self.n_clusters == "auto":
            raise ValueError("the number of clusters must be given to the low-rank solver: n_clusters='auto' is dense")
        if unknown := [name for name in names if name not in _LOW_RANK]:
            raise ValueError(f"the low-rank solver knows {', '.join(_LOW_RANK)}; got {unknown[0]!r}")
        self._refuse_dense_only()
        if graph.n_nodes < self.n_clusters + 3:
            raise ValueError(f"the low-rank solver needs more than {self.n_clusters + 2} nodes; use solver='dense'")
        fixed = self.random_state is None
        rng = np.random.default_rng(0 if fixed else check_random_state(self.random_state).randint(2**31 - 1))
        return [(name, "cosine") for name in names], list(low_rank_candidates(graph, names, int(self.n_clusters), rng))

    def _named(self) -> list[str]:
        """The measures that are named one by one; none of a portfolio."""
        if isinstance(self.measure, str):
            return [] if self.measure in PORTFOLIOS else [self.measure]
        names = list(self.measure)
        if not names:
            raise ValueError("measure must name at least one measure, 'auto' or 'all', got an empty list")
        return names

    def _refuse_dense_only(self) -> None:
        """What was asked for by name, and needs dense matrices."""
        named = self.solver == "low_rank" and self._named()  # else the transform is the default, or not asked for
        refused = {
            "transform": named and self.transform != "cosine",
            "t": not isinstance(self.t, str),
            "assign": self.assign != "ward",
            "ward_input": self.ward_input != "kernel",
            "disconnected": self.disconnected != "separate",
        }
        asked = ", ".join(f"{name}={getattr(self, name)!r}" for name, refuse in refused.items() if refuse)
        if asked:
            raise ValueError(
                "the low-rank solver merges cosines by Ward's method, at parameters of its own "
                f"(transform='cosine', t='auto', assign='ward'); it cannot do {asked}: use solver='dense'"
            )

    def _take(self, graph: Graph, rows: Sequence, choice: Choice, candidates: list[Candidate]) -> None:
        best, self.labels_ = choice.candidate, choice.labels
        if self.refine:
            self.labels_ = refined(graph, choice.labels, choice.criterion, self._graph.component_numbers)
        self.n_clusters_ = int(self.labels_.max()) + 1
        self.measure_, self.transform_, self.t_ = best.measure, best.transform, best.t
        self.criterion_, self.degrees_gain_ = choice.criterion, choice.degrees_gain
        self.candidates_ = list(rows)
        shape = (len(rows), 1 + max(candidate.column for candidate in candidates))
        self.criterion_values_, self.candidate_ts_ = np.full(shape, np.nan), np.full(shape, np.nan)
        self.path_labels_ = np.zeros((*shape, graph.n_nodes), np.min_scalar_type(self.n_clusters_))
        for candidate in candidates:
            place = candidate.row, candidate.column
            self.candidate_ts_[place] = candidate.t
            self.criterion_values_[place] = choice.values[choice.criterion][place]
            self.path_labels_[place] = candidate.labels(self.n_clusters_)
        if best.tree is not None:
            self.children_, self.distances_ = best.tree[:, :2].astype(np.int64), best.tree[:, 2]
        self.message_ = self._words(graph, len(candidates))
        if self.n_clusters_ < len(graph.components):
            warnings.warn(f"{type(self).__name__}: {self.message_}", UserWarning, stacklevel=4)

    def _words(self, graph: Graph, number: int) -> str:
        t = "" if np.isnan(self.t_) else f" at t={self.t_:.4g}"
        model = {
            "block_likelihood": "the likelihood of a block model",
            "degree_corrected": "the likelihood of a block model with degrees",
            "modularity": "modularity",
        }[self.criterion_]
        said = f"{self.n_clusters_} clusters by {self.measure_} ({self.transform_}){t}"
        if number > 1:
            said += f", the best of {number} partitions by {model}"
        if self.refine:
            said += f"; refined by {model}"
        parts = len(graph.components)
        if parts > 1:
            said += f"; the graph has {parts} connected components"
        return said + ("" if self.n_clusters_ >= parts else ", so that some clusters hold nodes that no path connects")

    @property
    def distance_matrix_(self) -> np.ndarray:
        """Distances of the chosen measure and parameter, up to a factor."""
        if not hasattr(self, "_graph") or not hasattr(self, "children_"):
            raise AttributeError("distance_matrix_ is there after a fit by Ward's method with dense matrices")
        return Measures(self._graph).distances(self.measure_, self.t_, self.transform_).matrix

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = True
        tags.input_tags.sparse = tags.input_tags.positive_only = True
        tags.transformer_tags = TransformerTags()  # its parameter ``transform`` makes scikit-learn take it for one
        return tags
