"""Generators of vectors from von Mises-Fisher laws and from mixtures of them."""

from __future__ import annotations

from dataclasses import dataclass

import mpmath
import numpy as np
from mpmath import mp

from seedbed.directional.sphere.rows import mean_direction
from seedbed.directional.vmf.sampling import sample_von_mises_fisher

from . import exact_values


def exact_concentration(p: int, gap: float) -> float:
    """The kappa with 1 - A_p(kappa) = gap, by Newton's method in fifty digits; 0 where rows cancel, whose gap is 1."""
    if gap >= 1.0:
        return 0.0
    with mpmath.workdps(50):
        v, d = mp.mpf(p) / 2 - 1, mp.mpf(gap)
        r = 1 - d
        k = r * (p - r * r) / (d * (1 + r))
        for _ in range(60):
            a = exact_values.exact_ratio(v, k)
            step = (a - r) / (1 - a * a - (2 * v + 1) * a / k)
            k = k - step if step < k else k / 2
            if abs(step) < mp.mpf(10) ** -30 * k:
                break
        return float(k)


@dataclass(frozen=True, kw_only=True)
class VMFSample:
    """A sample of one law, a second one to test on, and the exact maximum-likelihood concentration."""

    dimension: int = 3
    concentration: float = 10.0
    n_samples: int = 500
    n_test: int = 200

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.dimension < 2:
            messages.append(f"dimension must be at least 2, got {self.dimension}")
        if not 0 <= self.concentration < np.inf:
            messages.append(f"concentration must be finite and not negative, got {self.concentration}")
        if self.n_samples < 2 or self.n_test < 1:
            messages.append("n_samples must be at least 2 and n_test at least 1")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict
            ``X``, ``X_test``, ``mean_direction``, ``concentration`` (true), ``resultant_gap`` (1 - R of ``X``)
            and ``concentration_mle`` (exact for that gap).
        """
        mean = rng.standard_normal(self.dimension)
        mean /= np.linalg.norm(mean)
        x = sample_von_mises_fisher(mean, self.concentration, self.n_samples, rng)
        gap = mean_direction(x, np.ones(self.n_samples))[2]
        return {
            "X": x,
            "X_test": sample_von_mises_fisher(mean, self.concentration, self.n_test, rng),
            "mean_direction": mean,
            "concentration": np.array(self.concentration),
            "resultant_gap": np.array(gap),
            "concentration_mle": np.array(exact_concentration(self.dimension, gap)),
        }


@dataclass(frozen=True, kw_only=True)
class VMFMixture:
    """Equally likely von Mises-Fisher components whose mean directions are drawn at random.

    Parameters
    ----------
    separation : float
        1 gives directions uniform on the sphere; towards 0 they move together around one direction.
    """

    dimension: int = 50
    concentrations: list[float] = (20.0, 40.0, 80.0)  # pyright: ignore[reportAssignmentType]  # of a config: a list
    separation: float = 1.0
    n_samples: int = 600

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.dimension < 2:
            messages.append(f"dimension must be at least 2, got {self.dimension}")
        if len(self.concentrations) < 1 or min(self.concentrations) < 0:
            messages.append("concentrations must be a list of numbers that are not negative")
        if not 0 < self.separation <= 1:
            messages.append(f"separation must lie in (0, 1], got {self.separation}")
        if self.n_samples < len(self.concentrations):
            messages.append("there are fewer samples than components")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict
            ``X``, ``labels``, ``X_test``, ``n_clusters``.
        """
        k = len(self.concentrations)
        means = rng.standard_normal((k, self.dimension)) / np.sqrt(self.dimension)
        common = rng.standard_normal(self.dimension) / np.sqrt(self.dimension)
        means = self.separation * means + (1.0 - self.separation) * common
        means /= np.linalg.norm(means, axis=1)[:, None]
        parts = {}
        for name in ("X", "X_test"):
            labels = rng.integers(0, k, self.n_samples)
            x = np.empty((self.n_samples, self.dimension))
            for j in range(k):
                rows = np.flatnonzero(labels == j)
                x[rows] = sample_von_mises_fisher(means[j], self.concentrations[j], rows.size, rng)
            parts[name] = x
            parts["labels" if name == "X" else "labels_test"] = labels
        return {**parts, "n_clusters": np.array(k)}
