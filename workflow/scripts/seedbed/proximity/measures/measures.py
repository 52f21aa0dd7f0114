"""Distances and kernels of a graph by any measure: what is known of single parts, put together."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import shortest_path

from seedbed.proximity.graphs.graph import Graph

from .entrywise import checked_positive
from .families import FAMILIES, FIXED, SIGMOIDS, Family
from .parameters import check_natural
from .spectra import Part, Spectra, assemble
from .stable_kernel import kernel_of, log_top, relative_kernel, with_degrees
from .stable_log import Distances, cosine_distances, log_distances
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

    def relative_distances(self, measure: str, t: float) -> Distances:
        """Plain distances of a family in units of the largest eigenvalue of the kernel, which cannot overflow."""
        family = FAMILIES[measure]
        t = check_natural(measure, t, self.spectra)
        blocks = [plain_distance(block) for block in self._relative_blocks(family, t)]
        return Distances(self._whole(family, blocks, np.inf))

    def kernel(self, measure: str, t: float) -> np.ndarray:
        """``H`` of a measure; of one that is a distance, the centred ``-J D J``.

        Raises
        ------
        ValueError
            If the entries are larger than a double can hold.
        """
        t = check_natural(measure, t, self.spectra)
        if measure in FAMILIES:
            family = FAMILIES[measure]
            return self._whole(family, self._blocks(family, t), 0.0)
        if measure in FIXED or measure in SIGMOIDS:
            return self._fixed_kernel(measure, t)
        distances = self._walk_distances(measure, t)
        if np.isinf(distances).any():
            raise ValueError(f"the graph is not connected, and '{measure}' has no kernel then; use teleport")
        return centred_kernel(distances)

    def cosines(self, measure: str, t: float) -> np.ndarray:
        """Similarities of nodes: the cosine in the kernel's space; zero between nodes that no walk connects."""
        t = check_natural(measure, t, self.spectra)
        if measure not in FAMILIES:
            return 1.0 - cosine_distance(self.kernel(measure, t))
        family = FAMILIES[measure]
        blocks = []
        for part in self._parts(family):
            kernel, _ = kernel_of(part, family, t)
            roots = np.sqrt(kernel.diagonal())
            blocks.append(kernel / roots[:, None] / roots)
            np.fill_diagonal(blocks[-1], 1.0)
        return self._whole(family, blocks, 0.0)

    def logarithms(self, measure: str, t: float) -> np.ndarray:
        """``log H``, minus infinity between nodes that no walk connects.

        Raises
        ------
        ValueError
            For negative proximities, and those that are infinite or below what a double can hold.
        """
        t = check_natural(measure, t, self.spectra)
        with np.errstate(divide="ignore"):
            if measure in FAMILIES:
                family = FAMILIES[measure]
                return self._whole(family, [_log_block(part, family, t) for part in self._parts(family)], -np.inf)
            kernel = self.kernel(measure, t)
            if kernel.min() < 0.0:
                raise ValueError(f"'{measure}' has negative proximities, of which there is no logarithm")
            return np.log(kernel)

    def _parts(self, family: Family) -> list[Part]:
        return self.spectra.even_parts if family.even else self.spectra.parts

    def _whole(self, family: Family, blocks: list[np.ndarray], outside: float) -> np.ndarray:
        return assemble(self.graph.n_nodes, self._parts(family), blocks, outside)

    def _of_family(self, family: Family, t: float, transform: str) -> Distances:
        if transform == "plain":
            blocks = [plain_distance(block) for block in self._blocks(family, t)]
            return Distances(self._whole(family, blocks, np.inf))
        make = log_distances if transform == "log" else cosine_distances
        found = [make(part, family, t) for part in self._parts(family)]
        scale = max((one.log_scale for one in found if len(one.matrix) > 1), default=0.0)
        blocks = [self._in_units(one, scale) for one in found]
        accuracy = max(one.accuracy for one in found)
        return Distances(self._whole(family, blocks, np.inf), scale, accuracy)

    @staticmethod
    def _in_units(found: Distances, scale: float) -> np.ndarray:
        alike = found.log_scale == scale or len(found.matrix) == 1
        return found.matrix if alike else found.matrix * np.exp(found.log_scale - scale)

    def _blocks(self, family: Family, t: float) -> list[np.ndarray]:
        """The kernel of every part."""
        top = max(log_top(part, family, t) for part in self._parts(family))
        if not top < _LARGEST_LOG:
            raise ValueError(
                f"at t={t:g} the proximities '{family.name}' are too large for double precision (e^{top:.0f}); take a "
                "smaller t, or transform='log' or 'cosine', which have no such limit"
            )
        found = [(part, *kernel_of(part, family, t)) for part in self._parts(family)]
        return [with_degrees(np.exp(log_unit) * kernel, part, family) for part, kernel, log_unit in found]

    def _relative_blocks(self, family: Family, t: float) -> list[np.ndarray]:
        parts = self._parts(family)
        tops = [log_top(part, family, t) for part in parts]
        factors = np.exp(np.array(tops) - max(tops)) if np.isfinite(max(tops)) else np.isinf(tops).astype(float)
        return [
            with_degrees(factor * relative_kernel(part, family, t), part, family)
            for part, factor in zip(parts, factors, strict=True)
        ]

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


def _log_block(part: Part, family: Family, t: float) -> np.ndarray:
    """``log H`` of a part."""
    kernel, log_unit = kernel_of(part, family, t)
    if np.isinf(log_unit):
        raise ValueError(
            f"at t={t:g} the proximities '{family.name}' are infinite; take a smaller t, or distances, which are not"
        )
    return log_unit + np.log(with_degrees(checked_positive(kernel, part, family, t), part, family))


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
