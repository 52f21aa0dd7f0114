"""The Fréchet cumulative covariance of a sample."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from seedbed.reduction.spaces.response import Response

from .balls import ball_kernel, count_blocks, sorted_blocks


def frechet_cumulative_covariance(
    f: Any, D: Any, *, method: Literal["sort", "kernel", "naive"] = "sort", unbiased: bool = False
) -> float | np.ndarray:
    r"""How far the mean of f depends on Y, summed over all balls that the responses span.

    .. math:: \mathrm{FCCov}_n(f) = \frac1{n^2} \sum_{j,k} \Bigl(\frac1n \sum_i (f_i - \bar f)
              1\{d_{ij} < d_{kj}\}\Bigr)^2 .

    Zero in the population exactly where E(f | Y) is constant (in spaces in which balls separate measures, such
    as all finite-dimensional ones). Invariant under increasing transforms of the distance; at most Var(f) / 6
    for continuous distances.

    Parameters
    ----------
    f : array-like of shape (n,) or (n, d)
        Scores, for instance values of functions of X; centred here.
    D : array-like of shape (n, n)
        Distances between the responses: symmetric, with a diagonal of zeros.
    method : {"sort", "kernel", "naive"}, default="sort"
        All give the same number. "sort": ``O(n^2 (log n + d))`` time and no memory beside D; "kernel": through
        :func:`ball_kernel`, ``O(n^3)`` with a small constant, of use where many f meet one D; "naive": the
        definition, ``O(n^3)`` time and memory, to compare with.
    unbiased : bool, default=False
        The U-centred version :math:`f^\top \tilde K f / (n (n - 3))`: mean zero under independence.

    Returns
    -------
    float, or ndarray of shape (d, d)
        For d scores the matrix :math:`M = n^{-2} F^\top K F`, whose diagonal holds their covariances.

    Raises
    ------
    ValueError
        If the shapes do not fit, D is no matrix of distances, or there are fewer than four responses.

    References
    ----------
    Yuan, Wang and Yu (2025), Fréchet Cumulative Covariance Net for Deep Nonlinear Sufficient Dimension Reduction
    with Random Objects, arXiv:2502.15374.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.arange(5.0)
    >>> round(frechet_cumulative_covariance(y, abs(y[:, None] - y)), 4)
    0.1312
    """
    response = Response.of(D, "precomputed")
    response.distances  # noqa: B018 (kept, so that blocks are slices of it)
    n = len(response)
    if n < 4:
        raise ValueError(f"at least four responses are needed, got {n}")
    scores = np.asarray(f, dtype=np.float64)
    if scores.ndim not in (1, 2) or len(scores) != n:
        raise ValueError(f"f must have one row per response, {n}; got shape {scores.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("f must be finite; it contains NaN or infinity")
    matrix = scores.reshape(n, -1)
    matrix = matrix - matrix.mean(axis=0)
    if method == "naive":
        products, sums, diagonal = _by_definition(response, matrix)
    elif method == "kernel":
        kernel = ball_kernel(response)
        products, sums, diagonal = kernel @ matrix, kernel.sum(axis=1), np.diagonal(kernel)
    elif method == "sort":
        products, sums, diagonal = _by_sorting(response, matrix)
    else:
        raise ValueError(f"method must be 'sort', 'kernel' or 'naive', got {method!r}")
    covariance = _unbiased(matrix, products, sums, diagonal) if unbiased else matrix.T @ products / n**2
    return float(covariance[0, 0]) if scores.ndim == 1 else (covariance + covariance.T) / 2.0


def kernel_products(response: Response, f: np.ndarray, anchors: np.ndarray | None = None) -> np.ndarray:
    """K f (n, d) without K, in ``O(m n (log n + d))`` for m anchors: exact where K does not fit into memory."""
    from .ball_loops import add_products

    products = np.zeros(f.shape)
    f, n_anchors = np.ascontiguousarray(f, np.float64), 0
    for distances, order in sorted_blocks(response, anchors):
        add_products(distances, order, f, products)
        n_anchors += len(distances)
    return products / (len(response) * float(n_anchors))


def kernel_diagonal(response: Response) -> np.ndarray:
    """K_ii (n,) without K: the mean share of responses that lie farther from a centre than response i."""
    n = len(response)
    total = np.zeros(n)
    for counts in count_blocks(response, None, n):
        total += counts.sum(axis=1, dtype=np.float64)
    return total / n**2


def _by_sorting(response: Response, f: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    products = kernel_products(response, np.hstack([f, np.ones((len(f), 1))]))
    return products[:, :-1], products[:, -1], kernel_diagonal(response)


def _by_definition(response: Response, f: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    distances, n = response.distances, len(response)
    inside = (distances[:, :, None] < distances.T[None, :, :]).astype(np.float64)  # [i, j, k]: d_ij < d_kj
    of_balls = np.einsum("ijk,ic->jkc", inside, np.hstack([f, np.ones((n, 1))]))
    products = np.einsum("ijk,jkc->ic", inside, of_balls) / n**2
    return products[:, :-1], products[:, -1], np.einsum("ijk->i", inside) / n**2


def _unbiased(f: np.ndarray, products: np.ndarray, sums: np.ndarray, diagonal: np.ndarray) -> np.ndarray:
    """f' U f / (n (n - 3)) with U = u_centre(K), expanded for centred f."""
    n = len(f)
    rest = sums - diagonal
    inner = f.T @ products + f.T @ ((2.0 * rest / (n - 2) - diagonal - rest.sum() / ((n - 1) * (n - 2)))[:, None] * f)
    return inner / (n * (n - 3))
