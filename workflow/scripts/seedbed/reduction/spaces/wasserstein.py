"""Univariate distributions under the 2-Wasserstein distance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .space import FlatSpace, real_array

MAX_LEVELS = 20_000  # beyond this many steps of the quantile functions the exact distances cost too much


class Wasserstein(FlatSpace):
    r"""2-Wasserstein distance of univariate distributions, the :math:`L_2` distance of their quantile functions.

    .. math:: W_2^2(\mu, \nu) = \int_0^1 (Q_\mu(t) - Q_\nu(t))^2 dt.

    A row of ``y`` is a sample, in any order, or a vector of quantiles at the levels (l - 1/2) / m: sorting does
    not change the latter, and for samples of m points each it makes the mean squared difference of the rows the
    exact distance of the empirical distributions. Samples of different sizes are a list of vectors; their
    quantile functions are steps, and the distances are exact for these too.
    """

    name = "wasserstein"
    described = "one sample or quantile vector per row (n, m), or a list of n samples"

    def prepare(self, y: Any) -> np.ndarray:
        """Quantile functions as rows, scaled so that Euclidean distances are W2 distances."""
        try:
            array = np.asarray(y, dtype=np.float64)
        except (TypeError, ValueError):  # rows of different sizes
            return _step_functions([real_array(sample, "samples, each a vector", (1,)) for sample in y])
        array = real_array(array, self.described, (1, 2)).reshape(len(array), -1)
        return np.sort(array, axis=1) / np.sqrt(array.shape[1])


def quantile_vectors(samples: Sequence[Any], n_levels: int = 100) -> np.ndarray:
    """Quantiles of samples of any sizes at the levels (l - 1/2) / n_levels, linear between the order statistics.

    Parameters
    ----------
    samples : sequence of array-like of shape (m_i,)
    n_levels : int

    Returns
    -------
    ndarray of shape (n, n_levels)
        Rows for ``metric="wasserstein"``.
    """
    levels = (np.arange(n_levels) + 0.5) / n_levels
    return np.stack([np.quantile(np.asarray(sample, float), levels, method="hazen") for sample in samples])


def _step_functions(samples: list[np.ndarray]) -> np.ndarray:
    """The quantile functions on the common refinement of their steps, times the root of the steps' widths."""
    if min(sample.size for sample in samples) == 0:
        raise ValueError("y holds an empty sample; a distribution needs at least one point")
    sizes = np.unique([sample.size for sample in samples])
    # levels l / m as exact fractions, so that equal ones are found to be equal
    grid = np.unique(np.concatenate([np.arange(1, m + 1) / m for m in sizes]))
    if grid.size > MAX_LEVELS:
        raise ValueError(
            f"the samples in y have {sizes.size} different sizes, whose quantile functions have {grid.size} steps "
            f"together, more than {MAX_LEVELS}; pass quantile_vectors(y, n_levels) instead"
        )
    widths = np.diff(grid, prepend=0.0)
    middles = grid - widths / 2.0
    rows = [np.sort(sample)[np.minimum((middles * sample.size).astype(int), sample.size - 1)] for sample in samples]
    return np.stack(rows) * np.sqrt(widths)
