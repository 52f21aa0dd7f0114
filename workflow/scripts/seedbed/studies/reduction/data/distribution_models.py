"""Generator of simulated data with distributions as responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .euclidean_models import outlying
from .replicate import SimulatedSizes, replicate
from .true_predictors import autoregressive_predictors, draw_predictors, predictor_a, predictor_b, spread_b

Model = Literal["location", "location_scale", "I-1", "I-2", "I-3", "I-4"]
_SIGMA_RANGE = (0.1, 10.0)


@dataclass(frozen=True, kw_only=True)
class DistributionModel(SimulatedSizes):
    r"""Univariate distributions, each known by a sample of ``n_draws`` points; 2-Wasserstein distance.

    "location" and "location_scale" are nonlinear and ours, on the predictors of the Euclidean models, X as there:
    :math:`N(\mu, 1)` with :math:`\mu = Z_B + 0.3 \epsilon`; and :math:`N(\mu, \sigma^2)` with
    :math:`\mu = Z_A + 0.5 \epsilon,\ \sigma = 0.3 + (2 \sin^2(\pi (X_3 + X_4) / 10) + X_3^2)\, e^{0.1 \epsilon'}`.

    I-1 to I-4 are linear and those of Zhang, Xue and Li (2023), as their code has them; X is normal with
    correlation 0.5^|i-j|, in I-3 and I-4 made uniform:

    ===  ============================================================================================
    I-1  :math:`\mu \sim N(\exp(X_1 + X_2), 1),\ \sigma = 1`
    I-2  the same, :math:`\sigma = \exp(X_{p-1} + X_p)`, cut to [0.1, 10]
    I-3  :math:`\mu \sim N(3 (X_1 + 2 X_2 + 2 X_p), 1/4)`; :math:`\sigma` gamma with mean
         :math:`|s|` and variance 1/2, cut to [0.1, 10], :math:`s = 2 (X_3 + 2 X_4 + 2 X_5) + 2`
    I-4  the same, :math:`\mu \sim N(3 \sin(X_1 + 2 X_2 + 2 X_p), 1/4)`
    ===  ============================================================================================

    Parameters
    ----------
    model : str
    n_samples, n_features, n_test : int
        See :class:`~seedbed.studies.reduction.data.replicate.SimulatedSizes`, as for ``n_components``.
    n_draws : int
        Points of every response; its row of y is sorted.
    outliers : float
        Share of the training responses that are shifted by 20 times a Cauchy variable, and, where sigma varies,
        widened by 1 plus 5 times the absolute value of another.
    """

    model: Model = "location"
    n_draws: int = 100

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = self._bad_sizes({"location": 2, "location_scale": 4, "I-1": 2, "I-2": 4}.get(self.model, 6))
        return messages + ([f"n_draws must be at least 2, got {self.n_draws}"] if self.n_draws < 2 else [])

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        n = self.n_samples + self.n_test
        if self.model in ("location", "location_scale"):
            X, directions = draw_predictors(rng, n, self.n_features, "normal"), None
            location, sigma, predictor = _nonlinear(rng, X, self.model)
        else:
            X = autoregressive_predictors(rng, n, self.n_features, 0.5, uniform=self.model in ("I-3", "I-4"))
            location, sigma, predictor, directions = _linear(rng, X, self.model)
        bad = outlying(rng, self.n_samples, n, self.outliers)
        location = location + 20.0 * rng.standard_cauchy(n) * bad
        widening = 1.0 + 5.0 * np.abs(rng.standard_cauchy(n)) * bad
        sigma = sigma * (widening if predictor.shape[1] > 1 else 1.0)
        y = np.sort(location[:, None] + sigma[:, None] * rng.normal(size=(n, self.n_draws)), axis=1)
        return replicate(
            X,
            y,
            self.n_samples,
            "wasserstein",
            self.n_components or predictor.shape[1],
            predictor=predictor,
            directions=directions,
            model=self.model,
            outliers=self.outliers,
        )


def _nonlinear(rng: np.random.Generator, X: np.ndarray, model: str) -> tuple[np.ndarray, ...]:
    noise = rng.normal(size=(2, len(X)))
    if model == "location":
        predictor = predictor_b(X[:, 0], X[:, 1])[:, None]
        return predictor[:, 0] + 0.3 * noise[0], np.ones(len(X)), predictor
    level, spread = predictor_a(X[:, 0], X[:, 1]), spread_b(X[:, 2], X[:, 3])
    return level + 0.5 * noise[0], 0.3 + spread * np.exp(0.1 * noise[1]), np.column_stack([level, spread])


def _linear(rng: np.random.Generator, X: np.ndarray, model: str) -> tuple[np.ndarray, ...]:
    p = X.shape[1]
    directions = np.zeros((p, 2))
    if model in ("I-1", "I-2"):
        directions[:2, 0] = directions[-2:, 1] = 1.0
        location = rng.normal(np.exp(X[:, 0] + X[:, 1]), 1.0)
        if model == "I-1":
            directions = directions[:, :1]
            return location, np.ones(len(X)), X @ directions, directions
        return location, np.exp(X @ directions[:, 1]).clip(*_SIGMA_RANGE), X @ directions, directions
    directions[[0, 1, -1], 0] = 1.0, 2.0, 2.0
    directions[[2, 3, 4], 1] = 1.0, 2.0, 2.0
    predictor = X @ directions
    location = rng.normal(3.0 * (np.sin(predictor[:, 0]) if model == "I-4" else predictor[:, 0]), 0.5)
    return location, _cut_gamma(rng, 2.0 * predictor[:, 1] + 2.0), predictor, directions


def _cut_gamma(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Gamma variables with this mean in absolute value and variance 1/2, given that they lie in [0.1, 10]."""
    from scipy import stats

    law = stats.gamma(mean**2 / 0.5, scale=0.5 / np.abs(mean))
    low, high = law.cdf(_SIGMA_RANGE[0]), law.cdf(_SIGMA_RANGE[1])
    return law.ppf(rng.uniform(low, high)).clip(*_SIGMA_RANGE)
