r"""Distances between samples: energy distance, sliced and exact Wasserstein distance."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from seedbed.counts import whole_number

__all__ = ["energy_distance", "sliced_wasserstein", "wasserstein2"]

_ROWS = 2000
_QUANTILES = 1000


def energy_distance(X: Any, Y: Any) -> float:
    r""":math:`2E|x-y| - E|x-x'| - E|y-y'|`, without bias: pairs of a point with itself do not count.

    Parameters
    ----------
    X, Y : array-like of shape (n, d) and (m, d)
        At least two rows each.

    Returns
    -------
    float
        Zero in the mean for two samples of one law, so that it can be negative.

    Notes
    -----
    O((n + m)^2 d), in blocks of 2000 rows.
    """
    X, Y = _pair(X, Y, 2)
    within = [_sum_of_distances(Z, Z) / (len(Z) * (len(Z) - 1)) for Z in (X, Y)]
    return 2 * _sum_of_distances(X, Y) / (len(X) * len(Y)) - sum(within)


def sliced_wasserstein(X: Any, Y: Any, n_projections: int = 100, random_state: Any = 0) -> float:
    r"""The root mean square, over random directions, of the Wasserstein distance of order two between projections.

    Parameters
    ----------
    X, Y : array-like of shape (n, d) and (m, d)
    n_projections : int, default=100
    random_state : int, Generator or None, default=0

    Returns
    -------
    float

    Notes
    -----
    O((n + m)(d + log(n + m)) n_projections). Samples of different sizes are compared at 1000 quantiles.
    """
    X, Y = _pair(X, Y, 1)
    shape = X.shape[1], whole_number(n_projections, "n_projections")
    directions = np.random.default_rng(random_state).standard_normal(shape)
    directions /= np.linalg.norm(directions, axis=0)
    x, y = np.sort(X @ directions, axis=0), np.sort(Y @ directions, axis=0)
    if len(x) != len(y):
        levels = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
        x, y = (sample[np.minimum((levels * len(sample)).astype(int), len(sample) - 1)] for sample in (x, y))
    return float(np.sqrt(((x - y) ** 2).mean()))


def wasserstein2(X: Any, Y: Any) -> float:
    """The Wasserstein distance of order two between two samples of one size, by assignment.

    Parameters
    ----------
    X, Y : array-like of shape (n, d)
        n at most 2000.

    Raises
    ------
    ValueError
        If the sizes differ or exceed 2000.

    Notes
    -----
    O(n^3).
    """
    X, Y = _pair(X, Y, 1)
    if len(X) != len(Y) or len(X) > _ROWS:
        raise ValueError(f"two samples of one size, at most {_ROWS}, are needed, got {len(X)} and {len(Y)} rows")
    cost = cdist(X, Y, "sqeuclidean")
    return float(np.sqrt(cost[linear_sum_assignment(cost)].mean()))


def _sum_of_distances(X: np.ndarray, Y: np.ndarray) -> float:
    return float(sum(cdist(X[start : start + _ROWS], Y).sum() for start in range(0, len(X), _ROWS)))


def _pair(X: Any, Y: Any, least: int) -> tuple[np.ndarray, np.ndarray]:
    X, Y = np.asarray(X, dtype=np.float64), np.asarray(Y, dtype=np.float64)
    if X.ndim != 2 or Y.ndim != 2 or X.shape[1] != Y.shape[1]:
        raise ValueError(f"X and Y must be tables with the same columns, got shapes {X.shape} and {Y.shape}")
    for name, table in (("X", X), ("Y", Y)):
        if len(table) < least:
            raise ValueError(f"{name} needs at least {least} rows, got {len(table)}")
        if not np.isfinite(table).all():
            raise ValueError(f"{name} has values that are not finite")
    return X, Y
