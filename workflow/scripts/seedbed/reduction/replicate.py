"""The arrays of one replicate, the same for all generators of the study."""

from __future__ import annotations

from typing import Any

import numpy as np


def replicate(
    X: np.ndarray,
    y: np.ndarray,
    n_samples: int,
    metric: str,
    n_components: int,
    *,
    predictor: np.ndarray | None = None,
    directions: np.ndarray | None = None,
    model: str = "",
    outliers: float = 0.0,
    image_shape: tuple[int, ...] | None = None,
) -> dict[str, np.ndarray]:
    """Split into the first ``n_samples`` rows, to fit, and the rest, to test on.

    Parameters
    ----------
    X : ndarray (n, p)
    y : ndarray (n, ...)
        Objects of the space; with ``metric="precomputed"`` the distances of all rows (n, n).
    n_samples : int
    metric : str
    n_components : int
        What methods are asked for.
    predictor : ndarray (n, d), optional
        The true sufficient predictor.
    directions : ndarray (p, d), optional
        Where it is linear, its directions.
    model, outliers : str, float
        What robustness and time are drawn against.
    image_shape : (channels, height, width), optional
        Where the rows of X are images.

    Returns
    -------
    dict
        ``X, y, X_test, y_test, metric, n_components, model, outliers``; ``Z, Z_test``, ``directions`` and
        ``image_shape`` where there are any.
    """
    train, test = slice(None, n_samples), slice(n_samples, None)
    objects = {"y": y[train], "y_test": y[test]}
    if metric == "precomputed":
        objects = {"y": y[train, train], "y_test": y[test, test]}
    data: dict[str, Any] = {"X": X[train], "X_test": X[test], **objects}
    data |= {"metric": metric, "n_components": n_components, "model": model, "outliers": outliers}
    if predictor is not None:
        data |= {"Z": predictor[train], "Z_test": predictor[test]}
    if directions is not None:
        data["directions"] = directions
    if image_shape is not None:
        data["image_shape"] = image_shape
    return {name: np.asarray(value) for name, value in data.items()}


def check_sizes(
    *, n_samples: int, n_test: int, n_features: int, fewest_features: int, outliers: float, n_components: int | None
) -> list[str]:
    """Messages for sizes that no simulated model can work with."""
    messages = []
    if n_samples < 20 or n_test < 20:
        messages.append(f"n_samples and n_test must be at least 20, got {n_samples} and {n_test}")
    if n_features < fewest_features:
        messages.append(f"n_features must be at least {fewest_features} in this model, got {n_features}")
    if not 0.0 <= outliers < 0.5:
        messages.append(f"outliers is a share and must lie in [0, 0.5), got {outliers}")
    if n_components is not None and not 1 <= n_components <= n_features:
        messages.append(f"n_components must lie between 1 and n_features = {n_features}, got {n_components}")
    return messages
