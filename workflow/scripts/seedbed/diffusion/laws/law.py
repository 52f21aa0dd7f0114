r"""What every law offers: its exact denoiser, and what follows from the posterior of the clean point.

With y = x_1 + sigma z, z standard normal, :math:`D(y, \sigma) = E[x_1 | y]` and
:math:`\nabla D = \mathrm{Cov}[x_1 | y]/\sigma^2`, so that score, divergence and log density need no differentiation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from seedbed.counts import whole_number
from seedbed.diffusion.scalars import LARGEST, SMALLEST, is_real

__all__ = ["Law", "UnknownOfLaw", "checked_law", "checked_points", "checked_sigma", "refuse_unusable"]


class UnknownOfLaw(ValueError):
    """What a law does not have or does not know: its log density, draws or moments.

    A denoiser alone is enough for samplers; guidance leaves a denoiser that no law has.
    """


class Law(ABC):
    """A law of points in d dimensions, known at every noise level.

    Attributes
    ----------
    n_features_in_ : int
        d.
    """

    n_features_in_: int

    @abstractmethod
    def denoise(self, y: Any, sigma: float) -> np.ndarray:
        """The posterior mean of the clean point, :math:`D(y, \\sigma) = E[x_1 | y]`, of shape (n, d)."""

    def score(self, y: Any, sigma: float) -> np.ndarray:
        """The gradient of the log density at noise level sigma: (D - y) / sigma^2, of shape (n, d)."""
        y = checked_points(y, self.n_features_in_)
        return (self.denoise(y, sigma) - y) / checked_sigma(sigma) ** 2

    def log_density(self, y: Any, sigma: float) -> np.ndarray:
        """Log density of y = x_1 + sigma z, of shape (n,); :class:`UnknownOfLaw` where there is none."""
        raise UnknownOfLaw(f"{type(self).__name__} has no log density: no law has this denoiser, or it is unknown")

    @abstractmethod
    def posterior_covariance(self, y: Any, sigma: float) -> np.ndarray:
        """:math:`\\mathrm{Cov}[x_1 | y] = \\sigma^2 \\nabla D`, of shape (n, d, d)."""

    def posterior_trace(self, y: Any, sigma: float) -> np.ndarray:
        """Its trace, of shape (n,): sigma^2 times the divergence of the denoiser."""
        return np.trace(self.posterior_covariance(y, sigma), axis1=1, axis2=2)

    def denoise_and_trace(self, y: Any, sigma: float) -> tuple[np.ndarray, np.ndarray]:
        """:meth:`denoise` and :meth:`posterior_trace` at the same points, in one pass where a law has one."""
        return self.denoise(y, sigma), self.posterior_trace(y, sigma)

    def sample(self, n_samples: int, random_state: Any = None, sigma: float = 0.0) -> np.ndarray:
        """Draws of x_1 + sigma z, of shape (n_samples, d)."""
        noisy = not is_real(sigma) or sigma != 0
        sigma = checked_sigma(sigma) if noisy else 0.0
        rng = np.random.default_rng(random_state)
        clean = self.clean(whole_number(n_samples, "n_samples", 0), rng)
        return clean + sigma * rng.standard_normal(clean.shape) if noisy else clean

    def clean(self, n_samples: int, rng: np.random.Generator) -> np.ndarray:
        """Draws of x_1; :class:`UnknownOfLaw` where it cannot be drawn from."""
        raise UnknownOfLaw(f"{type(self).__name__} cannot be sampled")

    def second_moment(self) -> float:
        """E|x_1 - E x_1|^2, where it is known; else :class:`UnknownOfLaw`."""
        raise UnknownOfLaw(f"{type(self).__name__} does not know its second moment")

    def mean(self) -> np.ndarray:
        """E x_1, of shape (d,), where it is known; else :class:`UnknownOfLaw`."""
        raise UnknownOfLaw(f"{type(self).__name__} does not know its mean")


def checked_law(law: Any) -> Law:
    """A law; `ValueError` for what is none, with the cure."""
    if not isinstance(law, Law):
        raise ValueError(f"a Law is needed, got {type(law).__name__}; DenoiserLaw makes one of a function")
    return law


def checked_points(y: Any, n_features: int) -> np.ndarray:
    """Points as float64 of shape (n, d).

    Raises
    ------
    ValueError
        If they have another shape, values that are not finite, or such whose squares are no numbers.
    """
    points = np.asarray(y, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != n_features:
        raise ValueError(f"points of shape (n, {n_features}) are needed, got {points.shape}")
    refuse_unusable(points, "the points")
    return points


def refuse_unusable(values: np.ndarray, name: str) -> None:
    """Raise `ValueError` for values that are not finite, or so large that squared distances are not."""
    if values.max(initial=0.0) <= LARGEST and values.min(initial=0.0) >= -LARGEST:  # which no NaN and no infinity is
        return
    if not np.isfinite(values).all():
        raise ValueError(f"{name} have values that are not finite")
    raise ValueError(f"{name} have values beyond {LARGEST:g}, whose squares are no numbers; rescale them")


def checked_sigma(sigma: Any) -> float:
    """A noise level: one positive number whose square is one too.

    Raises
    ------
    ValueError
        If it is not.
    """
    if not is_real(sigma) or not SMALLEST <= sigma <= LARGEST:
        raise ValueError(f"sigma must be one positive number, from {SMALLEST:g} to {LARGEST:g}, got {sigma!r}")
    return float(sigma)
