r"""Distances of walks that mix chance and cost: randomised shortest paths and free energy.

Walks have the probability of the random walk times :math:`e^{-\beta c}`, c the sum of the costs 1/weight of their
edges; with :math:`W = P \circ e^{-\beta C}` and :math:`Z = (I - W)^{-1}`, the expected cost of a walk from i that ends
at j and the free energy are

.. math:: \bar C_{ij} = S_{ij} - S_{jj}, \quad S = (Z (C \circ W) Z) \div Z ; \qquad
          \phi_{ij} = -\tfrac1\beta \log (z_{ij} / z_{jj}) ,

made symmetric by the mean of both directions.

References
----------
I. Kivimäki, M. Shimbo and M. Saerens (2014), Physica A 393, 600-616.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from .spectra import Part


def randomised_shortest_paths(part: Part, beta: float) -> np.ndarray:
    """Expected costs of walks, symmetric; ``O(n^3)``."""
    Z, weighted, _ = _fundamental(part, beta)
    costs = np.asarray(weighted @ Z)
    ratio = (Z @ costs) / Z
    directed = ratio - ratio.diagonal()
    distances = np.maximum(0.5 * (directed + directed.T), 0.0)
    np.fill_diagonal(distances, 0.0)
    return distances


def free_energy(part: Part, beta: float) -> np.ndarray:
    """Free energy distances; on unweighted graphs the logarithmic PageRank at ``e^-beta`` over beta. ``O(n^3)``."""
    Z, _, _ = _fundamental(part, beta)
    logs = np.log(Z)
    directed = -(logs - logs.diagonal()) / beta
    distances = np.maximum(0.5 * (directed + directed.T), 0.0)
    np.fill_diagonal(distances, 0.0)
    return distances


def _fundamental(part: Part, beta: float) -> tuple[np.ndarray, sparse.csr_array, sparse.csr_array]:
    """``Z``, ``C o W`` and ``W``; I - W is an M-matrix with dominant rows, so its inverse is right entry by entry."""
    walks = sparse.csr_array(part.adjacency)
    costs = sparse.csr_array((1.0 / walks.data, walks.indices, walks.indptr), walks.shape)
    scaled = walks.multiply(1.0 / np.maximum(part.degrees, 1e-300)[:, None]).tocsr()
    W = sparse.csr_array((scaled.data * np.exp(-beta * costs.data), walks.indices, walks.indptr), walks.shape)
    Z = np.linalg.inv(np.eye(len(part)) - W.toarray()) if len(part) > 1 else np.ones((1, 1))
    if not Z.min() > 1e-300:
        raise ValueError(
            f"at t={beta:g} walks between the farthest nodes are less likely than any number of double precision; take "
            "a smaller t, or measure='shortest_path', which is the limit for large t"
        )
    weighted = sparse.csr_array((costs.data * W.data, walks.indices, walks.indptr), walks.shape)
    return Z, weighted, W
