r"""The sufficient predictors of the simulated models, as functions of X.

A, B and C, and their combinations in the heteroscedastic models, are those of Chen, Jiao, Qiu and Yu (2024) and of
Tang and Li (2024), as their code has them. The paper on the Fréchet cumulative covariance has models of its own, which
could not be read: these stand in for them.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

Law = Literal["normal", "poisson", "t"]
MOST_FEATURES = 10_000


def draw_predictors(rng: np.random.Generator, n: int, p: int, law: Law, mean: float = 0.0) -> np.ndarray:
    r"""X (n, p).

    "normal": independent :math:`N(\mu, 1/2)`; "poisson": independent Poisson(1) - 1; "t": multivariate t with four
    degrees of freedom and scale matrix :math:`0.6 I + 0.4\, 1 1^\top`. The mean is that of the normal law alone.
    """
    if law == "normal":
        return rng.normal(mean, np.sqrt(0.5), (n, p))
    if law == "poisson":
        return rng.poisson(1.0, (n, p)) - 1.0
    common = np.sqrt(0.4) * rng.normal(size=(n, 1)) + np.sqrt(0.6) * rng.normal(size=(n, p))
    return common / np.sqrt(rng.chisquare(4, (n, 1)) / 4.0)


def autoregressive_predictors(rng: np.random.Generator, n: int, p: int, rho: float, uniform: bool) -> np.ndarray:
    """Standard normal X with correlation rho^|i - j|; through the normal distribution function if ``uniform``."""
    from scipy.special import ndtr

    X = rng.normal(size=(n, p))
    for j in range(1, p):
        X[:, j] = rho * X[:, j - 1] + np.sqrt(1.0 - rho**2) * X[:, j]
    return ndtr(X) if uniform else X


def predictor_a(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r""":math:`x / (1 + (1 + y)^2) + (1 + y)^2`."""
    return x / (1.0 + (1.0 + y) ** 2) + (1.0 + y) ** 2


def predictor_b(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r""":math:`\sin(\pi (x + y) / 10) + x^2`."""
    return np.sin(np.pi * (x + y) / 10.0) + x**2


def predictor_c(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r""":math:`(x + y)^2 \log(x^2 + y^2 + 0.001)`."""
    return (x + y) ** 2 * np.log(x**2 + y**2 + 0.001)


def spread_b(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r""":math:`2 \sin^2(\pi (x + y) / 10) + x^2`, never negative."""
    return 2.0 * np.sin(np.pi * (x + y) / 10.0) ** 2 + x**2


def spread_a(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r""":math:`3 x^2 / (1 + (1 + y)^2) + (1 + y)^2`, never negative."""
    return 3.0 * x**2 / (1.0 + (1.0 + y) ** 2) + (1.0 + y) ** 2
