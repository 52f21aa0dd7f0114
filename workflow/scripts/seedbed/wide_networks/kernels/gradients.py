"""How kernels of wide networks change with the variances of weights and biases, in closed form, layer by layer."""

from __future__ import annotations

import numpy as np

from seedbed.wide_networks.recursions.network import Network

from .moments import moments


def variance_gradients(network: Network, X: np.ndarray, which: str) -> np.ndarray:
    r"""Slopes of the kernel matrix in :math:`\sigma_w^2` and in :math:`\sigma_b^2`, (2, n, n).

    .. math:: dK^{l+1} = d\sigma_b^2 + d\sigma_w^2 E + \sigma_w^2 dE, \qquad
        d\Theta^{l+1} = dK^{l+1} + d\sigma_w^2 E' \Theta^l + \sigma_w^2 (dE' \Theta^l + E' d\Theta^l)

    O(n^2) for each layer of a rectifier, times the terms of the Hermite series of another activation. Between rows that
    nearly coincide (angles below 1e-6) slopes are right to about 1e-8.
    """
    weight, bias, fixed = network.weight_variance, network.bias_variance, network.fixed_layers
    inner = X @ X.T / X.shape[1] + network.input_bias**2
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
    return slopes if which == "ntk" else dc
