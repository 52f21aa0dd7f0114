"""Gaussian mixtures with known parameters: the simulated scenarios of the clustering study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .subsampling import apportion

_BLOCK = 4096


@dataclass(frozen=True, kw_only=True)
class GaussianMixture:
    r"""A Gaussian mixture whose centres form a regular simplex.

    Cluster :math:`k` is :math:`N(\mu_k, \Sigma_k)` with

    .. math:: \Sigma_k = s_k^2\, D\, Q_k \operatorname{diag}(\lambda_{k1}, \dots, \lambda_{kp})\, Q_k^\top D,

    where :math:`Q_k` is a uniformly random orthogonal matrix, the eigenvalues are independent with
    :math:`\log\lambda_{kj}` uniform on :math:`\pm\frac12\log` ``condition_number`` (so the typical standard
    deviation is one, the geometric mean of the possible values), :math:`s_k` are the ``scales`` and
    :math:`D = \operatorname{diag}(1, \dots, 1,` ``stretch`` :math:`)`. All centres are at the same distance
    ``separation`` from each other, in the unit in which the typical standard deviation is one.

    Parameters
    ----------
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

    Notes
    -----
    Costs :math:`O(K p^3 + n p^2)`.
    """

    n_points: int = 120
    n_features: int = 4
    n_clusters: int = 3
    separation: float = 4.0
    condition_number: float = 1.0
    scales: list[float] | None = None
    stretch: float = 1.0
    proportions: list[float] | None = None

    def messages(self) -> list[str]:
        """What is wrong with the parameters, one message each."""
        messages = []
        if self.n_clusters < 1:
            return [f"n_clusters is {self.n_clusters}; at least 1 is needed"]
        if self.n_clusters > self.n_points:
            messages.append(f"n_clusters is {self.n_clusters}, more than n_points, which is {self.n_points}")
        needed = max(1, self.n_clusters - 1 + (self.stretch != 1))
        if self.n_features < needed:
            reason = "centres at equal distances" + (" and a stretched coordinate" if self.stretch != 1 else "")
            messages.append(f"n_features is {self.n_features}; {self.n_clusters} {reason} need at least {needed}")
        if self.separation < 0:
            messages.append(f"separation is {self.separation}; it cannot be negative")
        if self.condition_number < 1:
            messages.append(f"condition_number is {self.condition_number}; at least 1 is needed")
        if self.stretch <= 0:
            messages.append(f"stretch is {self.stretch}; it must be above 0")
        for name, values in (("scales", self.scales), ("proportions", self.proportions)):
            if values is not None and len(values) != self.n_clusters:
                messages.append(
                    f"{name} has {len(values)} entries; one for each of the {self.n_clusters} clusters is needed"
                )
            if values is not None and any(value <= 0 for value in values):
                messages.append(f"{name} is {values}; every entry must be above 0")
        if not messages and min(apportion(self.n_points, self.proportions or [1.0] * self.n_clusters)) == 0:
            messages.append(
                f"proportions {self.proportions} of {self.n_points} points leave a cluster empty; raise n_points"
            )
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``X`` (n, p), ``labels`` (n,), ``n_clusters`` (), ``means`` (K, p), ``covariances`` (K, p, p), and
            ``weights`` (K,), the share of the points in each cluster. Rows are in random order.
        """
        sizes = apportion(self.n_points, self.proportions or [1.0] * self.n_clusters)
        means = np.zeros((self.n_clusters, self.n_features))
        means[:, : self.n_clusters - 1] = self.separation * regular_simplex(self.n_clusters)
        factors = np.ones(self.n_features)
        factors[-1] = self.stretch
        covariances = np.stack(
            [
                scale**2 * factors[:, None] * _random_covariance(rng, self.n_features, self.condition_number) * factors
                for scale in (self.scales or [1.0] * self.n_clusters)
            ]
        )
        labels = rng.permutation(np.repeat(np.arange(self.n_clusters), sizes))
        roots = np.linalg.cholesky(covariances)
        noise = rng.standard_normal((self.n_points, self.n_features))
        # In blocks of rows: a root for every point at once would be an array (n, p, p).
        points = means[labels]
        for start in range(0, self.n_points, _BLOCK):
            rows = slice(start, start + _BLOCK)
            points[rows] += np.einsum("nij,nj->ni", roots[labels[rows]], noise[rows])
        return {
            "X": points,
            "labels": labels,
            "n_clusters": np.asarray(self.n_clusters),
            "means": means,
            "covariances": covariances,
            "weights": sizes / self.n_points,
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
