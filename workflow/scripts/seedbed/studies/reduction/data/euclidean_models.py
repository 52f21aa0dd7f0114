"""Generator of simulated data with numbers as responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .replicate import SimulatedSizes, replicate
from .true_predictors import Law, draw_predictors, predictor_a, predictor_b, predictor_c, spread_a, spread_b

Model = Literal["A", "B", "C", "D-IV", "E-IV", "G-IV"]
MEANS = {"A": predictor_a, "B": predictor_b, "C": predictor_c}
HETEROSCEDASTIC_MEAN = 0.2  # of the features: around zero, a square of them would hide their sign


@dataclass(frozen=True, kw_only=True)
class EuclideanModel(SimulatedSizes):
    r"""Models of Chen, Jiao, Qiu and Yu (2024), whose code documents them.

    ===== =====================================================================================
    A     :math:`Y = X_1 / (1 + (1 + X_2)^2) + (1 + X_2)^2 + \epsilon / 2`
    B     :math:`Y = \sin(\pi (X_1 + X_2) / 10) + X_1^2 + \epsilon / 2`
    C     :math:`Y = (X_1 + X_2)^2 \log(X_1^2 + X_2^2 + 0.001) + \epsilon / 2`
    D-IV  :math:`Y = Z_1 + Z_2 \epsilon`, Z_1 as B, :math:`Z_2 = 2 \sin^2(\pi (X_3 + X_4) / 10) + X_3^2`
    E-IV  :math:`Y = Z_2 \epsilon`, Z_2 as in D-IV
    G-IV  :math:`Y = Z_1 + Z_2 \epsilon`, Z_1 as A, :math:`Z_2 = 3 X_3^2 / (1 + (1 + X_4)^2) + (1 + X_4)^2`
    ===== =====================================================================================

    Parameters
    ----------
    model : str
    law : {"normal", "poisson", "t"}
        Of X; see :func:`~seedbed.studies.reduction.data.true_predictors.draw_predictors`. In the heteroscedastic
        models the normal law has mean 0.2.
    n_samples, n_features, n_test : int
        See :class:`~seedbed.studies.reduction.data.replicate.SimulatedSizes`, as for ``n_components``.
    outliers : float
        Share of the training responses to which 20 times a Cauchy variable is added.
    """

    model: Model = "B"
    law: Law = "normal"

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return self._bad_sizes(4 if "IV" in self.model else 2)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        n, heteroscedastic = self.n_samples + self.n_test, "IV" in self.model
        mean = HETEROSCEDASTIC_MEAN if heteroscedastic else 0.0
        X, noise = draw_predictors(rng, n, self.n_features, self.law, mean), rng.normal(size=n)
        if not heteroscedastic:
            predictor = MEANS[self.model](X[:, 0], X[:, 1])[:, None]
            y = predictor[:, 0] + 0.5 * noise
        else:
            level = MEANS["A" if self.model == "G-IV" else "B"](X[:, 0], X[:, 1])
            spread = (spread_a if self.model == "G-IV" else spread_b)(X[:, 2], X[:, 3])
            predictor = spread[:, None] if self.model == "E-IV" else np.column_stack([level, spread])
            y = spread * noise if self.model == "E-IV" else level + spread * noise
        y = y + 20.0 * rng.standard_cauchy(n) * outlying(rng, self.n_samples, n, self.outliers)
        return replicate(
            X,
            y,
            self.n_samples,
            "euclidean",
            self.n_components or predictor.shape[1],
            predictor=predictor,
            model=f"{self.model}, {self.law}",
            outliers=self.outliers,
        )


def outlying(rng: np.random.Generator, n_samples: int, n: int, share: float) -> np.ndarray:
    """Which responses are outliers: each of the training rows with this probability, none of the test rows."""
    return (rng.random(n) < share) & (np.arange(n) < n_samples)
