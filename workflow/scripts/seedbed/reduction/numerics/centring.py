"""Centring of kernels: plain, and so that the diagonal does not count."""

from __future__ import annotations

import numpy as np


def centre(kernel: np.ndarray) -> np.ndarray:
    """H K H with H = I - 11'/n."""
    means = kernel.mean(axis=0)
    return kernel - means[:, None] - means[None, :] + means.mean()


def u_centre(kernel: np.ndarray) -> np.ndarray:
    """U-centred kernel (Székely and Rizzo 2014): rows sum to zero, and so does the diagonal, entry by entry.

    f' U f / (n (n - 3)) then has mean zero where f and Y are independent; f' K f / n^2 does not.
    """
    n = len(kernel)
    sums = kernel.sum(axis=1) - np.diagonal(kernel)
    centred = kernel - (sums[:, None] + sums[None, :]) / (n - 2) + sums.sum() / ((n - 1) * (n - 2))
    np.fill_diagonal(centred, 0.0)
    return centred
