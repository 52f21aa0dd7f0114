"""Generators of real feature vectors: the digits that scikit-learn ships, and files of a user's own.

Each comes twice: for clustering, and for fitting one law to all rows, as the paper does.
"""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np

from seedbed.directional.sphere import mean_direction, unit_rows
from seedbed.directional.vmf_scenarios import exact_concentration
from seedbed.user_data.features import check_features, read_features
from seedbed.user_data.messages import row_text

Representation = Literal["raw", "normalised", "network"]


def digit_features(
    rng: np.random.Generator, *, representation: Representation = "raw", n_samples: int = 400
) -> dict[str, np.ndarray]:
    """Images of handwritten digits, as pixels or as activations of a small network.

    Parameters
    ----------
    representation : {"raw", "normalised", "network"}
        64 pixels; the same as unit vectors; or the 64 hidden activations of a perceptron that was trained on
        the images that are not returned.
    n_samples : int
        Images to fit; as many more are held out.

    Returns
    -------
    dict
        ``X``, ``labels``, ``X_test``, ``n_clusters``.
    """
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    order = rng.permutation(len(pixels))
    fit, test, rest = np.split(order, [n_samples, 2 * n_samples])
    features = _activations(pixels, labels, rest, rng) if representation == "network" else pixels
    if representation == "normalised":
        features = unit_rows(features)
    return {"X": features[fit], "labels": labels[fit], "X_test": features[test], "n_clusters": np.array(10)}


def _activations(pixels, labels, rows, rng) -> np.ndarray:
    """Hidden layer of a perceptron that was trained on ``rows``."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier(64, max_iter=100, random_state=int(rng.integers(2**31)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(pixels[rows] / 16.0, labels[rows])
    hidden = np.maximum(pixels / 16.0 @ network.coefs_[0] + network.intercepts_[0], 0.0)
    # an image that switches every unit off has no direction
    return hidden + 1e-6


def digit_law(
    rng: np.random.Generator, *, representation: Representation = "raw", n_samples: int = 400
) -> dict[str, np.ndarray]:
    """The same images without their classes, to fit one law to, and its exact concentration.

    Returns
    -------
    dict
        ``X``, ``X_test``, ``resultant_gap`` (1 - R of ``X``) and ``concentration_mle`` (exact for that gap).
    """
    return _one_law(digit_features(rng, representation=representation, n_samples=n_samples))


def _one_law(data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    rows = unit_rows(data["X"])
    gap = mean_direction(rows, np.ones(len(rows)))[2]
    if not gap > 0.0:
        raise ValueError("the rows that were drawn all have the same direction: no concentration is large enough")
    exact = exact_concentration(rows.shape[1], gap)
    return {
        "X": data["X"],
        "X_test": data["X_test"],
        "resultant_gap": np.array(gap),
        "concentration_mle": np.array(exact),
    }


def check_digit_features(*, representation: str = "raw", n_samples: int = 400) -> list[str]:
    """Messages for values that the generator cannot work with."""
    if not 10 <= n_samples <= 700:
        return [f"n_samples must lie between 10 and 700, got {n_samples}"]
    return []


def check_digit_law(*, representation: str = "raw", n_samples: int = 400) -> list[str]:
    """Messages for values that the generator cannot work with."""
    return check_digit_features(representation=representation, n_samples=n_samples)


def feature_file(
    rng: np.random.Generator, *, path: str, n_clusters: int = 10, n_samples: int = 1000
) -> dict[str, np.ndarray]:
    """Rows of a user's feature file, for instance ResNet50 features of CIFAR-10 (p = 2048, 8192, 32768).

    Parameters
    ----------
    path : str
        An ``.npz`` file with ``X`` (n, p) and, if known, ``labels`` (n,); or an ``.npy`` file with X alone.
    n_clusters : int
        Used where there are no labels.
    n_samples : int
        Rows to fit, drawn at random; up to as many more are held out.

    Returns
    -------
    dict
        ``X``, ``X_test``, ``n_clusters`` and, if known, ``labels``.
    """
    features, labels = read_features(path)
    order = rng.permutation(len(features))
    n_fit = min(n_samples, max(1, 2 * len(features) // 3))
    fit, test = order[:n_fit], order[n_fit : 2 * n_fit]
    data = {"X": features[fit], "X_test": features[test], "n_clusters": np.array(n_clusters)}
    if labels is not None:
        data |= {"labels": labels[fit], "n_clusters": np.array(len(np.unique(labels)))}
    return data


def check_feature_file(*, path: str, n_clusters: int = 10, n_samples: int = 1000) -> list[str]:
    """Messages for files that the generator cannot read."""
    messages = check_features(path)
    if not messages:
        features, _ = read_features(path)
        zero = np.flatnonzero(~features.any(axis=1)) + 1
        messages = [f"{path}: {row_text(zero)}: zero, which has no direction"] if len(zero) else []
        if features.shape[1] < 2:
            messages.append(f"{path}: directions need at least two columns")
    if n_samples < 1 or n_clusters < 1:
        messages.append("n_samples and n_clusters must be positive")
    return messages


def feature_law(rng: np.random.Generator, *, path: str, n_samples: int = 1000) -> dict[str, np.ndarray]:
    """Rows of a user's feature file, to fit one law to; see :func:`feature_file` and :func:`digit_law`.

    The paper does this with ResNet50 features of CIFAR-10.
    """
    return _one_law(feature_file(rng, path=path, n_samples=n_samples))


def check_feature_law(*, path: str, n_samples: int = 1000) -> list[str]:
    """Messages for files that the generator cannot read."""
    messages = check_feature_file(path=path, n_samples=n_samples)
    if not messages and (n_samples < 2 or len(read_features(path)[0]) < 3):
        messages.append(f"{path}: one law needs at least two rows to fit and one to test, and n_samples of 2")
    return messages
