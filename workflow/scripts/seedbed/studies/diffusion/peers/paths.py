"""Peers among paths: the variance-preserving path at constant speed, and a direct search for the best path."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from scipy.optimize import minimize

from seedbed.diffusion.paths.path import GaussianPath
from seedbed.diffusion.paths.separation import Separation

__all__ = ["ConstantSpeedPath", "DirectPath"]


class _OnTheCone(GaussianPath):
    """A path that is given by its points on the unrolled cone."""

    _phi: np.ndarray
    _theta: np.ndarray

    def _unroll(self, separation: Separation) -> None:
        """phi and theta at the ends of the quadrature's cells."""
        self._phi = np.concatenate([[0.0], np.cumsum(separation.weights * np.sqrt(separation.speed2))])
        self._theta = np.concatenate([[0.0], np.cumsum(separation.weights)])
        self._theta[-1] = np.pi / 2

    @abstractmethod
    def _place(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        """Radius and phi at times."""

    def alpha(self, t: Any) -> np.ndarray:
        r, phi = self._place(np.asarray(t, dtype=np.float64))
        return r * np.sin(np.interp(phi, self._phi, self._theta))

    def sigma(self, t: Any) -> np.ndarray:
        r, phi = self._place(np.asarray(t, dtype=np.float64))
        return r * np.cos(np.interp(phi, self._phi, self._theta))


class ConstantSpeedPath(_OnTheCone):
    """alpha^2 + sigma^2 = 1, at constant speed for the data: its energy is the square of the cone's angle."""

    def fit(self, separation: Separation) -> ConstantSpeedPath:
        self._unroll(separation)
        return self

    def _place(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        return np.ones_like(t), t * self._phi[-1]


class DirectPath(_OnTheCone):
    """The path of least energy by search: radii and angles at knots, straight lines between, by L-BFGS.

    Parameters
    ----------
    n_knots : int, default=12
    """

    def __init__(self, n_knots: int = 12) -> None:
        self.n_knots = n_knots

    def fit(self, separation: Separation) -> DirectPath:
        self._unroll(separation)
        start = np.zeros(2 * self.n_knots + 1)
        best = minimize(self._energy, start, method="L-BFGS-B", options={"maxfun": 20_000, "ftol": 1e-12})
        self._knots = self._points(best.x)
        return self

    def _points(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """On the unrolled cone."""
        radii = np.concatenate([[1.0], np.exp(z[: self.n_knots]), [1.0]])
        angles = np.concatenate([[0.0], np.cumsum(np.exp(z[self.n_knots :]))])
        around = np.interp(angles / angles[-1] * np.pi / 2, self._theta, self._phi)
        return radii * np.cos(around), radii * np.sin(around)

    def _energy(self, z: np.ndarray) -> float:
        x, y = self._points(z)
        return float((np.diff(x) ** 2 + np.diff(y) ** 2).sum() * (self.n_knots + 1))

    def _place(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        times = np.linspace(0, 1, self.n_knots + 2)
        x, y = (np.interp(t, times, coordinate) for coordinate in self._knots)
        return np.hypot(x, y), np.arctan2(y, x)
