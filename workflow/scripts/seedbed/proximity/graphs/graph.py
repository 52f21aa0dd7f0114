"""An undirected weighted graph: a symmetric sparse matrix without loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True)
class Graph:
    """What every function of the library works on.

    Parameters
    ----------
    adjacency : scipy.sparse.csr_array of shape (n, n)
        Symmetric, nonnegative, float64, with nothing on the diagonal and no stored zero.
    names : sequence, optional
        What the nodes are called, where they have names.
    labels : ndarray of shape (n,), optional
        Classes of the nodes, where a file holds them.

    Notes
    -----
    ``shape``, ``toarray`` and ``__array__`` are those of the adjacency matrix.
    """

    __module__ = "seedbed.proximity"  # where pickles look for it, wherever this file moves

    adjacency: sparse.csr_array
    names: Sequence | None = None
    labels: np.ndarray | None = None

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return int(self.adjacency.shape[0])

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of the adjacency matrix."""
        return self.n_nodes, self.n_nodes

    @cached_property
    def degrees(self) -> np.ndarray:
        """Sums of the weights at each node."""
        return np.asarray(self.adjacency.sum(axis=1)).ravel()

    @cached_property
    def unweighted(self) -> sparse.csr_array:
        """The same edges, each of weight one."""
        ones = np.ones_like(self.adjacency.data)
        return sparse.csr_array((ones, self.adjacency.indices, self.adjacency.indptr), self.adjacency.shape)

    @cached_property
    def components(self) -> list[np.ndarray]:
        """Nodes of each connected component, ascending; components in the order of their first nodes."""
        return groups(connected_components(self.adjacency, directed=False)[1])

    @cached_property
    def component_numbers(self) -> np.ndarray:
        """The place of each node's component among ``components``."""
        numbers = np.empty(self.n_nodes, np.int64)
        for number, nodes in enumerate(self.components):
            numbers[nodes] = number
        return numbers

    @cached_property
    def even_components(self) -> list[np.ndarray]:
        """Nodes that walks of even length connect: a bipartite component falls into its two sides.

        They are the components of the bipartite double cover, which has the nodes twice and an edge from i to the other
        j for every edge ij; ``O(edges)``, where the square of the matrix could be dense.
        """
        cover = sparse.block_array([[None, self.adjacency], [self.adjacency, None]], format="csr")
        return groups(connected_components(cover, directed=False)[1][: self.n_nodes])

    def toarray(self) -> np.ndarray:
        """The dense adjacency matrix."""
        return self.adjacency.toarray()

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self.toarray().astype(dtype or float)

    def __len__(self) -> int:
        return self.n_nodes


def groups(numbers: np.ndarray) -> list[np.ndarray]:
    """Places of each number, ascending; groups in the order of their first places."""
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order])) + 1
    return sorted(np.split(order, starts), key=lambda places: places[0])
