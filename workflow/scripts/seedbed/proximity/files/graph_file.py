"""What a file holds of a graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class GraphFile:
    """A matrix, or edges between numbered nodes.

    Parameters
    ----------
    matrix : sparse matrix of shape (n, n) or None
    ends : ndarray of shape (m, 2) or None
        Places of the two nodes of each edge among ``names``.
    weights : ndarray of shape (m,) or None
    names : list or None
        What the nodes are called.
    labels : ndarray of shape (n,) or None
        Classes of the nodes, as texts or numbers.
    """

    matrix: sparse.csr_array | None
    ends: np.ndarray | None = None
    weights: np.ndarray | None = None
    names: list | None = None
    labels: np.ndarray | None = None

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return int(self.matrix.shape[0]) if self.matrix is not None else len(self.names or ())
