"""Distances and kernels of a graph by any measure: what is known of single parts, put together."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import shortest_path

from seedbed.proximity.graphs.graph import Graph

from .families import FAMILIES, FIXED, SIGMOIDS, Family
from .parameters import check_natural
from .spectra import Part, Spectra, assemble, inverse_roots
from .stable_log import Distances, cosine_distances, log_distances, ordered_eigen
from .transforms import TRANSFORMS, centred_kernel, cosine_distance, log_distance, plain_distance, sigmoid
from .walk_costs import free_energy, randomised_shortest_paths

_LARGEST_LOG = 700.0


class Measures:
    """All measures of one graph, which share its eigendecompositions.

    Parameters
    ----------
    graph : Graph
    """

    def __init__(self, graph: Graph):
        self.graph, self.spectra = graph, Spectra(graph)
        self._fixed: dict[str, np.ndarray] = {}

    def distances(self, measure: str, t: float, transform: str) -> Distances:
        """``D`` of a measure at a parameter; infinite between nodes that no walk connects.

        Measures that are distances from the start have no transform. See :func:`seedbed.proximity.proximity`.
        """
        t = check_natural(measure, t, self.spectra)
        if measure in FAMILIES:
            return self._of_family(FAMILIES[measure], t, transform)
        if measure in FIXED or measure in SIGMOIDS:
            kernel = self._fixed_kernel(measure, t)
            matrix = log_distance(kernel, measure) if transform == "log" else TRANSFORMS[transform](kernel)
            return Distances(self._apart(matrix))
        return Distances(self._walk_distances(measure, t))

    def kernel(self, measure: str, t: float, relative: bool = False) -> np.ndarray:
        """``H`` of a measure; of one that is a distance, the centred ``-J D J``.

        Parameters
        ----------
        measure, t : as above
        relative : bool
            In units of the largest eigenvalue of the kernel, which cannot overflow.

        Raises
        ------
        ValueError
            If the entries are larger than a double can hold.
        """
        t = check_natural(measure, t, self.spectra)
        if measure in FAMILIES:
            return self._spectral_kernel(FAMILIES[measure], t, relative)
        if measure in FIXED or measure in SIGMOIDS:
            return self._fixed_kernel(measure, t)
        distances = self._walk_distances(measure, t)
        if np.isinf(distances).any():
            raise ValueError(f"the graph is not connected, and '{measure}' has no kernel then; use teleport")
        return centred_kernel(distances)

    def cosines(self, measure: str, t: float) -> np.ndarray:
        """Similarities of nodes: the cosine in the kernel's space."""
        if measure in FAMILIES:
            return 1.0 - self.distances(measure, t, "cosine").matrix
        kernel = self.kernel(measure, t)
        return 1.0 - cosine_distance(kernel)

    def _of_family(self, family: Family, t: float, transform: str) -> Distances:
        if transform == "plain":
            return Distances(plain_distance(self._spectral_kernel(family, t, False)))
        make = log_distances if transform == "log" else cosine_distances
        parts = self.spectra.even_parts if family.even else self.spectra.parts
        found = [make(part, family, t) for part in parts]
        outside = np.inf if transform == "log" else 1.0
        scale = max((one.log_scale for part, one in zip(parts, found, strict=True) if len(part) > 1), default=0.0)
        if transform == "cosine" and len(parts) > 1:
            scale = 0.0
        blocks = [self._in_units(one, scale) for one in found]
        accuracy = max(one.accuracy for one in found)
        return Distances(assemble(self.graph.n_nodes, parts, blocks, outside), scale, accuracy)

    @staticmethod
    def _in_units(found: Distances, scale: float) -> np.ndarray:
        return found.matrix if found.log_scale == scale else found.matrix * np.exp(found.log_scale - scale)

    def _spectral_kernel(self, family: Family, t: float, relative: bool) -> np.ndarray:
        parts = self.spectra.even_parts if family.even else self.spectra.parts
        tops = [self._log_top(part, family, t) for part in parts]
        top = max(tops)
        if not relative and not top < _LARGEST_LOG:
            raise ValueError(
                f"at t={t:g} the proximities '{family.name}' are too large for double precision (e^{top:.0f}); take a "
                "smaller t, or transform='log' or 'cosine', which have no such limit"
            )
        blocks = []
        for part, log_first in zip(parts, tops, strict=True):
            values, vectors = ordered_eigen(part, family)
            factor = np.exp(log_first - top if relative else log_first)
            shares = family.ratios(values, values[0], t) * factor
            kernel = (vectors * shares) @ vectors.T
            if family.powers != (0.0, 0.0):
                roots = inverse_roots(part.degrees)
                left, right = (_power(roots, -2.0 * power) for power in family.powers)
                kernel = kernel * left[:, None] * right
            blocks.append(kernel)
        return assemble(self.graph.n_nodes, parts, blocks, 0.0)

    @staticmethod
    def _log_top(part: Part, family: Family, t: float) -> float:
        first = ordered_eigen(part, family)[0][0]
        with np.errstate(divide="ignore", invalid="ignore"):
            top = float(family.log_value(first, t))
        return np.inf if np.isnan(top) else top

    def _fixed_kernel(self, measure: str, t: float) -> np.ndarray:
        if measure in SIGMOIDS:
            return sigmoid(self._fixed_kernel(SIGMOIDS[measure], np.nan), t)
        name = "commute_time" if measure == "resistance" else measure
        if name not in self._fixed:
            make = _laplacian_inverse if name == "commute_time" else _corrected_commute_time
            blocks = [make(part) for part in self.spectra.parts]
            self._fixed[name] = assemble(self.graph.n_nodes, self.spectra.parts, blocks, 0.0)
        return self._fixed[name]

    def _apart(self, distances: np.ndarray) -> np.ndarray:
        """Infinite between components."""
        if len(self.spectra.parts) == 1:
            return distances
        whole = np.full_like(distances, np.inf)
        for part in self.spectra.parts:
            block = np.ix_(part.nodes, part.nodes)
            whole[block] = distances[block]
        return whole

    def _walk_distances(self, measure: str, t: float) -> np.ndarray:
        if measure == "shortest_path":
            return self._shortest_paths()
        if measure == "shortest_path_commute_time":
            return self._mixture(t)
        make = free_energy if measure == "free_energy" else randomised_shortest_paths
        blocks = [make(part, t) if len(part) > 1 else np.zeros((1, 1)) for part in self.spectra.parts]
        return assemble(self.graph.n_nodes, self.spectra.parts, blocks, np.inf)

    def _shortest_paths(self) -> np.ndarray:
        if "shortest_path" not in self._fixed:
            matrix = self.graph.adjacency
            lengths = sparse.csr_array((1.0 / matrix.data, matrix.indices, matrix.indptr), matrix.shape)
            self._fixed["shortest_path"] = shortest_path(sparse.csr_matrix(lengths), directed=False)
        return self._fixed["shortest_path"]

    def _mixture(self, weight: float) -> np.ndarray:
        """``w SP + (1 - w) CT``, each over its mean, so that the weight means the same on every graph."""
        walks = self._apart(plain_distance(self._fixed_kernel("commute_time", np.nan)))
        paths = self._shortest_paths()
        means = [one[np.isfinite(one)].mean() or 1.0 for one in (paths, walks)]
        return weight * paths / means[0] + (1.0 - weight) * walks / means[1]


def _power(roots: np.ndarray, exponent: float) -> np.ndarray:
    """``d^-exponent/2`` from ``d^-1/2``; zero for a node without edges."""
    return np.power(roots, exponent, out=np.zeros(len(roots)), where=roots > 0)


def _laplacian_inverse(part: Part) -> np.ndarray:
    """``L^+`` of a component, ``(L + 11'/n)^-1 - 11'/n``, by Cholesky."""
    from scipy.linalg import lapack

    n = len(part)
    if n == 1:
        return np.zeros((1, 1))
    unit = part.degrees.mean()
    shifted = part.matrix("L") + unit / n
    factor, _ = lapack.dpotrf(shifted, lower=0)
    inverse, _ = lapack.dpotri(factor, lower=0)
    return np.triu(inverse) + np.triu(inverse, 1).T - 1.0 / (unit * n)


def _corrected_commute_time(part: Part) -> np.ndarray:
    """``H D^-1/2 M (I - M)^-1 M D^-1/2 H``, M the normalised matrix without its trivial pair, H centring."""
    if len(part) == 1:
        return np.zeros((1, 1))
    values, vectors = part.eigen("S")
    values, vectors = values[:-1], vectors[:, :-1]
    rows = vectors / np.sqrt(part.degrees)[:, None]
    rows = rows - rows.mean(axis=0)
    return (rows * (values**2 / (1.0 - values))) @ rows.T
