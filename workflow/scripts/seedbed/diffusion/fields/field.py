r"""Fields f(y, sigma) in place of the score, and their divergence.

A field is a function of points (n, d) and a noise level that returns (n, d); its ``divergence`` is used where it has
one, and central differences otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seedbed.diffusion.laws.law import Law

__all__ = ["ScoreField", "divergence", "jacobian", "with_divergence"]

Field = Callable[[np.ndarray, float], np.ndarray]


class ScoreField:
    r"""The score of a law, times a factor: :math:`(D - y)/\sigma^2`.

    Its divergence is :math:`(\mathrm{tr\,Cov}/\sigma^2 - d)/\sigma^2`.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, law: Law, factor: float = 1.0) -> None:
        self.law, self.factor = law, float(factor)

    def __call__(self, y: np.ndarray, sigma: float) -> np.ndarray:
        return self.factor * self.law.score(y, sigma)

    def divergence(self, y: np.ndarray, sigma: float) -> np.ndarray:
        return self.with_divergence(y, sigma)[1]

    def with_divergence(self, y: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
        denoised, trace = self.law.denoise_and_trace(y, sigma)
        scale = self.factor / sigma**2
        return scale * (denoised - y), scale * (trace / sigma**2 - self.law.n_features_in_)

    def jacobian(self, y: np.ndarray, sigma: float) -> np.ndarray:
        covariance = self.law.posterior_covariance(y, sigma) / sigma**2
        return self.factor * (covariance - np.eye(self.law.n_features_in_)) / sigma**2


def divergence(field: Field, y: np.ndarray, sigma: float, step: float = 1e-4) -> np.ndarray:
    """The divergence of a field, its own or by central differences of ``step`` times sigma; of shape (n,)."""
    own: Any = getattr(field, "divergence", None)
    if own is not None:
        return own(y, sigma)
    return np.trace(jacobian(field, y, sigma, step), axis1=1, axis2=2)


def with_divergence(field: Field, y: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """A field and its divergence at the same points, by its own ``with_divergence`` where it has one."""
    own: Any = getattr(field, "with_divergence", None)
    return own(y, sigma) if own is not None else (field(y, sigma), divergence(field, y, sigma))


def jacobian(field: Field, y: np.ndarray, sigma: float, step: float = 1e-4) -> np.ndarray:
    """The Jacobian of a field, its own or by central differences; of shape (n, d, d), derivatives last."""
    own: Any = getattr(field, "jacobian", None)
    if own is not None:
        return own(y, sigma)
    h = step * sigma
    columns = [(field(y + shift, sigma) - field(y - shift, sigma)) / (2 * h) for shift in h * np.eye(y.shape[1])]
    return np.stack(columns, axis=2)
