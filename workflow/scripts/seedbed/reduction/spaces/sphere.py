"""Points on a sphere under the length of the shortest arc."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from .space import Space, real_array

_MAX_ITERATIONS = 200
_TOLERANCE = 1e-12
_ROUNDED = 1e-3  # half precision, or entries printed with three or four digits


class Sphere(Space):
    r""":math:`d(u, v) = \arccos u^\top v` on unit vectors of any dimension.

    Computed as :math:`2 \arctan(\|u - v\| / \|u + v\|)`, which keeps all digits where the arc cosine loses half
    of them: near zero and near :math:`\pi`.
    """

    name = "geodesic"
    described = "unit vectors (n, d)"

    def prepare(self, y: Any) -> np.ndarray:
        """Unit vectors; lengths may be off by 1e-3, since files are rounded."""
        array = real_array(y, self.described, (2,))
        length = np.linalg.norm(array, axis=1)
        if (bad := np.flatnonzero(np.abs(length - 1.0) > _ROUNDED)).size:
            off = length[bad[0]] - 1.0
            raise ValueError(
                f"y must hold {self.described}; y[{bad[0]}] has length {length[bad[0]]:g}, off by {off:.1e} "
                f"where {_ROUNDED:g} is allowed for rounding"
            )
        return array / length[:, None]

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Arcs in radians, between 0 and pi."""
        return 2.0 * np.arctan2(cdist(a, b), cdist(a, -b))

    def mean(self, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Intrinsic means by gradient steps, started at the normalised means.

        Unique where a group lies within an open half sphere; elsewhere a stationary point.
        """
        mean = np.einsum("mk,mkd->md", weights, groups)
        mean = _unit(np.where(np.linalg.norm(mean, axis=1, keepdims=True) > 1e-9, mean, groups[:, 0]))
        for _ in range(_MAX_ITERATIONS):
            step = np.einsum("mk,mkd->md", weights, _log_map(mean, groups))
            mean = _unit(_exp_map(mean, step))
            if np.abs(step).max(initial=0.0) < _TOLERANCE:
                break
        return mean


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _log_map(base: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Tangent vectors at ``base`` (m, d) that point to ``points`` (m, k, d), as long as the arcs."""
    cosine = np.einsum("md,mkd->mk", base, points)
    across = points - cosine[..., None] * base[:, None]
    sine = np.linalg.norm(across, axis=-1)
    angle = np.arctan2(sine, cosine)
    return across * (angle / np.maximum(sine, 1e-300))[..., None]


def _exp_map(base: np.ndarray, tangent: np.ndarray) -> np.ndarray:
    angle = np.linalg.norm(tangent, axis=-1, keepdims=True)
    return np.cos(angle) * base + np.sinc(angle / np.pi) * tangent
