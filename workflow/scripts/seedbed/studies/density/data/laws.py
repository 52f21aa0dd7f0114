"""Many data sets of one query each: what a kernel sum at a fixed point does over data sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from seedbed.density.theory.condensation import critical_bandwidths, edge_distance


@dataclass(frozen=True, kw_only=True)
class SumsOfOneQuery:
    r"""Data sets of n points of N(0, I), and a query with :math:`|x|^2 = d`.

    Of a data set no more is needed than the squared distances :math:`(\sqrt d - g)^2 + \chi^2_{d-1}`, which are drawn
    again from ``data_seed`` by who needs them: they would fill a disk.

    Parameters
    ----------
    n_samples, n_features : int
    n_sets : int
        Data sets.
    """

    n_samples: int = 10_000
    n_features: int = 20
    n_sets: int = 400

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.n_samples < 100 or self.n_features < 2:
            sizes = f"got {self.n_samples} and {self.n_features}"
            messages.append(f"n_samples must be at least 100 and n_features at least 2, {sizes}")
        if self.n_sets < 20:
            messages.append(f"n_sets must be at least 20, got {self.n_sets}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``n_samples, n_features, n_sets, data_seed``; ``edge``, the bandwidth of condensation at this size, and
            ``edge_squared_distance``, within which one point is expected.
        """
        n, d = self.n_samples, self.n_features
        found = {"n_samples": n, "n_features": d, "n_sets": self.n_sets, "data_seed": rng.integers(2**63)}
        found |= {"edge": critical_bandwidths(n, d).h_g_finite, "edge_squared_distance": edge_distance(n, d)}
        return {name: np.array(value) for name, value in found.items()}


def squared_distances(n_samples: int, n_features: int, n_sets: int, data_seed: int) -> Iterator[np.ndarray]:
    """Squared distances of the points of every data set from its query, (n_samples,) each."""
    rng = np.random.default_rng(data_seed)
    for _ in range(n_sets):
        along = np.sqrt(n_features) - rng.standard_normal(n_samples)
        yield along**2 + 2.0 * rng.standard_gamma(0.5 * (n_features - 1), n_samples)
