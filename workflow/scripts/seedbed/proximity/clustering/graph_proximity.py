"""Distances, kernels and similarities of the nodes of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from numbers import Real
from typing import ClassVar

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils._param_validation import StrOptions

from seedbed.proximity.graphs.graph import Graph
from seedbed.proximity.graphs.graph_input import as_graph, teleported
from seedbed.proximity.measures.families import MEASURES
from seedbed.proximity.measures.measures import Measures
from seedbed.proximity.measures.parameters import (
    as_number,
    check_measure,
    check_natural,
    default_relative,
    has_parameter,
    to_natural,
)
from seedbed.proximity.measures.stable_log import Distances

_TRANSFORMS = ("plain", "cosine", "log")


def proximity(graph, measure="communicability", t="auto", transform="log", *, kernel=False, euclidean=False):
    r"""Distances between the nodes of a graph by a proximity measure.

    Parameters
    ----------
    graph : Graph, networkx graph, sparse matrix or array-like
        An adjacency matrix, dense or sparse, or an array of edges of shape (m, 2), or (m, 3) with weights. Directed
        graphs are made symmetric, with a warning; loops are dropped.
    measure : str, default="communicability"
        One of :data:`seedbed.proximity.MEASURES`.
    t : float or "auto", default="auto"
        Its parameter, on the measure's own scale; ``inf`` (of walk and PageRank: the end of the range) is the limit.
        ``auto`` is a middle value that suits the graph's spectrum.
    transform : {"log", "cosine", "plain"}, default="log"
        Of the kernel, before distances are taken. Measures that are distances themselves (shortest paths, randomised
        shortest paths, free energy) have none.
    kernel : bool, default=False
        The kernel in place of distances: H, its cosines or its logarithm; of a measure that is a distance the centred
        ``-J D J``.
    euclidean : bool, default=False
        ``sqrt(2 D)`` in place of D.

    Returns
    -------
    ndarray of shape (n, n)
        :math:`D_{ij} = (h_{ii} + h_{jj} - h_{ij} - h_{ji}) / 2`, half the squared Euclidean distance in the kernel's
        space, of h transformed; log gives :math:`-\log(h_{ij} / \sqrt{h_{ii} h_{jj}})`. Infinite between nodes that no
        walk connects.

    Raises
    ------
    ValueError
        For a graph, measure or parameter that is none, a parameter out of range, logarithms of negative proximities, or
        numbers that double precision does not hold: where all distances are below 1e-300 use
        :class:`GraphProximity`, which gives them with ``log_scale_``, or ``t=inf``.

    Notes
    -----
    One eigendecomposition, ``O(n^3)``, and half a matrix product. At ``t=inf`` distances vanish; what is returned is
    their limit in units of the leading term: of log communicability
    :math:`(v_{2i}/p_i - v_{2j}/p_j)^2 / 2`, p and :math:`v_2` the first two eigenvectors.

    Examples
    --------
    >>> import numpy as np
    >>> path = np.array([[0, 1], [1, 2]])
    >>> proximity(path, "shortest_path").tolist()
    [[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.0]]
    >>> D = proximity(path, "forest", t=1.0)
    >>> bool(np.isclose(D[0, 1] + D[1, 2], D[0, 2]))  # the middle node cuts the path
    True
    """
    _check_choice("transform", transform, _TRANSFORMS)
    measures = Measures(as_graph(graph))
    t = natural_parameter(measures, measure, t, "natural")
    if kernel:
        return _kernel(measures, measure, t, transform)
    found = measures.distances(measure, t, transform)
    distances = found.matrix
    if found.log_scale < 0.0 and np.isfinite(t) and np.isfinite(found.log_scale):
        if found.log_scale < -690.0:
            raise ValueError(
                f"at t={t:g} all distances of '{measure}' are below 1e-300 (e^{found.log_scale:.0f}); use "
                "GraphProximity, which gives them in units of exp(log_scale_), or t=inf, their limit"
            )
        distances = distances * np.exp(found.log_scale)
    return np.sqrt(2.0 * np.maximum(distances, 0.0)) if euclidean else distances


def natural_parameter(measures: Measures, measure: str, t, scale: str) -> float:
    """The parameter on the measure's own scale; ``auto`` is a middle value."""
    check_measure(measure)
    if isinstance(t, str):
        _check_choice("t", t, ("auto",))
        return to_natural(measure, default_relative(measure), measures.spectra)
    number = as_number(t)
    if scale == "natural" or not has_parameter(measure):
        return check_natural(measure, number, measures.spectra)
    if not number > 0:
        raise ValueError(f"t must be above 0, got {t!r}")
    return to_natural(measure, number, measures.spectra)


def _check_choice(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}; got {value!r}")


def _kernel(measures: Measures, measure: str, t: float, transform: str) -> np.ndarray:
    if transform == "plain" or measure not in MEASURES:
        return measures.kernel(measure, t)
    if transform == "cosine":
        return measures.cosines(measure, t)
    return measures.logarithms(measure, t)


class GraphProximity(TransformerMixin, BaseEstimator):
    r"""Distances, kernels or similarities of the nodes of a graph, for other estimators to work on.

    Parameters
    ----------
    measure : str, default="communicability"
        One of :data:`seedbed.proximity.MEASURES`.
    t : float or "auto", default="auto"
        The measure's parameter.
    transform : {"log", "cosine", "plain"}, default="log"
    output : {"distance", "kernel", "similarity"}, default="distance"
        D; H (its logarithm with ``transform="log"``); or the cosines of the nodes in the kernel's space.
    scale : {"natural", "relative"}, default="natural"
        On the measure's own scale, or in units of the graph's spectrum: for exponentials t times the gap
        between the first two eigenvalues (0.1 to 30 is what makes sense), for Katz's walks t times the spectral
        radius, for forests t times the smallest positive eigenvalue.
    disconnected : {"separate", "teleport"}, default="separate"
        ``teleport`` adds a little weight to every pair, so that the graph is connected.

    Attributes
    ----------
    t_ : float
        The parameter on the natural scale; NaN where there is none.
    log_scale_ : float
        The true distances are ``exp(log_scale_)`` times those that are returned: 0, except where the second eigenvalue
        of the kernel is below 1e-8 of the first, where all distances would vanish.
    accuracy_ : float
        Share of the smallest entry of the kernel that rounding can have added, to first order.
    n_components_ : int
        Connected components of the graph.
    n_features_in_ : int
        Number of nodes.

    Raises
    ------
    ValueError
        As :func:`proximity`, except that nothing vanishes.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.manifold import MDS
    >>> edges = np.array([[0, 1], [1, 2], [0, 2], [2, 3], [3, 4], [4, 5], [3, 5]])
    >>> D = GraphProximity("pagerank", t=0.8).fit_transform(edges)
    >>> D.shape, bool(D[0, 1] < D[0, 5])
    ((6, 6), True)
    """

    __module__ = "seedbed.proximity"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        "measure": [StrOptions(set(MEASURES))],
        "t": [Real, StrOptions({"auto"})],
        "transform": [StrOptions(set(_TRANSFORMS))],
        "output": [StrOptions({"distance", "kernel", "similarity"})],
        "scale": [StrOptions({"natural", "relative"})],
        "disconnected": [StrOptions({"separate", "teleport"})],
    }

    def __init__(
        self,
        measure="communicability",
        t="auto",
        transform="log",
        *,
        output="distance",
        scale="natural",
        disconnected="separate",
    ):
        self.measure = measure
        self.t = t
        self.transform = transform
        self.output = output
        self.scale = scale
        self.disconnected = disconnected

    def fit(self, X, y=None):
        """As :meth:`fit_transform`, without its result.

        Parameters
        ----------
        X : Graph, networkx graph, sparse matrix or array-like
        y : Ignored

        Returns
        -------
        self
        """
        self.fit_transform(X)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X, y=None):
        """Distances, kernel or similarities of a graph.

        Parameters
        ----------
        X : Graph, networkx graph, sparse matrix or array-like
        y : Ignored

        Returns
        -------
        ndarray of shape (n, n)
        """
        return self._at(self._begin(X), self.t)

    @_fit_context(prefer_skip_nested_validation=True)
    def path(self, X, ts: Iterable) -> Iterator[np.ndarray]:
        """The same at several parameters, one after the other; the eigendecompositions are made once.

        Parameters
        ----------
        X : Graph, networkx graph, sparse matrix or array-like
        ts : iterable of float

        Returns
        -------
        iterator of ndarray of shape (n, n)
        """
        measures = self._begin(X)
        return (self._at(measures, t) for t in ts)

    def _begin(self, X) -> Measures:
        graph: Graph = as_graph(X)
        self.n_features_in_ = graph.n_nodes
        self.n_components_ = len(graph.components)
        return Measures(teleported(graph) if self.disconnected == "teleport" else graph)

    def _at(self, measures: Measures, t) -> np.ndarray:
        self.t_ = natural_parameter(measures, self.measure, t, self.scale)
        self.log_scale_, self.accuracy_ = 0.0, 2.0**-52
        if self.output == "kernel":
            return _kernel(measures, self.measure, self.t_, self.transform)
        if self.output == "similarity":
            return measures.cosines(self.measure, self.t_)
        found: Distances = measures.distances(self.measure, self.t_, self.transform)
        self.log_scale_, self.accuracy_ = float(found.log_scale), float(found.accuracy)
        return found.matrix

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = True
        tags.input_tags.sparse = tags.input_tags.positive_only = True
        return tags
