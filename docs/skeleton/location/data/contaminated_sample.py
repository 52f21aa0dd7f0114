"""A normal sample, part of which is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class ContaminatedSample:
    """Normal observations around zero, some of them moved.

    The fields are what a config may set; their types are checked.
    """

    n_points: int = 50
    share_wrong: float = 0.0
    distance: float = 10.0

    def messages(self) -> list[str]:
        """What is wrong with the parameters, one message each: asked when the config is read."""
        messages = [] if self.n_points >= 2 else [f"n_points is {self.n_points}; at least 2 are needed"]
        if not 0 <= self.share_wrong < 1:
            messages.append(f"share_wrong is {self.share_wrong}; it must be at least 0 and below 1")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``X`` (n,), ``wrong`` (n,) and ``centre`` (), the truth. Methods are given what the adapter gives them.
        """
        wrong = rng.random(self.n_points) < self.share_wrong
        return {"X": rng.normal(size=self.n_points) + self.distance * wrong, "wrong": wrong, "centre": np.array(0.0)}
