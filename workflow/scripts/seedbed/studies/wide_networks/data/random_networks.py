"""The size of a random network, whose output at one input is drawn many times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class RandomNetworks:
    """Networks of one width and depth.

    Of a replicate no more is drawn than the seed of its networks: at one input the law of the output needs no weights.

    Parameters
    ----------
    width : int
    depth : int
    n_draws : int
        Networks.
    """

    width: int = 64
    depth: int = 8
    n_draws: int = 8000

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.width < 2 or self.depth < 1:
            messages.append(f"width must be at least 2 and depth at least 1, got {self.width} and {self.depth}")
        if self.n_draws < 100:
            messages.append(f"n_draws must be at least 100, got {self.n_draws}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        found = {"task": "gaussianity", "width": self.width, "depth": self.depth, "n_draws": self.n_draws}
        return {name: np.asarray(value) for name, value in {**found, "draws_seed": rng.integers(2**63)}.items()}
