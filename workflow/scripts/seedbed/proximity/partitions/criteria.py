r"""Criteria of a partition of a graph's nodes, which need no truth; O(edges) each.

With E the sums of weights between classes (the diagonal counts twice), n the sizes, :math:`\kappa = E 1` and
:math:`2m` the sum of E:

.. math::

    Q &= \frac{\operatorname{tr} E}{2m} - \sum_a \left(\frac{\kappa_a}{2m}\right)^2 \\
    \text{block} &= \tfrac12 \sum_{ab} E_{ab} \log p_{ab} + (N_{ab} - E_{ab}) \log (1 - p_{ab}), \quad
        N_{ab} = n_a n_b - [a = b] n_a, \ p = E / N \\
    \text{degree-corrected} &= \tfrac12 \sum_{ab} E_{ab} \log \frac{E_{ab}}{\kappa_a \kappa_b}

References
----------
B. Karrer and M. E. J. Newman (2011), Physical Review E 83, 016107.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln, xlogy

from seedbed.proximity.graphs.graph import Graph
from seedbed.proximity.graphs.graph_input import as_graph


@dataclass(frozen=True)
class Blocks:
    """What the criteria need of a partition.

    Parameters
    ----------
    sums : ndarray of shape (K, K)
        Weights between classes; the diagonal counts twice.
    sizes : ndarray of shape (K,)
    counts : ndarray of shape (K, K)
        The same as ``sums`` of the graph without weights: for the Bernoulli models, which know edges only.
    """

    sums: np.ndarray
    sizes: np.ndarray
    counts: np.ndarray


class BlockCounter:
    """Counts the edges between classes, again and again on one graph."""

    def __init__(self, graph: Graph):
        matrix = graph.adjacency.tocoo()
        self._rows, self._columns = matrix.coords
        self._weights = matrix.data
        self._is_weighted = bool((matrix.data != 1.0).any())

    def __call__(self, labels: np.ndarray) -> Blocks:
        """Of labels 0 .. K-1."""
        K = int(labels.max()) + 1
        places = labels[self._rows] * K + labels[self._columns]
        counts = np.bincount(places, minlength=K * K).astype(float).reshape(K, K)
        sums = np.bincount(places, self._weights, K * K).reshape(K, K) if self._is_weighted else counts
        return Blocks(sums, np.bincount(labels, minlength=K).astype(float), counts)


def modularity_of(blocks: Blocks) -> float:
    """Newman's modularity; 0 for a graph without edges."""
    total = blocks.sums.sum()
    if not total > 0:
        return 0.0
    return float(np.trace(blocks.sums) / total - ((blocks.sums.sum(axis=1) / total) ** 2).sum())


def bernoulli_of(blocks: Blocks) -> float:
    """Log-likelihood of the block model of edges, at its best densities."""
    pairs = np.outer(blocks.sizes, blocks.sizes) - np.diag(blocks.sizes)
    share = np.divide(blocks.counts, pairs, out=np.zeros_like(pairs), where=pairs > 0)
    return float(0.5 * (xlogy(blocks.counts, share) + xlogy(pairs - blocks.counts, 1.0 - share)).sum())


def poisson_of(blocks: Blocks) -> float:
    """Log-likelihood of the Poisson block model, ``1/2 sum E log(E / n n')``."""
    pairs = np.outer(blocks.sizes, blocks.sizes)
    return float(0.5 * xlogy(blocks.sums, blocks.sums / pairs).sum())


def degree_corrected_of(blocks: Blocks) -> float:
    """Karrer and Newman's log-likelihood, where nodes have degrees of their own."""
    degrees = blocks.sums.sum(axis=1)
    products = np.outer(degrees, degrees)
    ratio = np.divide(blocks.sums, products, out=np.zeros_like(products), where=products > 0)
    return float(0.5 * xlogy(blocks.sums, ratio).sum())


def integrated_of(blocks: Blocks) -> float:
    """Integrated likelihood of partition and edges: densities uniform, all proportions alike."""
    K = len(blocks.sizes)
    upper = np.triu_indices(K, 1)
    edges = np.concatenate([blocks.counts[upper], np.diag(blocks.counts) / 2])
    pairs = np.concatenate([np.outer(blocks.sizes, blocks.sizes)[upper], blocks.sizes * (blocks.sizes - 1) / 2])
    partition = gammaln(K) + gammaln(blocks.sizes + 1).sum() - gammaln(blocks.sizes.sum() + K)
    return float(betaln(edges + 1, pairs - edges + 1).sum() + partition)


def degree_corrected_bic(blocks: Blocks) -> float:
    """Karrer and Newman's log-likelihood less what its densities cost, with the share of the partition."""
    K, n = len(blocks.sizes), blocks.sizes.sum()
    cost = 0.25 * K * (K + 1) * np.log(max(n * (n - 1) / 2, 2.0))
    return degree_corrected_of(blocks) - cost + float(xlogy(blocks.sizes, blocks.sizes / n).sum())


def _blocks(graph, labels) -> Blocks:
    graph, labels = as_graph(graph), np.asarray(labels)
    if labels.shape != (graph.n_nodes,):
        raise ValueError(f"labels have the shape {labels.shape}; the graph has {graph.n_nodes} nodes")
    return BlockCounter(graph)(np.unique(labels, return_inverse=True)[1])


def modularity(graph, labels) -> float:
    """Newman's modularity Q of a partition.

    Parameters
    ----------
    graph : Graph, networkx graph, sparse matrix or array-like
        See :func:`seedbed.proximity.proximity`.
    labels : array-like of shape (n,)

    Returns
    -------
    float
        At most 1; 0 for one class.

    Examples
    --------
    >>> round(modularity([[0, 1], [1, 2], [0, 2], [2, 3], [3, 4], [4, 5], [3, 5]], [0, 0, 0, 1, 1, 1]), 4)
    0.3571
    """
    return modularity_of(_blocks(graph, labels))


def block_likelihood(graph, labels) -> float:
    """Log-likelihood of the block model in which edges are independent, at the densities that suit the partition best.

    Parameters
    ----------
    graph : Graph, networkx graph, sparse matrix or array-like
        Weights do not count.
    labels : array-like of shape (n,)

    Returns
    -------
    float
        In nats, at most 0.
    """
    return bernoulli_of(_blocks(graph, labels))


def degree_corrected_likelihood(graph, labels) -> float:
    """Karrer and Newman's log-likelihood, up to what is the same for all partitions.

    Parameters
    ----------
    graph : Graph, networkx graph, sparse matrix or array-like
        Weights count as numbers of edges.
    labels : array-like of shape (n,)

    Returns
    -------
    float
        In nats.
    """
    return degree_corrected_of(_blocks(graph, labels))


def integrated_likelihood(graph, labels) -> float:
    """Log of the joint probability of partition and edges, densities integrated out: it compares numbers of classes.

    Parameters
    ----------
    graph : Graph, networkx graph, sparse matrix or array-like
        Weights do not count.
    labels : array-like of shape (n,)

    Returns
    -------
    float
        In nats.
    """
    return integrated_of(_blocks(graph, labels))
