"""How kernels of wide networks change with the variances of weights and biases."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seedbed.wide_networks.recursions.network import Network
from seedbed.wide_networks.units import unit_of

from .moments import moments

STEP = 1e-3  # of logarithms: differences of fourth order leave 1e-10 or so of a kernel


def variance_gradients(network: Network, X: np.ndarray, which: str) -> np.ndarray:
    r"""Slopes of the kernel matrix in :math:`\sigma_w^2` and in :math:`\sigma_b^2`, (2, n, n).

    .. math:: dK^{l+1} = d\sigma_b^2 + d\sigma_w^2 E + \sigma_w^2 dE, \qquad
        d\Theta^{l+1} = dK^{l+1} + d\sigma_w^2 E' \Theta^l + \sigma_w^2 (dE' \Theta^l + E' d\Theta^l)

    In closed form for rectifiers, erf and GELU: O(n^2) for each layer. Between rows that nearly coincide (angles below
    1e-6) slopes of rectifiers are right to about 1e-8.
    """
    weight, fixed, unit = network.weight_variance, network.fixed_layers, _unit(network, X)
    bias, X = network.bias_variance / unit, X / unit**0.5
    inner = X @ X.T / X.shape[1] + network.input_bias**2 / unit
    c, dc = bias + weight * inner, np.stack([inner, np.ones_like(inner)])
    q, dq = np.diag(c).copy(), np.stack([np.diag(inner), np.ones(len(X))])
    trained = float(fixed < 1)
    tangent, slopes = trained * c, trained * dc
    along = np.array([1.0, 0.0])[:, None, None]  # d sigma_w^2 / d parameter
    for layer in range(2, network.depth + 2):
        m = moments(network, q, c, dq, dc)
        dc = along * m.mean + (1.0 - along) + weight * m.change
        slopes = along * m.slope * tangent + weight * (m.slope_change * tangent + m.slope * slopes)
        c, tangent = bias + weight * m.mean, weight * m.slope * tangent
        if layer > fixed:
            tangent, slopes = tangent + c, slopes + dc
        q, dq = bias + weight * m.square, along[:, 0] * m.square + (1.0 - along[:, 0]) + weight * m.square_change
    slopes = slopes if which == "ntk" else dc
    slopes[0] *= unit
    return slopes


def _unit(network: Network, X: np.ndarray) -> float:
    """In which the variances of the first layer are usual numbers: kernels of rectifiers scale with them."""
    if network.activation.family != "rectifier":
        return 1.0
    return unit_of([np.abs(X).max() ** 2, network.input_bias**2, network.bias_variance])


def difference_gradients(values: Callable[[np.ndarray], np.ndarray], logarithms: np.ndarray) -> list[np.ndarray]:
    """Slopes of a matrix in each of these logarithms, from four values each: for whatever has no closed form.

    >>> [slope] = difference_gradients(lambda logs: np.exp(3.0 * logs), np.array([0.5]))
    >>> bool(np.abs(slope / (3.0 * np.exp(1.5)) - 1.0).max() < 1e-11)
    True
    """
    found = []
    for step in STEP * np.eye(len(logarithms)):
        near, far = (values(logarithms + h * step) - values(logarithms - h * step) for h in (1.0, 2.0))
        found.append((8.0 * near - far) / (12.0 * STEP))
    return found
