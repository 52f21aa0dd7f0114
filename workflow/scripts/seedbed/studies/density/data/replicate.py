"""The arrays of one replicate, the same for all generators of densities."""

from __future__ import annotations

from typing import Any

import numpy as np


def replicate(
    X: np.ndarray, X_test: np.ndarray, log_density_test: np.ndarray | None = None, gaussian: bool = False, **more: Any
) -> dict[str, np.ndarray]:
    """Rows to fit, and fresh ones.

    Parameters
    ----------
    X : ndarray (n, d)
    X_test : ndarray (m, d)
    log_density_test : ndarray (m,), optional
        The true log density of the fresh rows, where it is known.
    gaussian : bool
        Whether the law is a Gaussian one, of which the exact risk is known.
    **more
        Further arrays.

    Returns
    -------
    dict
        ``X, X_test, gaussian``, and ``log_density_test`` where it is known.
    """
    data: dict[str, Any] = {"X": X, "X_test": X_test, "gaussian": gaussian, **more}
    if log_density_test is not None:
        data["log_density_test"] = log_density_test
    return {name: np.asarray(value) for name, value in data.items()}


def bad_sizes(n_samples: int, n_test: int, n_features: int, fewest_features: int = 1) -> list[str]:
    """Messages for sizes that no simulated law can work with."""
    messages = []
    if n_samples < 20 or n_test < 20:
        messages.append(f"n_samples and n_test must be at least 20, got {n_samples} and {n_test}")
    if n_features < fewest_features:
        messages.append(f"n_features must be at least {fewest_features}, got {n_features}")
    return messages
