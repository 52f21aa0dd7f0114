"""Generator for fields: a mixture in three dimensions, draws at both ends of the noise, and a gauge's norm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .laws import law_of
from .sampling import described_arrays


@dataclass(frozen=True, kw_only=True)
class FieldMixture:
    """Draws of a mixture at two noise levels; what is added to the score has this norm, in units of the score's.

    Parameters
    ----------
    norm : float
        0 adds nothing.
    n_samples, n_points : int
        Draws that run along the flow, and points at which densities are computed.
    sigma_max, sigma_min : float
    """

    norm: float = 1.0
    dimension: int = 3
    n_samples: int = 1000
    n_points: int = 12
    sigma_max: float = 3.0
    sigma_min: float = 0.2

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.norm < 0 or self.dimension < 2:
            messages.append("norm must be at least 0 and dimension at least 2: in one dimension there is no gauge")
        if self.n_samples < 2 or self.n_points < 1 or not self.sigma_max > self.sigma_min > 0:
            messages.append("n_samples >= 2, n_points >= 1 and sigma_max > sigma_min > 0 are needed")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: a mixture, draws, and fresh draws to compare with."""
        means = 1.5 * rng.standard_normal((3, self.dimension))
        variances = rng.uniform(0.05, 0.3, (3, self.dimension))
        described = {"law": "mixture", "means": means, "variances": variances, "weights": np.array([5.0, 3.0, 2.0])}
        law = law_of(described)
        points = law.sample(self.n_points, rng, self.sigma_min)
        return described_arrays(described) | {
            "start": law.sample(self.n_samples, rng, self.sigma_max),
            "fresh": law.sample(3 * self.n_samples, rng, self.sigma_min),
            "train": law.sample(self.n_samples, rng, self.sigma_min),
            "points": points,
            "log_density": law.log_density(points, self.sigma_min),
            "score": law.score(points, self.sigma_min),
            "norm": np.array(self.norm),
            "ends": np.array([self.sigma_max, self.sigma_min]),
        }
