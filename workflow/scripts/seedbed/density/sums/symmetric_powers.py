r"""Leave-one-out sums of all points at once: each pair serves both of its points.

All sums share one scale, :math:`z_{ij} = \exp(g - |x_i - x_j|^2/2)` with g from the nearest neighbours of a few
points, so that a pair is one exponential. Rows for which this scale is too coarse, far outliers and near twins, are
told by their sums and summed again, each on a scale of its own.
"""

from __future__ import annotations

import numpy as np

from seedbed.density.kernels.radial_kernels import Gaussian

from .kernel_sums import PLAIN_SQUARES, KernelSums
from .tiles import POWERS, compiled_powers

BLOCK = 256  # at most compiled_powers.WIDTH
FEW = 100  # points whose neighbours are looked for
LOST = 1e-13  # the share of a sum that terms cut off at exp(-44) may have
ENDS = 44.0  # of exponents: 16 times that is still a number


def log_sums_of_powers(points: np.ndarray, n_jobs: int | None = None) -> np.ndarray:
    r"""Logarithms of :math:`\sum_{j \neq i} \exp(-k |x_i - x_j|^2/2)`, k = 1, ..., 16, of shape (n, 16).

    Parameters
    ----------
    points : ndarray (n, d)
    n_jobs : int or None
        With more than one thread all rows are summed alone: twice the operations, and other roundings.

    Notes
    -----
    n^2/2 pairs, with 2 d operations each, one exponential and twice the powers; memory O(tile + n d).
    """
    sums, n = KernelSums(points, Gaussian(points.shape[1]), n_jobs=n_jobs), len(points)
    rows = np.arange(n)
    loops = compiled_powers()
    if loops is None or n_jobs not in (None, 1) or n < 2 * BLOCK or sums.squares.max() > PLAIN_SQUARES:
        return sums.log_sums_of_powers(points, rows)
    some = rows[:: max(1, n // FEW)]
    scale = 0.5 * float(np.quantile(sums.nearest(points[some], 1, some)[0][:, 0], 0.95))
    totals, powers = _totals(sums, scale, loops), np.arange(1, POWERS + 1)
    with np.errstate(divide="ignore", over="ignore"):
        found = np.log(totals) - scale * powers
    coarse = (totals[:, 0] * LOST < n * np.exp(-ENDS)) | (totals[:, -1] > np.exp((ENDS - 1.0) * POWERS))
    if coarse.any():
        found[coarse] = sums.log_sums_of_powers(points[coarse], rows[coarse])
    return found


def _totals(sums: KernelSums, scale: float, loops) -> np.ndarray:
    points, halves, n = sums.points, 0.5 * sums.squares, len(sums)
    totals = np.zeros((n, POWERS))
    turned, room = np.ascontiguousarray(points.T), np.empty(BLOCK * BLOCK)  # NumPy is slow at a product with itself
    for first in range(0, n, BLOCK):
        here = slice(first, min(first + BLOCK, n))
        for second in range(first, n, BLOCK):
            there = slice(second, min(second + BLOCK, n))
            shape = here.stop - first, there.stop - second
            tile = room[: shape[0] * shape[1]].reshape(shape)
            np.matmul(points[here], turned[:, there], out=tile)
            loops.bounded_exponentials(tile, halves[here] - scale, halves[there])
            if first == second:
                np.fill_diagonal(tile, 0.0)
            else:
                loops.column_power_sums(tile, totals[there])
            loops.power_sums(tile, totals[here])
    return totals
