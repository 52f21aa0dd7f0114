r"""From kernels to distances, and back: the conventions of the literature on proximity measures.

.. math:: D_{ij} = \tfrac12 (h_{ii} + h_{jj} - h_{ij} - h_{ji}) ,

half the squared Euclidean distance in the kernel's space; the cosine and the logarithm change the kernel first:
:math:`\cos_{ij} = h_{ij} / \sqrt{h_{ii} h_{jj}}` and :math:`\log h_{ij}`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

Transform = Literal["plain", "cosine", "log"]


def plain_distance(kernel: np.ndarray) -> np.ndarray:
    """``(h_ii + h_jj - h_ij - h_ji) / 2``."""
    halves = 0.5 * kernel.diagonal()
    distances = halves[:, None] + halves - 0.5 * (kernel + kernel.T)
    np.fill_diagonal(distances, 0.0)
    return distances


def cosine_distance(kernel: np.ndarray) -> np.ndarray:
    """``1 - h_ij / sqrt(h_ii h_jj)``; a node with a zero diagonal is at distance 1 from all others."""
    roots = np.sqrt(np.maximum(kernel.diagonal(), 0.0))
    roots = np.divide(1.0, roots, out=np.zeros(len(roots)), where=roots > 0)
    distances = 1.0 - 0.5 * (kernel + kernel.T) * roots[:, None] * roots
    np.fill_diagonal(distances, 0.0)
    return distances


def log_distance(kernel: np.ndarray, name: str = "the kernel") -> np.ndarray:
    """``-log cos``; infinite where the proximity is zero, and so at a node with a zero diagonal.

    Raises
    ------
    ValueError
        If an entry is negative, of which there is no logarithm.
    """
    if kernel.min() < 0.0:
        raise ValueError(
            f"{name} has negative proximities, of which there is no logarithm; use transform='plain' or 'cosine'"
        )
    with np.errstate(divide="ignore"):
        logs = np.log(kernel)
    halves = np.where(kernel.diagonal() > 0.0, 0.5 * logs.diagonal(), 0.0)
    distances = halves[:, None] + halves - 0.5 * (logs + logs.T)
    np.fill_diagonal(distances, 0.0)
    return distances


def sigmoid(kernel: np.ndarray, slope: float) -> np.ndarray:
    """``1 / (1 + exp(-a h_ij / s))``, s the standard deviation of all n^2 entries, the diagonal included."""
    spread = kernel.std() or 1.0
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-slope * kernel / spread))


def centred_kernel(distances: np.ndarray) -> np.ndarray:
    """``-J D J`` with ``J = I - 11'/n``: the kernel, centred, whose distances these are."""
    rows = distances.mean(axis=0)
    return rows[:, None] + rows - distances - rows.mean()


TRANSFORMS = {"plain": plain_distance, "cosine": cosine_distance, "log": log_distance}
