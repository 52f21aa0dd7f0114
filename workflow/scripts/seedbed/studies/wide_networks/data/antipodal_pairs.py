"""Points of a sphere with their antipodes: where a kernel that lacks odd degrees is singular."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class AntipodalPairs:
    r"""Random points of the sphere of radius :math:`\sqrt d`, and their antipodes.

    Parameters
    ----------
    n_pairs : int
    dimension : int
    """

    n_pairs: int = 60
    dimension: int = 3

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        if self.n_pairs < 2 or self.dimension < 2:
            return [f"n_pairs and dimension must be at least 2, got {self.n_pairs} and {self.dimension}"]
        return []

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        x = rng.standard_normal((self.n_pairs, self.dimension))
        x *= np.sqrt(self.dimension) / np.linalg.norm(x, axis=1, keepdims=True)
        return {"task": np.asarray("sphere"), "points": np.vstack([x, -x])}
