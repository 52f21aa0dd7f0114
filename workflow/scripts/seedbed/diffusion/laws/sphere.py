r"""The uniform law on a sphere within a space of more dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammaln

from seedbed.counts import whole_number
from seedbed.diffusion.scalars import LARGEST, SMALLEST, is_real
from seedbed.directional.bessel.functions import bessel_ratio, log_iv

from .law import Law, checked_points, checked_sigma

__all__ = ["SphereLaw"]


class SphereLaw(Law):
    r"""Uniform on the sphere :math:`S^k` of radius R in the span of an orthonormal frame Q (D x (k+1)).

    With :math:`u = Q^T y` and :math:`\kappa = R|u|/\sigma^2`: :math:`D = Q R A(\kappa) u/|u|`, where
    :math:`A = I_{(k+1)/2}(\kappa)/I_{(k-1)/2}(\kappa)`, computed directly (a quotient of two Bessel functions overflows
    beyond 700).

    Parameters
    ----------
    frame : int or array-like of shape (D, k + 1)
        Orthonormal columns; a number D is the first k + 1 coordinates of D, with ``dimension``.
    radius : float, default=1.0
    dimension : int or None
        k, where ``frame`` is a number.

    Raises
    ------
    ValueError
        If the columns are not orthonormal, or numbers are out of range.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, frame: Any, radius: float = 1.0, dimension: int | None = None) -> None:
        if np.ndim(frame) == 0:
            frame = whole_number(frame, "frame", 2)
            if not is_real(dimension) or dimension not in range(1, frame):
                raise ValueError(f"1 <= dimension < {frame} is needed, a whole number, got {dimension!r}")
            frame = np.eye(frame)[:, : int(dimension) + 1]
        self.frame = np.array(frame, dtype=np.float64)
        if self.frame.ndim != 2 or not 2 <= self.frame.shape[1] <= self.frame.shape[0]:
            raise ValueError(f"frame must have shape (D, k + 1) with 1 <= k < D, got {self.frame.shape}")
        if not np.allclose(self.frame.T @ self.frame, np.eye(self.frame.shape[1]), atol=1e-10):
            raise ValueError("the columns of frame must be orthonormal: np.linalg.qr makes them so")
        if not is_real(radius) or not SMALLEST <= radius <= LARGEST:
            raise ValueError(f"radius must be a positive number, from {SMALLEST:g} to {LARGEST:g}, got {radius!r}")
        self.radius, self.n_features_in_ = float(radius), len(self.frame)
        self.dimension = self.frame.shape[1] - 1

    def _polar(self, y: Any, sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Points, their norms in the frame, directions there (zero at the centre), and the ratio A."""
        y, sigma = checked_points(y, self.n_features_in_), checked_sigma(sigma)
        u = y @ self.frame
        norms = np.sqrt((u**2).sum(1))
        directions = u / np.where(norms > 0, norms, 1.0)[:, None]
        ratio = bessel_ratio((self.dimension - 1) / 2, self.radius * norms / sigma**2)
        return y, norms, directions, np.asarray(ratio)

    def denoise(self, y: Any, sigma: float) -> np.ndarray:
        _, _, directions, ratio = self._polar(y, sigma)
        return (self.radius * ratio[:, None] * directions) @ self.frame.T

    def log_density(self, y: Any, sigma: float) -> np.ndarray:
        y, norms, _, _ = self._polar(y, sigma)
        order, kappa = (self.dimension - 1) / 2, self.radius * norms / sigma**2
        bessel = np.zeros(len(y))  # log of Gamma(v + 1) (2 / kappa)^v I_v(kappa) e^-kappa, 0 at the centre
        far = kappa > 0
        series = gammaln(order + 1) + order * np.log(2 / kappa[far]) + log_iv(order, kappa[far])
        bessel[far] = series - kappa[far]
        off = np.maximum((y**2).sum(1) - norms**2, 0.0)
        quadratic = (off + (norms - self.radius) ** 2) / (2 * sigma**2)
        return bessel - quadratic - 0.5 * self.n_features_in_ * np.log(2 * np.pi * sigma**2)

    def _variances(self, y: Any, sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the posterior along the direction of y, across it (each of k directions), and the directions."""
        _, norms, directions, ratio = self._polar(y, sigma)
        k, kappa = self.dimension, self.radius * norms / sigma**2
        with np.errstate(divide="ignore", invalid="ignore"):
            across = np.where(kappa > 1e-8, ratio / kappa, 1 / (k + 1))
        along = np.clip(1 - ratio**2 - k * across, 0.0, 1.0)
        return self.radius**2 * along, self.radius**2 * across, directions

    def posterior_covariance(self, y: Any, sigma: float) -> np.ndarray:
        along, across, directions = self._variances(y, sigma)
        projector = np.einsum("ni,nj->nij", directions, directions)
        eye = np.eye(self.dimension + 1)
        inside = across[:, None, None] * (eye - projector) + along[:, None, None] * projector
        return np.einsum("di,nij,ej->nde", self.frame, inside, self.frame)

    def posterior_trace(self, y: Any, sigma: float) -> np.ndarray:
        along, across, _ = self._variances(y, sigma)
        return along + self.dimension * across

    def clean(self, n_samples: int, rng: np.random.Generator) -> np.ndarray:
        z = rng.standard_normal((n_samples, self.dimension + 1))
        return self.radius * (z / np.linalg.norm(z, axis=1, keepdims=True)) @ self.frame.T

    def mean(self) -> np.ndarray:
        return np.zeros(self.n_features_in_)

    def second_moment(self) -> float:
        return self.radius**2
