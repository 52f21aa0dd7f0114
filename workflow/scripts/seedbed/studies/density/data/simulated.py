"""Laws that are no Gaussian ones: a mixture, noisy circles, heavy tails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ive, logsumexp
from scipy.stats import multivariate_normal, multivariate_t, wishart

from .replicate import bad_sizes, replicate


@dataclass(frozen=True, kw_only=True)
class SimulatedSizes:
    """What these laws have in common.

    Parameters
    ----------
    n_samples, n_features, n_test : int
    """

    n_samples: int = 1000
    n_features: int = 10
    n_test: int = 1000

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return bad_sizes(self.n_samples, self.n_test, self.n_features, 2)


@dataclass(frozen=True, kw_only=True)
class GaussianMixtureLaw(SimulatedSizes):
    r"""Equally likely Gaussian components with means from :math:`N(0, 1.5^2 I)` and Wishart covariances.

    A covariance is half a Wishart matrix with d + 4 degrees of freedom and the mean I, and 0.05 I.

    Parameters
    ----------
    n_samples, n_features, n_test : int
    n_components : int
    """

    n_components: int = 4

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        few = [f"n_components must be at least 1, got {self.n_components}"] if self.n_components < 1 else []
        return [*super().messages(), *few]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        d, k = self.n_features, self.n_components
        means = 1.5 * rng.standard_normal((k, d))
        scale = np.eye(d) / (d + 4)
        covariances = [
            0.5 * np.atleast_2d(wishart.rvs(d + 4, scale, random_state=rng)) + 0.05 * np.eye(d) for _ in range(k)
        ]
        component = rng.integers(k, size=self.n_samples + self.n_test)
        roots = np.linalg.cholesky(np.array(covariances))
        x = means[component] + np.einsum("nij,nj->ni", roots[component], rng.standard_normal((len(component), d)))
        test = x[self.n_samples :]
        parts = [multivariate_normal(mean, S).logpdf(test) for mean, S in zip(means, covariances, strict=True)]
        return replicate(x[: self.n_samples], test, logsumexp(parts, axis=0) - np.log(k))


@dataclass(frozen=True, kw_only=True)
class CirclesLaw(SimulatedSizes):
    r"""Pairs of coordinates on unit circles, with Gaussian noise: d/2 dimensions in d.

    The density of a pair at radius r is :math:`e^{-(r^2 + 1)/(2\sigma^2)} I_0(r/\sigma^2)/(2\pi\sigma^2)`.

    Parameters
    ----------
    n_samples, n_features, n_test : int
        ``n_features`` is even.
    noise : float
        sigma.
    """

    noise: float = 0.15

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = super().messages()
        if self.n_features % 2:
            messages.append(f"n_features must be even, two for each circle, got {self.n_features}")
        if not self.noise > 0.0:
            messages.append(f"noise must be positive, got {self.noise}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        total, pairs, s = self.n_samples + self.n_test, self.n_features // 2, self.noise
        angle = rng.uniform(0.0, 2.0 * np.pi, (total, pairs))
        x = np.stack([np.cos(angle), np.sin(angle)], axis=2).reshape(total, -1)
        x += s * rng.standard_normal(x.shape)
        test = x[self.n_samples :]
        r = np.hypot(test[:, ::2], test[:, 1::2])
        each = np.log(ive(0, r / s**2)) - (r - 1.0) ** 2 / (2.0 * s * s) - np.log(2.0 * np.pi * s * s)
        return replicate(x[: self.n_samples], test, each.sum(axis=1))


@dataclass(frozen=True, kw_only=True)
class HeavyTailedLaw(SimulatedSizes):
    """Student's law in many dimensions.

    Parameters
    ----------
    n_samples, n_features, n_test : int
    df : float
        Degrees of freedom.
    """

    df: float = 3.0

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return [*super().messages(), *([f"df must be positive, got {self.df}"] if not self.df > 0.0 else [])]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        total, d = self.n_samples + self.n_test, self.n_features
        x = rng.standard_normal((total, d)) / np.sqrt(rng.chisquare(self.df, total) / self.df)[:, None]
        test = x[self.n_samples :]
        return replicate(x[: self.n_samples], test, multivariate_t(np.zeros(d), np.eye(d), self.df).logpdf(test))
