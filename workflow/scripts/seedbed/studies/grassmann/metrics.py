"""Metrics of the Grassmann study: ``metric(data, fit) -> float``, NaN where it does not apply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedbed.grassmann.classifiers.added_dimension import unit_rows
from seedbed.studies.grassmann.networks.probes import linear_transfer

Arrays = Mapping[str, np.ndarray]
BINS = 15  # of the calibration error


def accuracy(data: Arrays, fit: Arrays) -> float:
    """Share of test rows in their class."""
    return float(np.mean(fit["probabilities"].argmax(1) == data["y_test"]))


def negative_log_likelihood(data: Arrays, fit: Arrays) -> float:
    """Mean of minus the logarithm of the true class's probability on the test rows, in nats."""
    true = fit["probabilities"][np.arange(len(data["y_test"])), data["y_test"]]
    return float(-np.log(np.maximum(true, np.finfo(np.float32).tiny)).mean())


def calibration_error(data: Arrays, fit: Arrays) -> float:
    r"""Expected calibration error: mean distance of confidence and accuracy over 15 bins of equal width.

    .. math:: \sum_b \frac{n_b}{n} \lvert \mathrm{acc}_b - \mathrm{conf}_b \rvert
    """
    confidence = fit["probabilities"].max(1)
    right = fit["probabilities"].argmax(1) == data["y_test"]
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, right - confidence, BINS)
    return float(np.abs(gaps).sum() / len(right))


def class_separation(data: Arrays, fit: Arrays) -> float:
    r"""Kornblith et al.'s class separation of the test features.

    .. math:: R^2 = 1 - \frac{\text{mean cosine distance within a class}}{\text{mean cosine distance of all pairs}}

    with classes weighted equally.
    """
    if "features" not in fit:
        return np.nan
    means = _class_means(_directions(fit["features"]), data["y_test"])
    within = 1.0 - (means**2).sum(1).mean()
    centre = means.mean(0)
    total = 1.0 - centre @ centre
    return float(1.0 - within / total) if total > 1e-12 else np.nan


def variability(data: Arrays, fit: Arrays) -> float:
    """Mean angle between test features of the same class, in degrees, classes weighted equally."""
    return _mean_angle(fit["features"], data["y_test"]) if "features" in fit else np.nan


def training_variability(data: Arrays, fit: Arrays) -> float:
    """The same of training features (the first 600 rows at most)."""
    if "training_features" not in fit:
        return np.nan
    features = fit["training_features"]
    return _mean_angle(features, data["y"][: len(features)])


def transfer_few(data: Arrays, fit: Arrays) -> float:
    """Accuracy of a linear probe that learns new labels from a few frozen features of each."""
    return _transfer(data, fit, "probe_few")


def transfer_full(data: Arrays, fit: Arrays) -> float:
    """Accuracy of a linear probe that learns new labels from all frozen features that are there to train."""
    return _transfer(data, fit, "probe_full")


def subspace_overlap(data: Arrays, fit: Arrays) -> float:
    r"""Mean squared cosine between the subspaces of two classes, :math:`\|S_i S_j^\top\|_F^2 / \min(k_i, k_j)`.

    0 for orthogonal subspaces, k/n for random ones, 1 for equal ones.
    """
    if "subspaces" not in fit or len(fit["subspaces"]) < 2:
        return np.nan
    S = fit["subspaces"].astype(float)
    squares = (np.einsum("ikn,jln->ijkl", S, S) ** 2).sum((2, 3))
    dims = (np.abs(S).sum(2) > 0).sum(1)
    pairs = np.triu_indices(len(S), 1)
    return float((squares / np.minimum.outer(dims, dims))[pairs].mean())


def orthonormality_defect(data: Arrays, fit: Arrays) -> float:
    r"""Largest entry of :math:`|S S^\top - I|` over the classes, in double precision."""
    from seedbed.grassmann.geometry.manifold import orthonormality_defect as defect

    return defect(fit["subspaces"].astype(float)) if "subspaces" in fit else np.nan


def _transfer(data: Arrays, fit: Arrays, name: str) -> float:
    if "probe_features" not in fit:
        return np.nan
    train, features, y = data[name], fit["probe_features"].astype(float), data["y_probe"]
    test = data["probe_test"] & ~train
    return linear_transfer(features[train], y[train], features[test], y[test])


def _directions(features: np.ndarray) -> np.ndarray:
    """Unit rows in double precision: features are kept in half, of which sums would lose three digits."""
    return unit_rows(features.astype(float))


def _class_means(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.stack([X[y == c].mean(0) for c in np.unique(y)])


def _mean_angle(features: np.ndarray, y: np.ndarray) -> float:
    X, angles = _directions(features), []
    for c in np.unique(y):
        cosines = X[y == c] @ X[y == c].T
        pairs = cosines[np.triu_indices(len(cosines), 1)]
        angles.append(np.degrees(np.arccos(pairs.clip(-1, 1))).mean() if len(pairs) else np.nan)
    return float(np.nanmean(angles))
