"""What :mod:`.softmax_kernels` does for atoms, by NumPy, where numba is not installed."""

from __future__ import annotations

import numpy as np

__all__ = ["few_points", "near_atoms", "softmax_rows"]


def softmax_rows(
    logits: np.ndarray,
    half_norms: np.ndarray,
    inverse: float,
    largest: np.ndarray,
    total: np.ndarray,
    squares: np.ndarray,
    mean: np.ndarray,
) -> None:
    """As the compiled one."""
    logits -= half_norms
    logits *= inverse
    top = np.maximum(largest, logits.max(axis=1))
    factor = np.exp(largest - top)
    largest[:] = top
    logits -= top[:, None]
    np.exp(logits, out=logits)
    total[:] = factor * total + logits.sum(axis=1)
    squares[:] = factor * squares + logits @ half_norms
    mean *= factor[:, None]


def near_atoms(
    logits: np.ndarray,
    half_norms: np.ndarray,
    slack: np.ndarray,
    first: int,
    best: np.ndarray,
    chosen: np.ndarray,
    counts: np.ndarray,
) -> None:
    """As the compiled one."""
    logits -= half_norms
    np.maximum(best, logits.max(axis=1), out=best)
    near = logits >= (best - slack)[:, None]
    for i in np.flatnonzero(near.any(axis=1)):
        found = first + np.flatnonzero(near[i])
        chosen[i, counts[i] : counts[i] + len(found)] = found
        counts[i] += len(found)


def few_points(
    chosen: np.ndarray,
    counts: np.ndarray,
    y: np.ndarray,
    atoms: np.ndarray,
    variance: float,
    mean: np.ndarray,
    spread: np.ndarray,
    largest: np.ndarray,
    total: np.ndarray,
) -> None:
    """As the compiled one."""
    for i, count in enumerate(counts):
        near = atoms[chosen[i, :count]]
        log_weights = -0.5 * ((y[i] - near) ** 2).sum(1) / variance
        largest[i] = log_weights.max()
        weights = np.exp(log_weights - largest[i])
        total[i] = weights.sum()
        weights /= total[i]
        mean[i] = weights @ near
        spread[i] = weights @ ((near - mean[i]) ** 2).sum(1)
