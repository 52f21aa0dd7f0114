"""Gaussian mixtures with known parameters: the simulated scenarios of the clustering study."""

from __future__ import annotations

import numpy as np

from .subsampling import apportion

_BLOCK = 4096


def gaussian_mixture(
    rng: np.random.Generator,
    *,
    n_points: int = 120,
    n_features: int = 4,
    n_clusters: int = 3,
    separation: float = 4.0,
    condition_number: float = 1.0,
    scales: list[float] | None = None,
    stretch: float = 1.0,
    proportions: list[float] | None = None,
) -> dict[str, np.ndarray]:
    r"""Draw a Gaussian mixture whose centres form a regular simplex.

    Cluster :math:`k` is :math:`N(\mu_k, \Sigma_k)` with

    .. math:: \Sigma_k = s_k^2\, D\, Q_k \operatorname{diag}(\lambda_{k1}, \dots, \lambda_{kp})\, Q_k^\top D,

    where :math:`Q_k` is a uniformly random orthogonal matrix, the eigenvalues are independent with
    :math:`\log\lambda_{kj}` uniform on :math:`\pm\frac12\log` ``condition_number`` (so the typical standard
    deviation is one, the geometric mean of the possible values), :math:`s_k` are the ``scales`` and
    :math:`D = \operatorname{diag}(1, \dots, 1,` ``stretch`` :math:`)`. All centres are at the same distance
    ``separation`` from each other, in the unit in which the typical standard deviation is one.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of randomness.
    n_points, n_features, n_clusters : int
        Size :math:`n`, dimension :math:`p`, and number of clusters :math:`K`; a regular simplex of centres
        needs :math:`p \ge K - 1`, and one more coordinate if ``stretch`` is not one.
    separation : float
        Distance between any two centres.
    condition_number : float
        Bound on the ratio of the largest to the smallest eigenvalue of a covariance; 1 gives spheres.
    scales : list of float, optional
        One factor :math:`s_k` per cluster on its standard deviations; all one by default.
    stretch : float
        Factor on every cluster's standard deviation along the last coordinate, in which the centres agree.
    proportions : list of float, optional
        Relative sizes, one per cluster; equal by default. The sizes are fixed, not random: they are the
        whole numbers nearest to the proportions that add up to ``n_points``.

    Returns
    -------
    dict of ndarray
        ``X`` (n, p), ``labels`` (n,), ``n_clusters`` (), ``means`` (K, p), ``covariances`` (K, p, p), and
        ``weights`` (K,), the share of the points in each cluster. Rows are in random order.

    Notes
    -----
    Costs :math:`O(K p^3 + n p^2)`.
    """
    sizes = apportion(n_points, proportions or [1.0] * n_clusters)
    means = np.zeros((n_clusters, n_features))
    means[:, : n_clusters - 1] = separation * regular_simplex(n_clusters)
    factors = np.ones(n_features)
    factors[-1] = stretch
    covariances = np.stack(
        [
            scale**2 * factors[:, None] * _random_covariance(rng, n_features, condition_number) * factors
            for scale in (scales or [1.0] * n_clusters)
        ]
    )
    labels = rng.permutation(np.repeat(np.arange(n_clusters), sizes))
    roots = np.linalg.cholesky(covariances)
    noise = rng.standard_normal((n_points, n_features))
    # In blocks of rows: a root for every point at once would be an array (n, p, p).
    points = means[labels]
    for start in range(0, n_points, _BLOCK):
        rows = slice(start, start + _BLOCK)
        points[rows] += np.einsum("nij,nj->ni", roots[labels[rows]], noise[rows])
    return {
        "X": points,
        "labels": labels,
        "n_clusters": np.asarray(n_clusters),
        "means": means,
        "covariances": covariances,
        "weights": sizes / n_points,
    }


def regular_simplex(n_vertices: int) -> np.ndarray:
    """Vertices (n_vertices, n_vertices - 1), centred at the origin, all at distance one from each other.

    Examples
    --------
    >>> regular_simplex(2).tolist()
    [[0.5], [-0.5]]
    """
    vertices = np.zeros((n_vertices, n_vertices - 1))
    for column in range(n_vertices - 1):
        # Helmert's contrast: one vertex against the mean of those after it, scaled so that distances are one.
        rest = n_vertices - 1 - column
        vertices[column, column] = np.sqrt(rest / (rest + 1) / 2)
        vertices[column + 1 :, column] = -np.sqrt(1 / (rest * (rest + 1)) / 2)
    return vertices


def _random_covariance(rng: np.random.Generator, size: int, condition_number: float) -> np.ndarray:
    if condition_number == 1:
        return np.eye(size)
    half_range = 0.5 * np.log(condition_number)
    eigenvalues = np.exp(rng.uniform(-half_range, half_range, size))
    basis, triangle = np.linalg.qr(rng.standard_normal((size, size)))
    basis = basis * np.sign(np.diag(triangle))  # makes the law of the orthogonal factor uniform
    return (basis * eigenvalues) @ basis.T


def check_gaussian_mixture(
    *,
    n_points: int = 120,
    n_features: int = 4,
    n_clusters: int = 3,
    separation: float = 4.0,
    condition_number: float = 1.0,
    scales: list[float] | None = None,
    stretch: float = 1.0,
    proportions: list[float] | None = None,
) -> list[str]:
    """What is wrong with the parameters of :func:`gaussian_mixture`, one message each."""
    messages = []
    if n_clusters < 1:
        return [f"n_clusters is {n_clusters}; at least 1 is needed"]
    if n_clusters > n_points:
        messages.append(f"n_clusters is {n_clusters}, more than n_points, which is {n_points}")
    needed = max(1, n_clusters - 1 + (stretch != 1))
    if n_features < needed:
        reason = "centres at equal distances" + (" and a stretched coordinate" if stretch != 1 else "")
        messages.append(f"n_features is {n_features}; {n_clusters} {reason} need at least {needed}")
    if separation < 0:
        messages.append(f"separation is {separation}; it cannot be negative")
    if condition_number < 1:
        messages.append(f"condition_number is {condition_number}; at least 1 is needed")
    if stretch <= 0:
        messages.append(f"stretch is {stretch}; it must be above 0")
    for name, values in (("scales", scales), ("proportions", proportions)):
        if values is not None and len(values) != n_clusters:
            messages.append(f"{name} has {len(values)} entries; one for each of the {n_clusters} clusters is needed")
        if values is not None and any(value <= 0 for value in values):
            messages.append(f"{name} is {values}; every entry must be above 0")
    if not messages and min(apportion(n_points, proportions or [1.0] * n_clusters)) == 0:
        messages.append(f"proportions {proportions} of {n_points} points leave a cluster empty; raise n_points")
    return messages
