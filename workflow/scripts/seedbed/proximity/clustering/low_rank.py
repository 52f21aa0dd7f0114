r"""Clusters of large sparse graphs from a few eigenvectors, without n x n matrices.

With the first r eigenpairs of S (or A) the rows of :math:`V \operatorname{diag}(e^{t(\lambda_k - \lambda_1)/2})`,
scaled to length one, have inner products that are the cosines of the proximity of rank r, to which the logarithm is
close where cosines are near one. They are put into a few hundred small clusters by k-means, which Ward's method then
merges.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import eigsh

from seedbed.proximity.graphs.graph import Graph
from seedbed.proximity.measures.spectra import inverse_roots
from seedbed.proximity.partitions.ward import numbered, weighted_ward

from .candidates import Candidate

_MICRO = 300  # small clusters, unless there are many large ones
_ACCURACY = 1e-3  # of the eigenvectors; the rows need no more
_RESTARTS = {"rng": 0} if "rng" in signature(eigsh).parameters else {}  # SciPy before 1.17 draws none
_SPREADS = (1.0, 3.0)  # t in units of 1 / (first - K-th eigenvalue)


def low_rank_candidates(graph: Graph, measures: list[str], n_clusters: int, rng) -> Iterator[Candidate]:
    """Partitions by each measure, ``communicability`` (of A), ``normalised_heat`` (of S) or even walks of A."""
    for row, measure in enumerate(measures):
        values, vectors = leading_pairs(graph, measure, n_clusters)
        span = max(float(values[0] - values[min(n_clusters, len(values)) - 1]), 1e-12)
        for column, spread in enumerate(_SPREADS):
            rows = embedded(values, vectors, spread / span)
            labels = divide_rows(rows, n_clusters, graph.component_numbers, rng)
            yield Candidate(row, column, measure, "cosine", spread / span, lambda _, labels=labels: labels, None)


def leading_pairs(graph: Graph, measure: str, n_clusters: int) -> tuple[np.ndarray, np.ndarray]:
    """The first K eigenvalues, descending (of even walks: their sizes), and vectors.

    More than K would be those of the bulk, which lie close together: they cost most of the time, and are noise.
    """
    matrix = graph.adjacency
    if measure == "normalised_heat":
        roots = sparse.dia_array((inverse_roots(graph.degrees)[None], [0]), shape=matrix.shape)
        matrix = sparse.csr_array(roots @ matrix @ roots)
    count = min(max(n_clusters, 2), graph.n_nodes - 2)
    if not matrix.nnz:  # all is one eigenspace, which Lanczos's iteration cannot start in
        return np.zeros(count), np.eye(graph.n_nodes, count)
    even = measure == "even_communicability"
    start = np.random.default_rng(0).standard_normal(graph.n_nodes)
    values, vectors = eigsh(matrix, count, which="LM" if even else "LA", v0=start, tol=_ACCURACY, **_RESTARTS)
    values = np.abs(values) if even else values
    order = np.argsort(-values)
    return values[order], vectors[:, order]


def embedded(values: np.ndarray, vectors: np.ndarray, t: float) -> np.ndarray:
    """Rows of unit length; a row of zeros, of a node without edges, stays."""
    rows = vectors * np.exp(0.5 * t * (values - values[0]))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def divide_rows(rows: np.ndarray, n_clusters: int, parts: np.ndarray, rng) -> np.ndarray:
    """Small clusters by a few steps of Lloyd's iteration, merged by Ward's method.

    Clusters hold nodes of one part each, unless there are more parts than clusters.
    """
    micro = min(max(_MICRO, 5 * n_clusters), max(len(rows) // 10, n_clusters))
    centres, found = enough_clusters(rows, *small_clusters(rows, micro, rng), n_clusters)
    if 0 < parts.max() < n_clusters:
        centres, found = split_by_parts(rows, found, parts)
    merged = weighted_ward(centres, np.bincount(found).astype(float), n_clusters)
    return numbered(merged[found])


def enough_clusters(
    rows: np.ndarray, centres: np.ndarray, found: np.ndarray, least: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same clusters, or where seeds were alike and left fewer than asked for, as many.

    The row that is farthest from its centre becomes one, and takes what is nearer to it. K eigenvectors have K linearly
    independent rows, so that there are as many different ones.
    """
    for _ in range(least - len(centres)):
        own = ((rows - centres[found]) ** 2).sum(axis=1)
        closer = ((rows - rows[own.argmax()]) ** 2).sum(axis=1) < own
        _, found = np.unique(np.where(closer, len(centres), found), return_inverse=True)
        sizes = np.bincount(found)
        centres = (sparse.csr_array((np.ones(len(rows)), (found, np.arange(len(rows))))) @ rows) / sizes[:, None]
    return centres, found


def split_by_parts(rows: np.ndarray, found: np.ndarray, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same small clusters, each within one part, with columns that keep Ward's method from merging across."""
    number = int(parts.max()) + 1
    _, found = np.unique(found * number + parts, return_inverse=True)
    apart = 2.0 * np.sqrt(len(rows)) * (parts[:, None] == np.arange(number))  # rows are of length one
    members = sparse.csr_array((np.ones(len(rows)), (found, np.arange(len(rows)))))
    return (members @ np.column_stack([rows, apart])) / np.bincount(found)[:, None], found


def small_clusters(rows: np.ndarray, number: int, rng, steps: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Centres of about so many small clusters, and the cluster of each row; seeds are rows, drawn at random.

    ``O(n number r)`` per step, in single precision: what is small is merged anyway.
    """
    points = rows.astype(np.float32)
    centres = points[rng.choice(len(rows), number, replace=False)]
    for _ in range(steps):
        scores = points @ centres.T
        scores -= 0.5 * np.einsum("cr,cr->c", centres, centres)
        _, found = np.unique(scores.argmax(axis=1), return_inverse=True)
        sizes = np.bincount(found)
        members = sparse.csr_array((np.ones(len(rows), np.float32), (found, np.arange(len(rows)))))
        centres = (members @ points) / sizes[:, None].astype(np.float32)
    return centres.astype(np.float64), found
