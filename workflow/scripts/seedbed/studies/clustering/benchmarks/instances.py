"""Instances of the benchmarks: Gaussian clusters from fixed seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Instance:
    """Data, and for LA-SDP the true covariances."""

    points: np.ndarray
    n_clusters: int
    covariances: np.ndarray | None = None


def draw_instance(
    n_samples: int, n_clusters: int, n_features: int, separation: float, *, condition: float = 1.0, seed: int = 0
) -> Instance:
    """Equal Gaussian clusters with orthogonal means, ``separation`` apart in units of the mean deviation."""
    import cvxpy  # noqa: F401 - the import belongs to no contender's time

    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.standard_normal((n_features, n_features)))[0][:n_clusters]
    labels = np.arange(n_samples) % n_clusters
    spectrum = np.geomspace(1.0, condition, n_features)
    spectrum *= n_features / spectrum.sum()
    rotations = [np.linalg.qr(rng.standard_normal((n_features, n_features)))[0] for _ in range(n_clusters)]
    covariances = np.stack([(q * spectrum) @ q.T for q in rotations])
    noise = np.einsum(
        "nij,nj->ni", np.linalg.cholesky(covariances)[labels], rng.standard_normal((n_samples, n_features))
    )
    return Instance(separation / np.sqrt(2.0) * axes[labels] + noise, n_clusters, covariances)
