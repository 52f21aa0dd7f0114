"""What :mod:`.nearest_loops` does, by NumPy: the same to the last bit."""

from __future__ import annotations

import numpy as np


def arranged(rows: np.ndarray) -> np.ndarray:
    """The rows as :func:`keep_nearest` takes them: column by column."""
    return np.ascontiguousarray(rows.T)


def squared_distances(columns: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Of rows i and j, pair by pair: sixteen sums, of every sixteenth column each, and their sum, half to half."""
    totals = np.zeros((16, len(i)))
    for c, column in enumerate(columns):
        gap = column[i] - column[j]
        gap *= gap
        totals[c % 16] += gap
    while len(totals) > 1:
        half = len(totals) // 2
        totals = totals[:half] + totals[half:]
    return totals[0]


def strip_minima(tile: np.ndarray, low: np.ndarray) -> None:
    """Minima over the strips that the columns of a tile are cut in, into ``low``."""
    tile.reshape(len(low), -1, low.shape[1]).min(axis=1, out=low)


def keep_nearest(
    tile: np.ndarray,
    low: np.ndarray,
    limits: np.ndarray,
    norms: np.ndarray,
    columns: np.ndarray,
    first: int,
    squares: np.ndarray,
    nearest: np.ndarray,
) -> None:
    """The nearest among the entries of a tile that reach no higher than the limit of their row, k of them or more.

    Parameters
    ----------
    tile : ndarray of shape (m, strips * size)
    low : ndarray of shape (m, size)
        Minima of the strips.
    limits : ndarray of shape (m,)
    norms : ndarray of shape (m,) or (0,)
        What entries lack to squared distances, if these are exact; else empty, and distances are measured.
    columns : ndarray of shape (d, n)
    first : int
        The row that the tile begins with.
    squares, nearest : ndarray of shape (m, k)
        Written: squared distances, and which rows.
    """
    m, k = squares.shape
    i, j = np.divmod(np.flatnonzero(tile <= limits[:, None]), tile.shape[1])
    counts = np.bincount(i, minlength=m)
    places = np.arange(len(i)) - (np.cumsum(counts) - counts)[i]
    distances, found = np.full((m, counts.max()), np.inf), np.zeros((m, counts.max()), dtype=np.int64)
    distances[i, places] = tile[i, j] + norms[i] if len(norms) else squared_distances(columns, i + first, j)
    found[i, places] = j
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]  # of rows equally far the first
    squares[:], nearest[:] = np.take_along_axis(distances, order, 1), np.take_along_axis(found, order, 1)
