"""Bandwidths without a search: Scott's and Silverman's rules, and the distance of the nearest neighbour."""

from __future__ import annotations

import numpy as np

from seedbed.density.kernels.radial_kernels import Gaussian
from seedbed.density.sums.kernel_sums import KernelSums


def start_of_search(points: np.ndarray, rows: np.ndarray, weights: np.ndarray, effective: float) -> float:
    """2.4 times the larger of Scott's rule and the distance of the nearest neighbour per root of the dimension.

    The best bandwidth is then about the fourth of the first grid, where the grid is fine.
    """
    d = points.shape[1]
    mean = weights @ points
    scale = float(np.sqrt(max(np.mean(weights @ (points - mean) ** 2), 0.0)))
    few = rows[: min(len(rows), 200)]
    return 2.4 * max(scott_factor(effective, d) * scale, nearest_bandwidth(points, few))


def scott_factor(effective: float, d: int) -> float:
    """n^(-1/(d + 4)), in units of the standard deviation."""
    return float(effective ** (-1.0 / (d + 4.0)))


def silverman_factor(effective: float, d: int) -> float:
    """(n (d + 2)/4)^(-1/(d + 4))."""
    return float((effective * (d + 2.0) / 4.0) ** (-1.0 / (d + 4.0)))


def nearest_bandwidth(points: np.ndarray, rows: np.ndarray, n_jobs: int | None = None) -> float:
    """The rule of the condensed limit: h^2 is the mean squared distance of the nearest neighbour, per dimension."""
    d = points.shape[1]
    squares, _ = KernelSums(points, Gaussian(d), n_jobs=n_jobs).nearest(points[rows], 1, rows)
    return float(np.sqrt(squares[:, 0].mean() / d))
