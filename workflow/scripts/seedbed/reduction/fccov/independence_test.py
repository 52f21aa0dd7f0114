"""A permutation test of independence between predictors and random objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.spatial.distance import pdist, squareform
from sklearn.utils import check_array, check_consistent_length, check_random_state

from seedbed.reduction.numerics.centring import centre, u_centre
from seedbed.reduction.numerics.columns import Columns, resolution_of
from seedbed.reduction.spaces.response import Response

from .balls import ball_kernel, choose_anchors


@dataclass(frozen=True)
class IndependenceTest:
    """The result of :func:`fccov_independence_test`."""

    statistic: float
    p_value: float
    null_statistics: np.ndarray


def fccov_independence_test(
    X: Any,
    y: Any,
    *,
    metric: str | Callable[[Any, Any], float] = "euclidean",
    features: Literal["gaussian", "linear"] = "gaussian",
    n_permutations: int = 499,
    random_state: int | np.random.RandomState | None = None,
) -> IndependenceTest:
    r"""Test whether X and Y are independent, by the Fréchet cumulative covariance of many functions of X.

    The statistic sums the U-centred covariances of an orthonormal basis of functions of X:
    :math:`T = \mathrm{tr}(L \tilde K) / (n (n - 3))` with the Gram matrix L of X.

    Parameters
    ----------
    X : array-like of shape (n, p)
    y : the responses; see ``metric``.
    metric : str or callable, default="euclidean"
        The space of the responses; see :func:`seedbed.reduction.spaces.named.find_space`.
    features : {"gaussian", "linear"}, default="gaussian"
        "gaussian": all functions of a Gaussian kernel of the standardised X with the median distance as bandwidth,
        which is consistent against every alternative; "linear": the standardised columns of X alone, which tests
        whether E(X | Y) is constant, with more power where it is not.
    n_permutations : int, default=499
        The p-value is (1 + #{permuted statistics >= T}) / (1 + n_permutations).
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    IndependenceTest
        ``statistic``, ``p_value``, ``null_statistics`` (n_permutations,).

    Raises
    ------
    ValueError
        For fewer than four samples, non-finite X, objects outside the space, or an unknown option.

    Notes
    -----
    ``O(n^3)`` once, ``O(n^2)`` per permutation. The level is exact whatever n.
    """
    from .ball_loops import permuted_inner_product

    resolution = resolution_of(X)
    X = check_array(X, dtype=np.float64, ensure_min_samples=4)
    response = Response.of(y, metric)
    check_consistent_length(X, response)
    if n_permutations < 1:
        raise ValueError(f"n_permutations must be at least 1, got {n_permutations}")
    rng = check_random_state(random_state)
    n = len(X)
    kernel = u_centre(ball_kernel(response, choose_anchors(n, rng)))
    gram = np.ascontiguousarray(centre(_gram(Columns.of(X, resolution).standard(X), features)))
    scale = n * (n - 3.0)
    statistic = float(np.vdot(gram, kernel)) / scale
    null = np.array([permuted_inner_product(gram, kernel, rng.permutation(n)) for _ in range(n_permutations)]) / scale
    # a permutation that changes nothing gives the same sum in another order
    reached = null >= statistic - 1e-12 * abs(statistic)
    return IndependenceTest(statistic, float((1 + reached.sum()) / (1 + n_permutations)), null)


def _gram(X: np.ndarray, features: str) -> np.ndarray:
    if features == "linear":
        return X @ X.T
    if features != "gaussian":
        raise ValueError(f"features must be 'gaussian' or 'linear', got {features!r}")
    squared = pdist(X, "sqeuclidean")
    width = np.median(squared) or squared.mean()  # more than half of the rows may be equal
    return np.exp(-squareform(squared) / (2.0 * width if width > 0 else 1.0))
