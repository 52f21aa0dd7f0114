"""The arrays of one replicate, the same for all generators of the study."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class SimulatedSizes:
    """What all simulated models have in common.

    Parameters
    ----------
    n_samples, n_features, n_test : int
    outliers : float
        Share of the training responses that are disturbed; how, each model says. The test rows have none.
    n_components : int, optional
        What methods are asked for; by default as many as the true predictor has coordinates.
    """

    n_samples: int = 500
    n_features: int = 10
    outliers: float = 0.0
    n_test: int = 400
    n_components: int | None = None

    def _bad_sizes(self, fewest_features: int) -> list[str]:
        """Messages for sizes that no simulated model can work with."""
        messages = []
        if self.n_samples < 20 or self.n_test < 20:
            messages.append(f"n_samples and n_test must be at least 20, got {self.n_samples} and {self.n_test}")
        if self.n_features < fewest_features:
            messages.append(f"n_features must be at least {fewest_features} in this model, got {self.n_features}")
        if not 0.0 <= self.outliers < 0.5:
            messages.append(f"outliers is a share and must lie in [0, 0.5), got {self.outliers}")
        if self.n_components is not None and not 1 <= self.n_components <= self.n_features:
            allowed = f"n_features = {self.n_features}"
            messages.append(f"n_components must lie between 1 and {allowed}, got {self.n_components}")
        return messages
