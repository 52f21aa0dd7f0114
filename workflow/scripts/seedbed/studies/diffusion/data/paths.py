"""Generators for paths: laws of mean zero and E|x|^2 = d, their separation, and where their flow ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from seedbed.diffusion.laws.law import Law
from seedbed.diffusion.paths.separation import Separation, gaussian_separation, separation_of

from .laws import digits, law_of
from .run_messages import bad_smoothing
from .sampling import described_arrays, mixture, with_reference

SIGMA_MAX, SIGMA_MIN = 20.0, 0.05
N_ANGLES = 48


def _of_law(described: dict[str, Any], train: Separation, test: Separation, rng: np.random.Generator, n: int) -> dict:
    """Two separations, of what a path may be fitted to and of what it is judged by, and runs from the same noise."""
    law = law_of(described)
    noise = law.mean() + SIGMA_MAX * rng.standard_normal((n, law.n_features_in_))
    data = with_reference(described, noise, (SIGMA_MAX, SIGMA_MIN), 60)
    return described_arrays(described) | data | {
        "angles": train.angles, "angle_weights": train.weights, "train_speed2": train.speed2,
        "test_speed2": test.speed2, "ends": np.array([SIGMA_MAX, SIGMA_MIN]),
    }  # fmt: skip


def _separation(law: Law, rng: np.random.Generator, n: int) -> Separation:
    return separation_of(law, N_ANGLES, n, rng)


@dataclass(frozen=True, kw_only=True)
class DigitPaths:
    """Digits, split in halves: a path is fitted to one and judged by the other.

    Parameters
    ----------
    smoothing : float
        Standard deviation of the noise on every digit.
    n_draws, n_samples : int
        Draws for the separations, and samples that run along a path.
    """

    smoothing: float = 0.316
    n_draws: int = 256
    n_samples: int = 64

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return _sizes(self.n_draws, self.n_samples) + bad_smoothing(self.smoothing)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: a split, and the law of its second half."""
        order = rng.permutation(len(digits()[0]))
        halves = [np.sort(part) for part in np.array_split(order, 2)]
        described = [{"law": "digit_half", "half": half, "smoothing": self.smoothing} for half in halves]
        train, test = (_separation(law_of(one), rng, self.n_draws) for one in described)
        return _of_law(described[1], train, test, rng, self.n_samples)


@dataclass(frozen=True, kw_only=True)
class MixturePaths:
    """A mixture of anisotropic Gaussians; the separation is estimated twice, from separate draws."""

    dimension: int = 16
    n_components: int = 10
    n_draws: int = 256
    n_samples: int = 64

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return _sizes(self.n_draws, self.n_samples) + (
            [] if self.dimension > 0 and self.n_components > 0 else ["dimension and n_components must be at least 1"]
        )

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: a mixture."""
        described = mixture(rng, self.dimension, self.n_components)
        law = law_of(described)
        train, test = (_separation(law, rng, self.n_draws) for _ in range(2))
        return _of_law(described, train, test, rng, self.n_samples)


@dataclass(frozen=True, kw_only=True)
class GaussianPaths:
    """A Gaussian of random variances: its separation and the cost of transport are known exactly."""

    dimension: int = 16
    n_samples: int = 64

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return _sizes(2, self.n_samples) + ([] if self.dimension > 0 else ["dimension must be at least 1"])

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: variances, log-uniform over three decades, scaled to mean one."""
        variances = np.exp(rng.uniform(np.log(1e-3), 0.0, self.dimension))
        variances /= variances.mean()
        zero = np.zeros((1, self.dimension))
        described = {"law": "mixture", "means": zero, "variances": variances[None], "weights": np.ones(1)}
        exact = gaussian_separation(variances, N_ANGLES)
        cost = ((np.sqrt(variances) - 1) ** 2).mean()
        return _of_law(described, exact, exact, rng, self.n_samples) | {"transport_cost": np.array(cost)}


@dataclass(frozen=True, kw_only=True)
class NormalPoints:
    """n standard normal points in d dimensions, centred and scaled: what n and d alone do to paths.

    The separation is estimated twice, from separate draws.
    """

    n_points: int = 16
    dimension: int = 64
    n_draws: int = 64
    n_samples: int = 16

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return _sizes(self.n_draws, self.n_samples) + (
            [] if self.n_points > 1 and self.dimension > 1 else ["n_points and dimension must be at least 2"]
        )

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: the seed of the points, which are drawn again where they are needed."""
        described = {
            "law": "normal_points", "points_seed": int(rng.integers(2**31)), "n_points": self.n_points,
            "dimension": self.dimension,
        }  # fmt: skip
        law = law_of(described)
        train, test = (_separation(law, rng, self.n_draws) for _ in range(2))
        return _of_law(described, train, test, rng, self.n_samples)


def _sizes(n_draws: int, n_samples: int) -> list[str]:
    return [] if n_draws > 1 and n_samples > 0 else ["n_draws must be at least 2 and n_samples at least 1"]
