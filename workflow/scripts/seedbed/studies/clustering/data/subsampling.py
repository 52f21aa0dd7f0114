"""Random subsamples and the preparation of features that real data and user files share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def apportion(total: int, shares: Sequence[float] | np.ndarray) -> np.ndarray:
    """Whole numbers that add up to ``total`` and are nearest to the shares (largest remainders first).

    Examples
    --------
    >>> apportion(10, [0.6, 0.3, 0.1]).tolist()
    [6, 3, 1]
    >>> apportion(10, [1, 1, 1]).tolist()
    [4, 3, 3]
    """
    exact = total * np.asarray(shares, float) / np.sum(shares)
    # 0.6 * 120 is not quite 72 in binary.
    exact = np.where(np.isclose(exact, np.rint(exact)), np.rint(exact), exact)
    counts = np.floor(exact).astype(int)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: total - counts.sum()]] += 1
    return counts


def draw_rows(rng: np.random.Generator, n_rows: int, size: int | None, labels: np.ndarray | None) -> np.ndarray:
    """Row numbers, ascending, of a sample without replacement; all rows if ``size`` is None.

    With labels the sample is stratified: every class keeps its share, and at least one row.
    """
    if size is None:
        return np.arange(n_rows)
    if labels is None:
        return np.sort(rng.choice(n_rows, size, replace=False))
    classes, counts = np.unique(labels, return_counts=True)
    # One row of each class first, so that no rare class is lost; the shares of the rest follow.
    sizes = 1 + apportion(size - len(classes), counts - 1) if counts.max() > 1 else np.ones(len(classes), int)
    rows = [rng.choice(np.flatnonzero(labels == c), k, replace=False) for c, k in zip(classes, sizes, strict=True)]
    return np.sort(np.concatenate(rows))


def standardise_columns(points: np.ndarray) -> np.ndarray:
    """Columns with mean zero and variance one; a constant column becomes zero."""
    centred = points - points.mean(axis=0)
    deviations = centred.std(axis=0)
    # Rounding leaves a tiny deviation in a constant column, which must not be blown up to one.
    constant = deviations <= 1e-12 * np.abs(points).max(axis=0, initial=0.0)
    return np.where(constant, 0.0, centred / np.where(constant, 1.0, deviations))


def principal_components(points: np.ndarray, size: int) -> np.ndarray:
    """Scores of the first ``size`` principal components, shape (n, size)."""
    left, values, _ = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    return left[:, :size] * values[:size]
