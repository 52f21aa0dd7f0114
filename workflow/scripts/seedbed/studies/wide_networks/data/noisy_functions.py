"""Functions with noise on the labels: where stopping early, ridge and training to the end part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class NoisyFunction:
    """Rows, noisy labels, and fresh rows with the function itself.

    Parameters
    ----------
    n_samples, n_test : int
    noise : float
        Standard deviation of the noise, in units of the function's own.
    """

    n_samples: int = 200
    n_test: int = 500
    noise: float = 1.0

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.n_samples < 20 or self.n_test < 20:
            messages.append(f"n_samples and n_test must be at least 20, got {self.n_samples} and {self.n_test}")
        if not self.noise >= 0.0:
            messages.append(f"noise must be at least 0, got {self.noise}")
        return messages

    def _replicate(self, rng: np.random.Generator, X: np.ndarray, truth: np.ndarray) -> dict[str, np.ndarray]:
        truth, n = (truth - truth.mean()) / truth.std(), self.n_samples
        y = truth[:n] + self.noise * rng.standard_normal(n)
        return {"task": np.asarray("stopping"), "X": X[:n], "y": y, "X_test": X[n:], "truth": truth[n:]}


@dataclass(frozen=True, kw_only=True)
class NoisySphere(NoisyFunction):
    r"""Points of the unit sphere and :math:`\sin 3 x_1 + 2 x_2 x_3`.

    Parameters
    ----------
    n_samples, n_test, noise
        See :class:`NoisyFunction`.
    dimension : int
    """

    dimension: int = 6

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        few = [f"dimension must be at least 3, got {self.dimension}"] if self.dimension < 3 else []
        return super().messages() + few

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        X = rng.standard_normal((self.n_samples + self.n_test, self.dimension))
        X /= np.linalg.norm(X, axis=1, keepdims=True)
        # to rows of squared norm d, as kernels of networks expect them
        return self._replicate(rng, X * np.sqrt(self.dimension), np.sin(3 * X[:, 0]) + 2 * X[:, 1] * X[:, 2])


@dataclass(frozen=True, kw_only=True)
class NoisyFriedman(NoisyFunction):
    """Friedman's first function of uniform features, five of ten irrelevant; features have variance one.

    Parameters
    ----------
    n_samples, n_test, noise
        See :class:`NoisyFunction`.
    """

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        u = rng.uniform(size=(self.n_samples + self.n_test, 10))
        truth = 10 * np.sin(np.pi * u[:, 0] * u[:, 1]) + 20 * (u[:, 2] - 0.5) ** 2 + 10 * u[:, 3] + 5 * u[:, 4]
        return self._replicate(rng, (u - 0.5) * np.sqrt(12), truth)
