"""Planted partitions: independent edges whose probabilities depend on the classes, with or without degrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .replicate import permuted, until_connected


@dataclass(frozen=True, kw_only=True)
class PlantedGraph:
    r"""A connected graph with independent edges, :math:`P(A_{ij} = 1) = \min(1, \theta_i \theta_j P_{z_i z_j})`.

    Parameters
    ----------
    n, k : int
        Nodes and classes of equal size, unless ``sizes`` says otherwise; the first classes take what does not divide.
    sizes : list of int, optional
        Nodes of each class.
    p_in, p_out : float
        Probabilities of an edge within and between classes.
    P : list of list of float, optional
        Probabilities of each pair of classes, symmetric, in place of ``p_in`` and ``p_out``.
    degree_exponent : float, optional
        With it nodes have degrees of their own: theta is a Pareto variable with this exponent plus 0.4, scaled
        to mean one in every class. Without it all theta are one.
    """

    n: int = 100
    k: int = 2
    sizes: list[int] | None = None
    p_in: float = 0.3
    p_out: float = 0.1
    P: list[list[float]] | None = None
    degree_exponent: float | None = None

    def messages(self) -> list[str]:
        """What is wrong with the parameters, one message each."""
        sizes, messages = self._sizes(), []
        if self.sizes is None and not 1 <= self.k <= self.n:
            return [f"k is {self.k}; {self.n} nodes allow 1 to {self.n} classes"]
        if not sizes or min(sizes) < 1:
            messages.append(f"sizes are {self.sizes}; every class needs at least one node")
        if not 2 <= sum(sizes) <= 4000:
            messages.append(f"the graph has {sum(sizes)} nodes; 2 to 4000 are possible")
        for name, value in (("p_in", self.p_in), ("p_out", self.p_out)):
            if not 0 <= value <= 1:
                messages.append(f"{name} is {value}; a probability lies between 0 and 1")
        if self.P is not None:
            messages += self._bad_matrix(len(sizes))
        if self.degree_exponent is not None and not self.degree_exponent > 1:
            messages.append(f"degree_exponent is {self.degree_exponent}; it must be above 1, for a mean to exist")
        return messages

    def _bad_matrix(self, k: int) -> list[str]:
        rows = self.P or []
        if len(rows) != k or any(len(row) != k for row in rows):
            return [f"P must have {k} rows of {k} probabilities, one for each class"]
        matrix = np.asarray(rows, float)
        if not ((matrix >= 0) & (matrix <= 1)).all() or not np.allclose(matrix, matrix.T):
            return ["P must be symmetric, with probabilities between 0 and 1"]
        return []

    def _sizes(self) -> list[int]:
        if self.sizes is not None:
            return list(self.sizes)
        return [self.n // max(self.k, 1) + (c < self.n % max(self.k, 1)) for c in range(self.k)]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``X`` (n, n), ``labels`` (n,), ``n_clusters`` (), ``probabilities`` (K, K) and ``popularity`` (n,), theta.
        """
        sizes = self._sizes()
        k, labels = len(sizes), np.repeat(np.arange(len(sizes)), sizes)
        P = np.full((k, k), self.p_out) + (self.p_in - self.p_out) * np.eye(k) if self.P is None else np.array(self.P)
        theta = self._popularity(rng, labels)
        chances = np.minimum(P[labels][:, labels] * theta[:, None] * theta, 1.0)

        def edges() -> np.ndarray:
            upper = np.triu(rng.random(chances.shape) < chances, 1)
            return (upper | upper.T).astype(np.uint8)

        return permuted(rng, until_connected(edges), labels, k, probabilities=P, popularity=theta)

    def _popularity(self, rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
        if self.degree_exponent is None:
            return np.ones(len(labels))
        theta = rng.pareto(self.degree_exponent, len(labels)) + 0.4
        means = np.bincount(labels, theta) / np.bincount(labels)
        return theta / means[labels]


@dataclass(frozen=True, kw_only=True)
class BlocksAtACutpoint:
    """Two random blocks that share one node, which every path from one to the other passes.

    Parameters
    ----------
    size : int
        Nodes of each block, the shared one counted in both.
    p_in : float
        Probability of an edge within a block.
    """

    size: int = 12
    p_in: float = 0.5

    def messages(self) -> list[str]:
        """What is wrong with the parameters, one message each."""
        messages = [] if 3 <= self.size <= 500 else [f"size is {self.size}; 3 to 500 are possible"]
        return messages + ([] if 0 < self.p_in <= 1 else [f"p_in is {self.p_in}; it must lie in (0, 1]"])

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``X``, ``labels`` (the shared node belongs to the first block), ``n_clusters`` and ``cutpoint`` (n,), 1 for
            the shared node.
        """
        m = self.size
        n = 2 * m - 1
        pairs = np.zeros((n, n), bool)
        pairs[:m, :m] = pairs[m - 1 :, m - 1 :] = True

        def edges() -> np.ndarray:
            upper = np.triu((rng.random((n, n)) < self.p_in) & pairs, 1)
            return (upper | upper.T).astype(np.uint8)

        cutpoint = (np.arange(n) == m - 1).astype(np.uint8)
        return permuted(rng, until_connected(edges), (np.arange(n) >= m).astype(int), 2, cutpoint=cutpoint)
