"""Averages of an activation over a Gaussian preactivation, or two at an angle: what a layer's maps are made of."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from seedbed.wide_networks.activations.hermite import gaussian_mean, nodes
from seedbed.wide_networks.activations.registry import as_activation

STEP = 1e-3  # of a difference quotient at zero


class GaussianMoments:
    r"""Averages of :math:`\phi(\sqrt K z)`, :math:`z \sim N(0, 1)`.

    Homogeneous activations have closed forms; means of the others are sums over nodes, exact if they are smooth.

    Parameters
    ----------
    activation : str, Activation or callable
    """

    def __init__(self, activation) -> None:
        self.activation = as_activation(activation)
        self.function = self.activation.function

    @cached_property
    def slopes(self) -> tuple[float, float] | None:
        """Slopes above and below zero if the activation is homogeneous, as (leaky) ReLU is; else None."""
        z = np.array([-3.7, -1.0, -0.02, 0.02, 1.0, 3.7])
        above, below = float(self.function(np.ones(1))[0]), -float(self.function(-np.ones(1))[0])
        lines = np.where(z > 0.0, above, below) * z
        return (above, below) if np.allclose(self.function(z), lines, rtol=1e-12, atol=1e-14) else None

    def square(self, K: float) -> float:
        r""":math:`E \phi^2`."""
        if self.slopes is not None:
            return 0.5 * (self.slopes[0] ** 2 + self.slopes[1] ** 2) * K
        return float(self.activation.second_moment(np.array([K]))[0])

    def fourth(self, K: float) -> float:
        r""":math:`E \phi^4`."""
        if self.slopes is not None:
            return 1.5 * (self.slopes[0] ** 4 + self.slopes[1] ** 4) * K * K
        return float(gaussian_mean(lambda z: self.function(z) ** 4, np.array([K]))[0])

    def square_slope(self, K: float) -> float:
        r""":math:`E \phi^2 (z^2 - 1) / (2 K) = d\, E \phi^2 / d K`; at zero its limit."""
        if self.slopes is not None:
            return self.square(1.0)
        if K == 0.0:
            return self.derivative_square(0.0)
        mean = gaussian_mean(lambda u: self.function(u) ** 2 * (u * u / K - 1.0), np.array([K]))
        return float(mean[0] / (2.0 * K))

    def derivative_square(self, K: float) -> float:
        r""":math:`E \phi'^2`."""
        if self.slopes is not None:
            return self.square(1.0)
        if K == 0.0:
            return self.slope_at_zero() ** 2
        return float(self.activation.slope_second_moment(np.array([K]))[0])

    def slope_at_zero(self) -> float:
        r""":math:`\phi'(0)`; of a function without a slope by differences of sixth order."""
        if self.activation.slope is not None:
            return float(self.activation.slope(np.zeros(1))[0])
        at = self.function(STEP * np.arange(-3.0, 4.0))
        return float(np.array([-1.0, 9.0, -45.0, 0.0, 45.0, -9.0, 1.0]) @ at / (60.0 * STEP))

    def half_square_distance(self, K: float, angle: float) -> float:
        r""":math:`E (\phi(u) - \phi(v))^2 / 2` of preactivations of variance K at an angle.

        Without cancellation: :math:`u, v = \sqrt K (\cos(t/2)\, r \pm \sin(t/2)\, s)`.
        """
        if self.slopes is not None:
            above, below = self.slopes
            defect = 2.0 * np.sin(0.5 * angle) ** 2
            return K * (0.5 * (above - below) ** 2 * relu_defect(angle) + above * below * defect)
        z, w = nodes()
        r, s = np.sqrt(K) * np.cos(0.5 * angle) * z[:, None], np.sqrt(K) * np.sin(0.5 * angle) * z[None, :]
        return float(0.5 * w @ (self.function(r + s) - self.function(r - s)) ** 2 @ w)


def relu_defect(angle: float) -> float:
    """One minus the correlation of ReLUs of Gaussians at an angle; by its series where the formula cancels."""
    t = float(angle)
    if t < 0.2:
        series = t**3 / 3.0 * (1.0 - t * t / 10.0 * (1.0 - t * t / 28.0 * (1.0 - t * t / 54.0 * (1.0 - t * t / 88.0))))
    else:
        series = np.sin(t) - t * np.cos(t)
    return float(2.0 * np.sin(0.5 * t) ** 2 - series / np.pi)
