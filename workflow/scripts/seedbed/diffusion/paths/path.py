r"""Gaussian paths x_t = alpha(t) x_1 + sigma(t) x_0, from noise at t = 0 to data at t = 1."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from seedbed.diffusion.scalars import is_real

__all__ = ["CondOTPath", "CosinePath", "GaussianPath", "VPPath", "euler_sample"]

_STEP = 1e-6  # in time, of differences


class GaussianPath(ABC):
    """A path: ``alpha`` from 0 to 1, ``sigma`` from 1 to 0, and their derivatives."""

    @abstractmethod
    def alpha(self, t: Any) -> np.ndarray:
        """The data's share at times t in [0, 1]."""

    @abstractmethod
    def sigma(self, t: Any) -> np.ndarray:
        """The noise's share."""

    def velocity(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        """Derivatives of alpha and sigma: by differences within [0, 1], where a path does not know them."""
        t = np.asarray(t, dtype=np.float64)
        low, high = np.maximum(t - _STEP, 0.0), np.minimum(t + _STEP, 1.0)
        width = high - low
        return (self.alpha(high) - self.alpha(low)) / width, (self.sigma(high) - self.sigma(low)) / width

    def noise_level(self, t: Any) -> np.ndarray:
        """sigma / alpha, infinite at t = 0."""
        with np.errstate(divide="ignore"):
            return self.sigma(t) / self.alpha(t)


class CondOTPath(GaussianPath):
    """Straight lines: alpha = t, sigma = 1 - t, the conditional optimal transport."""

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def alpha(self, t: Any) -> np.ndarray:
        return _times(t)

    def sigma(self, t: Any) -> np.ndarray:
        return 1 - _times(t)

    def velocity(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        one = np.ones_like(_times(t))
        return one, -one


class VPPath(GaussianPath):
    r"""Variance preserving: alpha^2 + sigma^2 = 1.

    Parameters
    ----------
    schedule : {"trigonometric", "linear"}, default="trigonometric"
        The quarter circle at constant speed, :math:`\alpha = \sin(\pi t/2)`; or beta linear in time,
        :math:`\alpha^2 = e^{-B(1-t)}` with :math:`B(s) = b_0 s + (b_1-b_0)s^2/2`.
    beta_min, beta_max : float
        b_0 and b_1 of the linear schedule, which starts at alpha = e^{-B(1)/2}, with the defaults at 0.0066.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, schedule: str = "trigonometric", beta_min: float = 0.1, beta_max: float = 20.0) -> None:
        if schedule not in ("trigonometric", "linear"):
            raise ValueError(f"schedule must be 'trigonometric' or 'linear', got {schedule!r}")
        if not all(is_real(beta) and beta > 0 for beta in (beta_min, beta_max)):
            raise ValueError(f"beta_min and beta_max must be positive, got {beta_min!r} and {beta_max!r}")
        self.schedule, self.beta_min, self.beta_max = schedule, float(beta_min), float(beta_max)

    def _log_alpha(self, t: Any) -> np.ndarray:
        s = 1 - _times(t)
        return -0.5 * (self.beta_min * s + 0.5 * (self.beta_max - self.beta_min) * s**2)

    def alpha(self, t: Any) -> np.ndarray:
        if self.schedule == "trigonometric":
            return np.sin(np.pi / 2 * _times(t))
        return np.exp(self._log_alpha(t))

    def sigma(self, t: Any) -> np.ndarray:
        if self.schedule == "trigonometric":
            return np.sin(np.pi / 2 * (1 - _times(t)))
        return np.sqrt(-np.expm1(2 * self._log_alpha(t)))

    def velocity(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        if self.schedule == "trigonometric":
            return np.pi / 2 * self.sigma(t), -np.pi / 2 * self.alpha(t)
        rate = 0.5 * (self.beta_min + (self.beta_max - self.beta_min) * (1 - _times(t)))
        alpha = self.alpha(t)
        with np.errstate(divide="ignore"):
            return alpha * rate, -(alpha**2) * rate / self.sigma(t)


class CosinePath(GaussianPath):
    r"""The cosine schedule: :math:`\alpha = \cos(\tfrac\pi2\,\tfrac{1-t+s}{1+s})/\cos(\tfrac\pi2\,\tfrac{s}{1+s})`.

    Parameters
    ----------
    offset : float, default=0.008
        s.

    References
    ----------
    A. Nichol, P. Dhariwal (2021), Improved denoising diffusion probabilistic models, ICML.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, offset: float = 0.008) -> None:
        if not is_real(offset) or not 0 <= offset < 1:
            raise ValueError(f"offset must lie in [0, 1), got {offset!r}")
        self.offset = float(offset)

    def _angle(self, t: Any) -> np.ndarray:
        return np.pi / 2 * (1 - _times(t) + self.offset) / (1 + self.offset)

    def alpha(self, t: Any) -> np.ndarray:
        return np.cos(self._angle(t)) / np.cos(self._angle(1.0))

    def sigma(self, t: Any) -> np.ndarray:
        return np.sqrt(np.maximum(1 - self.alpha(t) ** 2, 0.0))

    def velocity(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        rate = np.pi / 2 / (1 + self.offset) * np.sin(self._angle(t)) / np.cos(self._angle(1.0))
        with np.errstate(divide="ignore"):
            return rate, -self.alpha(t) * rate / self.sigma(t)


def _times(t: Any) -> np.ndarray:
    times = np.asarray(t, dtype=np.float64)
    if not ((times >= 0) & (times <= 1)).all():
        raise ValueError("times must lie in [0, 1]")
    return times


def euler_sample(law: Any, path: GaussianPath, x: Any, times: Any) -> np.ndarray:
    r"""Euler's method on a path's own field, :math:`u_t(x) = \dot\alpha D + \dot\sigma (x - \alpha D)/\sigma`.

    On `CondOTPath` it is DDIM; on other paths it is not, and DDIM sees of a path only the noise levels of its times.

    Parameters
    ----------
    law : Law
    path : GaussianPath
    x : array-like of shape (n, d)
        Points at the first time: alpha x_1 + sigma x_0.
    times : array-like of shape (n_steps + 1,)
        Increasing, in (0, 1].

    Returns
    -------
    ndarray of shape (n, d)
        Points at the last time.
    """
    times = _times(times)
    if times.ndim != 1 or len(times) < 2 or (np.diff(times) <= 0).any() or times[0] <= 0:
        raise ValueError("times must be an increasing list in (0, 1], of at least two")
    x = np.asarray(x, dtype=np.float64)
    for start, end in itertools.pairwise(times):
        alpha, sigma = path.alpha(start), path.sigma(start)
        alpha_velocity, sigma_velocity = path.velocity(start)
        denoised = law.denoise(x / alpha, float(sigma / alpha))
        x = x + (end - start) * (alpha_velocity * denoised + sigma_velocity * (x - alpha * denoised) / sigma)
    return x
