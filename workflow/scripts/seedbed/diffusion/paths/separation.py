r"""The data separation function: all that the kinetic energy of Gaussian paths knows of the data.

For data with E|x_1|^2 = d and mean zero, at angle theta (signal sin theta, noise cos theta), the squared speed of the
variance-preserving path is :math:`w(\theta) = E|D(y) - \sin^2\theta\,y|^2/(d\cos^2\theta)`, y = x_1 + x_0 / tan theta:
the linear estimator is taken off, so that nothing cancels and nothing is negative. w = 0 for normal data, 1 for points
that are told apart at every noise level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from seedbed.diffusion.laws.law import Law, checked_law

__all__ = ["Separation", "gaussian_separation", "separation_of"]

_NO_ANGLE = 1e-7  # the rounding of the squared speeds of normal data gives less


@dataclass(frozen=True)
class Separation:
    r"""The squared speed w at angles in (0, pi/2), with weights of a quadrature over them.

    Attributes
    ----------
    angles, speed2, weights : ndarray of shape (m,)
        theta, w(theta) in [0, 1], and Gauss-Legendre weights that sum to pi/2.
    """

    angles: np.ndarray
    speed2: np.ndarray
    weights: np.ndarray

    @property
    def separation(self) -> np.ndarray:
        r""":math:`\lambda(\tan\theta) = 1 - (1 - w)\cos^2\theta = E|D|^2/E|x_1|^2`, from 0 to 1."""
        return 1 - (1 - self.speed2) * np.cos(self.angles) ** 2

    @property
    def total_angle(self) -> float:
        r""":math:`\Phi = \int_0^{\pi/2} \sqrt w\,d\theta \le \pi/2`; 0 where it is no more than rounding."""
        angle = float(self.weights @ np.sqrt(self.speed2))
        return angle if angle > _NO_ANGLE else 0.0


def nodes(n_angles: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre on (0, pi/2)."""
    x, weights = np.polynomial.legendre.leggauss(n_angles)
    return (x + 1) * np.pi / 4, weights * np.pi / 4


def separation_of(
    law: Law, n_angles: int = 64, n_samples: int = 512, random_state: Any = 0, held_out: Any = None
) -> Separation:
    """Estimate the separation of a law by simulation.

    Parameters
    ----------
    law : Law
        Its mean and second moment are used to centre and scale it.
    n_angles, n_samples : int
        Nodes, and draws at each. The same draws serve at all nodes, so that the estimate is smooth.
    random_state : int, Generator or None
    held_out : array-like of shape (m, d) or None
        Points of the same law, drawn from in place of ``law.sample``.

    Returns
    -------
    Separation

    Notes
    -----
    n_angles denoiser calls on n_samples points.
    """
    rng = np.random.default_rng(random_state)
    angles, weights = nodes(n_angles)
    d, scale, centre = checked_law(law).n_features_in_, np.sqrt(law.second_moment() / law.n_features_in_), law.mean()
    if not scale > 0:
        raise ValueError("the law is a single point: it has no separation")
    if held_out is None:
        clean = law.sample(n_samples, rng)
    else:
        points = np.asarray(held_out, dtype=np.float64)
        clean = points[rng.integers(0, len(points), n_samples)]
    noise = rng.standard_normal(clean.shape)
    clean = clean - centre
    speed2 = np.empty(n_angles)
    for i, angle in enumerate(angles):
        y = clean + scale * noise / np.tan(angle)  # in units of the data; divided by the scale it is that of the text
        denoised = law.denoise(centre + y, scale / np.tan(angle)) - centre
        excess = (denoised - np.sin(angle) ** 2 * y) / scale
        speed2[i] = (excess**2).sum(1).mean() / (d * np.cos(angle) ** 2)
    return Separation(angles, np.clip(speed2, 0.0, 1.0), weights)


def gaussian_separation(variances: Any, n_angles: int = 64) -> Separation:
    r"""The separation of a Gaussian with these eigenvalues v, exactly.

    For v of mean one :math:`w(\theta) = \frac1d \sum \sin^2\theta\cos^2\theta\,(v-1)^2/(v\sin^2\theta+\cos^2\theta)`,
    which is zero for v = 1.

    Parameters
    ----------
    variances : array-like of shape (d,)
        At least 0, not all 0; scaled to mean one.
    n_angles : int
    """
    v = np.asarray(variances, dtype=np.float64)
    if v.ndim != 1 or not len(v) or not np.isfinite(v).all() or (v < 0).any() or not v.any():
        raise ValueError("variances must be a list of numbers of at least 0, not all 0")
    v = v / v.mean()
    angles, weights = nodes(n_angles)
    sine2, cosine2 = np.sin(angles)[:, None] ** 2, np.cos(angles)[:, None] ** 2
    # D = g y with g = v sin^2 / (v sin^2 + cos^2), so g - sin^2 = sin^2 cos^2 (v - 1) / (v sin^2 + cos^2)
    speed2 = (sine2 * cosine2 * (v - 1) ** 2 / (v * sine2 + cosine2)).mean(1)
    return Separation(angles, np.clip(speed2, 0.0, 1.0), weights)
