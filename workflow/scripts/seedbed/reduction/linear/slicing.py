"""Slices of the responses: by value where they are numbers, by nearest medoid where they are objects."""

from __future__ import annotations

from numbers import Integral

import numpy as np
from sklearn.utils._param_validation import Interval

from seedbed.reduction.spaces.response import Response

from .linear_reducer import LinearReducer

# what the methods that slice allow their parameters to be
SLICED_CONSTRAINTS = {
    **LinearReducer._parameter_constraints,
    "n_slices": [Interval(Integral, 2, None, closed="left")],
}
_MAX_ITERATIONS = 50


def slice_labels(response: Response, n_slices: int, random: np.random.RandomState) -> np.ndarray:
    """The slice of each response, numbered from zero; none is empty, and there may be fewer than ``n_slices``.

    Numbers: slices of about equal size, equal values together; each value its own slice where there are at most
    ``n_slices`` values. Objects: cells around medoids, as in k-means inverse regression (Setodji and Cook 2004)
    for spaces that have distances only.
    """
    numbers = response.numbers
    n_slices = min(n_slices, len(response))
    if numbers is not None and numbers.shape[1] == 1:
        return _of_numbers(numbers[:, 0], n_slices)
    return _of_objects(response.distances, n_slices, random)


def slice_means(Z: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares (h,) and means (h, r) of the slices."""
    counts = np.bincount(labels)
    sums = np.zeros((len(counts), Z.shape[1]))
    np.add.at(sums, labels, Z)
    return counts / len(Z), sums / counts[:, None]


def slice_covariances(Z: np.ndarray, labels: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Covariance matrices (h, r, r) within the slices, divided by the slices' sizes."""
    covariances = np.empty((len(means), Z.shape[1], Z.shape[1]))
    for h, mean in enumerate(means):
        rest = Z[labels == h] - mean
        covariances[h] = rest.T @ rest / len(rest)
    return covariances


def _of_numbers(values: np.ndarray, n_slices: int) -> np.ndarray:
    levels, inverse = np.unique(values, return_inverse=True)
    if len(levels) <= n_slices:
        return inverse
    order = np.argsort(values, kind="stable")
    labels = np.empty(len(values), int)
    for h, part in enumerate(np.array_split(order, n_slices)):
        labels[part] = h
    lowest = np.full(len(levels), n_slices)
    np.minimum.at(lowest, inverse, labels)  # equal values: all in the first of their slices
    return np.unique(lowest[inverse], return_inverse=True)[1]


def _of_objects(distances: np.ndarray, n_slices: int, random: np.random.RandomState) -> np.ndarray:
    positive = distances[distances > 0]
    # far from those that are there, at random in proportion to the squared distance; nothing beyond the median distance
    # counts as farther, or outliers would be all the slices there are
    capped = np.minimum(distances, np.median(positive) if positive.size else 0.0)
    medoids = [int(distances.sum(axis=1).argmin())]
    for _ in range(n_slices - 1):
        nearest = capped[:, medoids].min(axis=1) ** 2
        if nearest.sum() == 0.0:
            break
        medoids.append(int(random.choice(len(distances), p=nearest / nearest.sum())))
    for _ in range(_MAX_ITERATIONS):
        labels = distances[:, medoids].argmin(axis=1)
        cells = [np.flatnonzero(labels == h) for h in range(len(medoids))]
        moved = [
            int(cell[distances[np.ix_(cell, cell)].sum(axis=1).argmin()]) if len(cell) else medoid
            for cell, medoid in zip(cells, medoids, strict=True)
        ]
        if moved == medoids:
            break
        medoids = moved
    return np.unique(distances[:, medoids].argmin(axis=1), return_inverse=True)[1]
