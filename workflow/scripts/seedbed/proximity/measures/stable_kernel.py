"""Kernels themselves, every entry accurate: by eigenvectors where they have the digits, else by additions alone."""

from __future__ import annotations

import numpy as np

from .entrywise import entrywise_kernel
from .families import Family
from .spectra import Part
from .stable_log import RELIABLE, ordered_eigen, perron_vector, second_ratio


def kernel_of(part: Part, family: Family, t: float) -> tuple[np.ndarray, float]:
    """The kernel of a part over ``exp(log_unit)``, without powers of degrees, and ``log_unit``.

    The unit is the largest eigenvalue, or what would overflow. Of the first eigenvector all digits are known, so that
    only the second and the others add noise to the smallest entries.
    """
    relative = relative_kernel(part, family, t)
    if len(part) > 1 and np.isfinite(t):
        enough = RELIABLE[family.kind] * min(second_ratio(part, family, t), 1.0)
        if len(part) * relative.min() < enough:
            return entrywise_kernel(part, family, t)
    return relative, log_top(part, family, t)


def relative_kernel(part: Part, family: Family, t: float) -> np.ndarray:
    """The kernel over its largest eigenvalue, without powers of degrees; small entries may have lost their digits."""
    values, vectors = ordered_eigen(part, family)
    if len(part) > 1:
        vectors = np.column_stack([perron_vector(part, family), vectors[:, 1:]])
    return (vectors * family.ratios(values, values[0], t)) @ vectors.T


def log_top(part: Part, family: Family, t: float) -> float:
    """Logarithm of the largest eigenvalue of the kernel."""
    first = ordered_eigen(part, family)[0][0]
    with np.errstate(divide="ignore", invalid="ignore"):
        top = float(family.log_value(first, t))
    return np.inf if np.isnan(top) else top


def with_degrees(kernel: np.ndarray, part: Part, family: Family) -> np.ndarray:
    """``D^a H D^b`` with the family's powers."""
    left, right = family.powers
    if not part.degrees.all():  # one node without edges: the powers cancel, or are infinite and their inverse is zero
        return kernel if left + right == 0.0 else np.zeros_like(kernel)
    return kernel * part.degrees[:, None] ** left * part.degrees**right if left else kernel
