"""Benchmark graphs of Lancichinetti, Fortunato and Radicchi: power laws of degrees and of community sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .replicate import permuted

_TRIES = 50


@dataclass(frozen=True, kw_only=True)
class LFRGraph:
    """A graph of networkx's LFR generator.

    Parameters
    ----------
    n : int
    tau1, tau2 : float
        Exponents of degrees and of community sizes, above 1.
    mu : float
        Share of a node's edges that leave its community; the graphs that are made have a little more.
    average_degree : float
    max_degree : int
    min_community, max_community : int

    Notes
    -----
    networkx does not end for some values: communities must hold the node of the largest degree, and its edges to the
    outside must find ends there; ``messages`` asks for that. A failed attempt is made anew with another seed; loops are
    dropped.
    """

    n: int = 150
    tau1: float = 2.5
    tau2: float = 1.5
    mu: float = 0.2
    average_degree: float = 8.0
    max_degree: int = 40
    min_community: int = 20
    max_community: int = 60

    def messages(self) -> list[str]:
        """What is wrong with the parameters, one message each."""
        messages = []
        if not 20 <= self.n <= 4000:
            messages.append(f"n is {self.n}; 20 to 4000 are possible")
        for name, value in (("tau1", self.tau1), ("tau2", self.tau2)):
            if not 1 < value <= 10:
                messages.append(f"{name} is {value}; it must lie in (1, 10]")
        if not 0 < self.mu < 1:
            messages.append(f"mu is {self.mu}; it must lie in (0, 1)")
        if not 1 <= self.average_degree < self.max_degree < self.n:
            messages.append(f"average_degree is {self.average_degree}; 1 <= average_degree < max_degree < n is needed")
        if not 2 <= self.min_community < self.max_community <= self.n:
            messages.append(f"2 <= min_community < max_community <= {self.n} is needed")
        if not messages and self.max_degree * (1 - self.mu) >= self.max_community:
            messages.append(f"max_degree (1 - mu) = {self.max_degree * (1 - self.mu):g} must be below max_community")
        if not messages and self.mu * self.max_degree >= self.n - self.max_community:
            messages.append(f"mu max_degree = {self.mu * self.max_degree:g} must be below n - max_community")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``X`` (n, n), ``labels`` (n,), ``n_clusters`` ().

        Raises
        ------
        ValueError
            If networkx makes no graph in many attempts.
        """
        import networkx

        for _ in range(_TRIES):
            try:
                graph = networkx.LFR_benchmark_graph(
                    self.n,
                    self.tau1,
                    self.tau2,
                    self.mu,
                    average_degree=self.average_degree,
                    max_degree=self.max_degree,
                    min_community=self.min_community,
                    max_community=self.max_community,
                    max_iters=200,
                    seed=int(rng.integers(2**31 - 1)),
                )
                break
            except networkx.ExceededMaxIterations:
                continue
        else:
            raise ValueError(f"networkx made no such graph in {_TRIES} attempts; let communities or degrees vary more")
        graph.remove_edges_from(list(networkx.selfloop_edges(graph)))
        adjacency = networkx.to_numpy_array(graph, nodelist=range(self.n))
        labels = np.array([min(graph.nodes[node]["community"]) for node in range(self.n)])
        return permuted(rng, adjacency, labels, len(np.unique(labels)))
