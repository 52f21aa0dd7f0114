"""Eigendecompositions of a graph's three matrices, each made when it is first asked for, component by component."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
from scipy.linalg import eigh

from seedbed.proximity.graphs.graph import Graph

MatrixName = Literal["A", "L", "S"]
DENSE_NODES = 20_000  # an n x n matrix of doubles is then 3.2 GB


class Part:
    """A set of nodes that walks connect: a component, or for even walks one side of a bipartite component.

    Parameters
    ----------
    graph : Graph
    nodes : ndarray of int
    component : ndarray of int
        The connected component that the nodes lie in; larger than ``nodes`` for a side of a bipartite one.
    """

    def __init__(self, graph: Graph, nodes: np.ndarray, component: np.ndarray):
        self.nodes, self.degrees = nodes, graph.degrees[nodes]
        self.is_side = len(nodes) < len(component)
        self._graph, self._component = graph, component
        self._spectra: dict[MatrixName, tuple[np.ndarray, np.ndarray]] = {}
        self._kept: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.nodes)

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What does not depend on a measure's parameter, made when it is first asked for."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @cached_property
    def adjacency(self) -> np.ndarray:
        """The dense adjacency matrix of the nodes (zero for a side, which has no edge inside)."""
        matrix = self._graph.adjacency
        whole = len(self) == self._graph.n_nodes
        return np.ascontiguousarray((matrix if whole else matrix[self.nodes][:, self.nodes]).toarray())

    def matrix(self, name: MatrixName) -> np.ndarray:
        """``A``, ``L = D - A`` or ``S = D^-1/2 A D^-1/2``."""
        if name == "A":
            return self.adjacency
        if name == "L":
            return np.diag(self.degrees) - self.adjacency
        roots = inverse_roots(self.degrees)
        return self.adjacency * roots[:, None] * roots

    def square(self, name: MatrixName) -> np.ndarray:
        """``A A`` or ``S S`` of the component, restricted to the nodes."""
        rows = self._graph.adjacency[self.nodes][:, self._component]
        if name == "S":
            left, right = inverse_roots(self.degrees), inverse_roots(self._graph.degrees[self._component])
            rows = rows.multiply(left[:, None]).multiply(right[None]).tocsr()
        return np.asarray((rows @ rows.T).todense())

    def eigen(self, name: MatrixName) -> tuple[np.ndarray, np.ndarray]:
        """Eigenvalues, ascending, and eigenvectors as columns; of a side, the nonnegative roots of the square's."""
        if name not in self._spectra:
            if self.is_side:
                values, vectors = eigh(self.square(name), check_finite=False, driver="evd")
                self._spectra[name] = np.sqrt(np.maximum(values, 0.0)), vectors
            else:
                self._spectra[name] = eigh(self.matrix(name), check_finite=False, driver="evd")
        return self._spectra[name]


class Spectra:
    """The parts of a graph, with their eigendecompositions.

    Parameters
    ----------
    graph : Graph

    Raises
    ------
    ValueError
        For more nodes than dense matrices serve.

    Notes
    -----
    Three eigendecompositions, ``O(n^3)`` each, serve all families and all values of their parameters.
    """

    def __init__(self, graph: Graph):
        if graph.n_nodes > DENSE_NODES:
            raise ValueError(
                f"the graph has {graph.n_nodes} nodes; dense matrices serve up to {DENSE_NODES}. For clusters use "
                'ProximityClustering(solver="low_rank")'
            )
        self.graph = graph

    @cached_property
    def parts(self) -> list[Part]:
        """One for each connected component."""
        return [Part(self.graph, nodes, nodes) for nodes in self.graph.components]

    @cached_property
    def even_parts(self) -> list[Part]:
        """One for each set of nodes that walks of even length connect; what is a whole component is shared."""
        whole = {part.nodes[0]: part for part in self.parts}
        component = {node: part.nodes for part in self.parts for node in part.nodes}
        return [
            whole[nodes[0]]
            if nodes[0] in whole and len(whole[nodes[0]]) == len(nodes)
            else Part(self.graph, nodes, component[nodes[0]])
            for nodes in self.graph.even_components
        ]

    def largest(self, even: bool = False) -> Part:
        """The part with most nodes, by which parameters are scaled."""
        return max(self.even_parts if even else self.parts, key=len)


def inverse_roots(degrees: np.ndarray) -> np.ndarray:
    """``d^-1/2``, zero where the degree is."""
    return np.divide(1.0, np.sqrt(degrees), out=np.zeros(len(degrees)), where=degrees > 0)


def assemble(n: int, parts: Sequence[Part], blocks: Sequence[np.ndarray], outside: float) -> np.ndarray:
    """The matrix of a graph from those of its parts; ``outside`` stands between them."""
    if len(parts) == 1 and len(parts[0]) == n:
        return blocks[0]
    whole = np.full((n, n), outside)
    for part, block in zip(parts, blocks, strict=True):
        whole[np.ix_(part.nodes, part.nodes)] = block
    return whole
