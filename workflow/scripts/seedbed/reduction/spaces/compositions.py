"""Compositions: parts of a whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from .space import FlatSpace, real_array
from .sphere import Sphere

_DESCRIBED = "compositions (n, k), the parts of each row not negative"


def _parts(y: Any) -> np.ndarray:
    """Rows that sum to one."""
    array = real_array(y, _DESCRIBED, (2,))
    total = array.sum(axis=1)
    if (bad := np.flatnonzero((array < 0).any(axis=1) | (total <= 0))).size:
        raise ValueError(f"y must hold {_DESCRIBED}; y[{bad[0]}] is {array[bad[0]].tolist()}")
    return array / total[:, None]


class Aitchison(FlatSpace):
    r"""Aitchison distance, Euclidean in the centred log-ratios :math:`\log y_j - k^{-1} \sum_l \log y_l`.

    It sees ratios only: parts of zero are refused, and rows need not sum to one.
    """

    name = "aitchison"
    described = "compositions (n, k), all parts positive"

    def prepare(self, y: Any) -> np.ndarray:
        """Centred log-ratios."""
        parts = _parts(y)
        if (bad := np.flatnonzero((parts <= 0).any(axis=1))).size:
            raise ValueError(
                f"y must hold {self.described}; y[{bad[0]}] has a part of zero, whose logarithm is infinite "
                "(metric='fisher_rao' allows zeros)"
            )
        logs = np.log(parts)
        return logs - logs.mean(axis=1, keepdims=True)


class FisherRao(Sphere):
    r"""Fisher-Rao distance :math:`2 \arccos \sum_j \sqrt{y_j y'_j}`: arcs between the roots; zeros are allowed."""

    name = "fisher_rao"
    described = _DESCRIBED

    def prepare(self, y: Any) -> np.ndarray:
        """Roots of the parts: unit vectors."""
        return np.sqrt(_parts(y))

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Twice the arcs."""
        return 2.0 * super().distances(a, b)
