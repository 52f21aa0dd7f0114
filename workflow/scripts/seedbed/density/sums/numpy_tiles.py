"""The same loops over a tile in NumPy, for where numba is not installed: slower, and equal to rounding."""

from __future__ import annotations

import numpy as np

POWERS = 16
_CANCELLED = 1e-3


def fold(tile, offset, top, total, squares) -> None:
    """Add a tile's terms and their squares to the running sums, relative to the running maximum."""
    z, factor = _terms(tile, offset, top)
    total *= factor
    squares *= factor**2
    total += z.sum(axis=1)
    squares += np.einsum("ij,ij->i", z, z)


fold_single = fold


def fold_and_keep(tile, offset, top, total, squares, factors) -> None:
    """The same, and leave the terms in the tile and in ``factors`` by what earlier sums were rescaled."""
    z, factors[:] = _terms(tile, offset, top)
    total *= factors
    squares *= factors**2
    total += z.sum(axis=1)
    squares += np.einsum("ij,ij->i", z, z)
    tile[:] = z


def fold_powers(tile, offset, top, sums) -> None:
    """Add the first sixteen powers of the terms to the running sums (rows, 16)."""
    z, factor = _terms(tile, offset, top)
    power = np.ones_like(z)
    for k in range(POWERS):
        power *= z
        sums[:, k] = sums[:, k] * factor ** (k + 1) + power.sum(axis=1)


def _terms(tile, offset, top) -> tuple[np.ndarray, np.ndarray]:
    """exp(v - top) of all terms, with ``top`` moved to the new maximum, and the factor of earlier sums."""
    v = tile - offset
    high = np.maximum(top, v.max(axis=1, initial=-np.inf))
    base = np.where(np.isfinite(high), high, 0.0)
    factor = np.where(np.isfinite(top), np.exp(np.minimum(top - base, 0.0)), 1.0)
    top[:] = high
    return np.exp(v - base[:, None].astype(v.dtype)), factor


def squared_distances(tile, queries, centres, query_squares, centre_squares) -> None:
    """Products become squared distances; those that cancelled are formed from differences."""
    both = query_squares[:, None] + centre_squares
    tile *= -2.0
    tile += both
    near = np.nonzero(tile < _CANCELLED * both)
    tile[near] = ((queries[near[0]] - centres[near[1]]) ** 2).sum(axis=1)


def keep_largest(tile, offset, first, values, places) -> None:
    """The largest logarithms of every row and their places, largest first."""
    k = values.shape[1]
    v = np.concatenate([values, tile - offset], axis=1)
    at = np.concatenate([places, np.broadcast_to(first + np.arange(tile.shape[1]), tile.shape)], axis=1)
    order = np.argsort(-v, axis=1, kind="stable")[:, :k]
    values[:] = np.take_along_axis(v, order, axis=1)
    places[:] = np.take_along_axis(at, order, axis=1)
