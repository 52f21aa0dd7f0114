"""What :mod:`.softmax_kernels` does, by NumPy, where numba is not installed."""

from __future__ import annotations

import numpy as np

__all__ = ["few_points", "softmax_rows"]


def softmax_rows(
    logits: np.ndarray, half_norms: np.ndarray, inverse: float, largest: np.ndarray, total: np.ndarray
) -> None:
    """As the compiled one."""
    logits -= half_norms
    logits *= inverse
    largest[:] = logits.max(axis=1)
    logits -= largest[:, None]
    np.exp(logits, out=logits)
    total[:] = logits.sum(axis=1)


def few_points(
    logits: np.ndarray,
    slack: np.ndarray,
    y: np.ndarray,
    atoms: np.ndarray,
    variance: float,
    mean: np.ndarray,
    spread: np.ndarray,
    largest: np.ndarray,
    total: np.ndarray,
    counts: np.ndarray,
) -> None:
    """As the compiled one."""
    near = logits >= logits.max(axis=1, keepdims=True) - slack[:, None]
    for i, row in enumerate(near):
        chosen = atoms[row]
        log_weights = -0.5 * ((y[i] - chosen) ** 2).sum(1) / variance
        largest[i] = log_weights.max()
        weights = np.exp(log_weights - largest[i])
        total[i], counts[i] = weights.sum(), len(chosen)
        weights /= total[i]
        mean[i] = weights @ chosen
        spread[i] = weights @ ((chosen - mean[i]) ** 2).sum(1)
