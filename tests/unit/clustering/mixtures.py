"""Small Gaussian mixtures for the tests of the algorithms."""

from __future__ import annotations

import numpy as np
from seedbed.clustering.partitions.rounding import nonempty_labels


def draw_mixture(n=60, n_clusters=3, n_features=4, separation=6.0, condition=1.0, seed=0):
    """Points, labels and covariances of equal Gaussian clusters with orthogonal means."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.standard_normal((n_features, n_features)))[0][:n_clusters]
    labels = np.arange(n) % n_clusters
    spectrum = np.geomspace(1.0, condition, n_features)
    spectrum *= n_features / spectrum.sum()
    rotations = [np.linalg.qr(rng.standard_normal((n_features, n_features)))[0] for _ in range(n_clusters)]
    covariances = np.stack([(q * spectrum) @ q.T for q in rotations])
    roots = np.linalg.cholesky(covariances)[labels]
    noise = np.einsum("nij,nj->ni", roots, rng.standard_normal((n, n_features)))
    return separation / np.sqrt(2.0) * axes[labels] + noise, labels, covariances


def centred_mixture(*args, **kwargs):
    """Points around their mean, and labels."""
    X, labels, _ = draw_mixture(*args, **kwargs)
    return X - X.mean(axis=0), labels


def random_partition(rng, n):
    """Centred noise and labels that have nothing to do with it: bounds must hold for any partition."""
    X = rng.standard_normal((n, int(rng.integers(1, 6))))
    n_clusters = int(rng.integers(2, min(n, 7)))
    return X - X.mean(axis=0), nonempty_labels(rng.integers(0, n_clusters, n), n_clusters), n_clusters


def random_affinities(rng, n_clusters, n):
    """Arbitrary symmetric matrices: the bounds must hold for any objective."""
    matrices = rng.standard_normal((n_clusters, n, n))
    return matrices + matrices.transpose(0, 2, 1)


def same_partition(first, second):
    """Whether two labellings differ only by the names of the clusters."""
    pairs = set(zip(np.asarray(first).tolist(), np.asarray(second).tolist(), strict=True))
    return len(pairs) == len(set(first.tolist())) == len(set(second.tolist()))


def error_rate(labels, truth):
    """Share of points in the wrong cluster under the best matching."""
    from scipy.optimize import linear_sum_assignment

    size = max(labels.max(), truth.max()) + 1
    table = np.zeros((size, size))
    np.add.at(table, (labels, truth), 1)
    rows, columns = linear_sum_assignment(-table)
    return 1.0 - table[rows, columns].sum() / len(labels)


def assert_feasible(memberships, n_clusters, trace="each", atol=1e-8):
    """All constraints of LA-SDP; a single matrix is checked against those of the Peng-Wei program."""
    if memberships.ndim == 2:
        memberships, traces = memberships[None], np.array([float(n_clusters)])
    else:
        traces = np.ones(n_clusters)
    found = np.trace(memberships, axis1=1, axis2=2)
    if trace == "total":
        found, traces = found.sum(), float(n_clusters)
    assert memberships.min() >= 0.0
    np.testing.assert_allclose(memberships, memberships.transpose(0, 2, 1), atol=1e-12)
    np.testing.assert_allclose(memberships.sum(axis=(0, 2)), 1.0, atol=atol)
    np.testing.assert_allclose(found, traces, atol=atol)
    assert np.linalg.eigvalsh(memberships).min() >= -atol
