"""Gaussian data: spheres, and a spectrum that falls as 1/j in a random position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import norm

from .replicate import bad_sizes, replicate


@dataclass(frozen=True, kw_only=True)
class GaussianLaw:
    """A Gaussian law with the mean zero.

    Parameters
    ----------
    n_samples, n_features, n_test : int
    spectrum : {"equal", "harmonic"}
        Eigenvalues of the covariance: all 1, or 1, 1/2, 1/3, ... with random eigenvectors.
    """

    n_samples: int = 1000
    n_features: int = 20
    n_test: int = 1000
    spectrum: Literal["equal", "harmonic"] = "equal"

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return bad_sizes(self.n_samples, self.n_test, self.n_features, 2)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        d, total = self.n_features, self.n_samples + self.n_test
        z = rng.standard_normal((total, d))
        log_density = norm.logpdf(z).sum(axis=1)
        if self.spectrum == "harmonic":
            deviations = 1.0 / np.sqrt(np.arange(1.0, d + 1.0))
            axes = np.linalg.qr(rng.standard_normal((d, d)))[0]
            z = (z * deviations) @ axes.T
            log_density -= np.log(deviations).sum()
        n = self.n_samples
        return replicate(z[:n], z[n:], log_density[n:], gaussian=True, spherical=self.spectrum == "equal")
