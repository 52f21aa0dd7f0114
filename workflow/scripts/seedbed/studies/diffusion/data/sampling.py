"""Generators for samplers: noise, noise levels, and where the flow itself ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from seedbed.diffusion.noise_grids import geometric_grid, karras_grid, vp_grid
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow

from .laws import digits, law_of
from .run_messages import bad_smoothing, run_messages

REFERENCE_STEPS = 60  # Runge-Kutta in log sigma, extrapolated: about 1e-4 of the data's spread
FEWEST = 10  # evaluations: a consistent start of order four takes nine


def noise_grid(name: str, n_steps: int, sigma_max: float, sigma_min: float) -> np.ndarray:
    """The levels of a run; the timesteps of a latent schedule have ends of their own."""
    if name == "timesteps":
        return vp_grid(n_steps)
    return (karras_grid if name == "karras" else geometric_grid)(n_steps, sigma_max, sigma_min)


def with_reference(described: dict[str, Any], noise: np.ndarray, ends: tuple[float, float], steps: int) -> dict:
    """The end of the flow from this noise: two runs of Runge-Kutta, extrapolated, and the last one's error."""
    law, flow = law_of(described), ProbabilityFlow("rk4")
    coarse, fine = (flow.sample(law, noise, geometric_grid(n, *ends)) for n in (steps // 2, steps))
    correction = (fine - coarse) / 15
    error = float(np.median(np.sqrt((correction**2).mean(1))))
    return {"noise": noise, "reference": fine + correction, "reference_error": np.array(error)}


@dataclass(frozen=True, kw_only=True)
class GuidedDigits:
    """One class of scikit-learn's digits, smoothed, under guidance against all of them.

    Parameters
    ----------
    guidance : float
        1 is the law of the class.
    n_evaluations : int
        Of the denoiser.
    grid : {"karras", "geometric", "timesteps"}
    n_samples : int
    smoothing : float
        Standard deviation of the noise on every digit; without it all laws are atoms.
    sigma_max, sigma_min : float
    """

    guidance: float = 1.0
    n_evaluations: int = 10
    grid: str = "karras"
    n_samples: int = 24
    smoothing: float = 0.25
    sigma_max: float = 15.0
    sigma_min: float = 0.02

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return run_messages(self) + bad_smoothing(self.smoothing)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: a class drawn at random, noise, and the flow's own end."""
        digit = int(rng.integers(10))
        described = {"law": "digits", "digit": digit, "guidance": self.guidance, "smoothing": self.smoothing}
        return of_run(self, described, rng, np.abs(digits()[0]).max(axis=0).clip(0.5), np.zeros(64))


@dataclass(frozen=True, kw_only=True)
class MixturePoints:
    """A mixture of anisotropic Gaussians, without guidance; fresh exact draws are kept to compare samples with."""

    dimension: int = 16
    n_components: int = 10
    n_evaluations: int = 10
    grid: str = "karras"
    n_samples: int = 256
    sigma_max: float = 15.0
    sigma_min: float = 0.02

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = run_messages(self)
        if self.dimension < 1 or self.n_components < 1:
            messages.append("dimension and n_components must be at least 1")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: a mixture, noise, the flow's own end, and exact draws."""
        described = mixture(rng, self.dimension, self.n_components)
        law = law_of(described)
        own = np.sqrt(np.diagonal(described["variances"], axis1=1, axis2=2))
        far = (np.abs(described["means"] - law.mean()) + 3 * own).max(axis=0)
        data = of_run(self, described, rng, far, law.mean())
        return data | {"fresh": law.sample(self.n_samples, rng, self.sigma_min)}


@dataclass(frozen=True, kw_only=True)
class GaussianModes:
    """Independent Gaussian modes, each with a spread of its own within the class: solvers are linear there."""

    n_modes: int = 24
    largest_guidance: float = 15.0
    n_evaluations: int = 10
    n_samples: int = 16
    sigma_max: float = 15.0
    sigma_min: float = 0.02

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.n_modes < 1 or self.largest_guidance < 1 or self.n_evaluations < 2 or self.n_samples < 1:
            messages.append("n_modes, largest_guidance and n_samples must be at least 1, n_evaluations at least 2")
        if not self.sigma_max > self.sigma_min > 0:
            messages.append("sigma_max > sigma_min > 0 is needed")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: variances of the class, log-uniform, and a guidance."""
        guidance = float(rng.uniform(1, self.largest_guidance))
        spread = np.exp(rng.uniform(np.log(0.02), 0.0, self.n_modes))
        described = {"law": "modes", "class_variances": spread**2, "guidance": guidance}
        return of_run(self, described, rng, np.full(self.n_modes, 3.0), np.zeros(self.n_modes))


@dataclass(frozen=True, kw_only=True)
class SmoothMixture:
    """A smooth mixture and a short range of noise: errors fall as orders say."""

    dimension: int = 3
    n_components: int = 4
    n_samples: int = 24
    evaluations: list[int] = (20, 40, 80, 160)  # pyright: ignore[reportAssignmentType]  # of a config: a list
    sigma_max: float = 2.0
    sigma_min: float = 0.2

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if (
            len(self.evaluations) < 2
            or sorted(set(self.evaluations)) != list(self.evaluations)
            or 40 not in self.evaluations
        ):
            messages.append("evaluations must be a rising list of at least two numbers, 40 among them")
        if min(self.evaluations, default=FEWEST) < FEWEST:
            messages.append(f"evaluations must be at least {FEWEST}, since a consistent start takes nine")
        if self.n_components < 1:
            messages.append(f"n_components must be at least 1, got {self.n_components}")
        if not self.sigma_max > self.sigma_min > 0 or self.n_samples < 1 or self.dimension < 1:
            messages.append("sigma_max > sigma_min > 0, n_samples >= 1 and dimension >= 1 are needed")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: a mixture, points at the highest level, and where the flow takes them."""
        means = 2 * rng.standard_normal((self.n_components, self.dimension))
        variances = np.repeat(rng.uniform(0.05, 0.3, (self.n_components, 1)), self.dimension, axis=1)
        described = {"law": "mixture", "means": means, "variances": variances, "weights": np.ones(self.n_components)}
        noise = law_of(described).sample(self.n_samples, rng, self.sigma_max)
        data = with_reference(described, noise, (self.sigma_max, self.sigma_min), 4 * max(self.evaluations))
        return described_arrays(described) | data | {
            "evaluations": np.array(self.evaluations), "ends": np.array([self.sigma_max, self.sigma_min]),
        }  # fmt: skip


def mixture(rng: np.random.Generator, dimension: int, n_components: int) -> dict[str, Any]:
    """Components of random axes, variances from 0.01 to 1, and weights; E|x|^2 = d around the mean."""
    means = rng.standard_normal((n_components, dimension)) * 1.5
    roots = rng.standard_normal((n_components, dimension, dimension))
    axes = np.linalg.qr(roots)[0]
    spread = np.exp(rng.uniform(np.log(0.01), 0.0, (n_components, dimension)))
    covariances = np.einsum("kij,kj,klj->kil", axes, spread, axes)
    weights = rng.uniform(0.5, 1.5, n_components)
    described = {"law": "mixture", "means": means, "variances": covariances, "weights": weights}
    law = law_of(described)
    scale = np.sqrt(dimension / law.second_moment())
    return described | {"means": scale * (means - law.mean()), "variances": scale**2 * covariances}


def described_arrays(described: dict[str, Any]) -> dict[str, np.ndarray]:
    """What describes a law, as arrays."""
    return {name: np.asarray(value) for name, value in described.items()}


def of_run(
    asked: Any, described: dict[str, Any], rng: np.random.Generator, reach: np.ndarray, centre: np.ndarray
) -> dict:
    """Everything a sampler needs, and what its samples are held against."""
    name = getattr(asked, "grid", "karras")
    levels = noise_grid(name, asked.n_evaluations, asked.sigma_max, asked.sigma_min)
    noise = centre + levels[0] * rng.standard_normal((asked.n_samples, len(reach)))
    data = with_reference(described, noise, (levels[0], levels[-1]), REFERENCE_STEPS)
    return described_arrays(described) | data | {
        "grid": levels,
        "half_grid": noise_grid(name, max(1, asked.n_evaluations // 2), asked.sigma_max, asked.sigma_min),
        "long_grid": geometric_grid(max(1, 10 * asked.n_evaluations // 4), levels[0], levels[-1]),
        "reach": reach,
        "centre": centre,
    }  # fmt: skip
