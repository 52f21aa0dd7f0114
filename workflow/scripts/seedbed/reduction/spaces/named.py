"""The spaces that can be named."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from .compositions import Aitchison, FisherRao
from .euclidean import Discrete, Euclidean
from .own_distances import OwnDistance, Precomputed
from .space import Space
from .spd_matrices import AffineInvariant, Frobenius, LogCholesky, LogEuclidean
from .sphere import Sphere
from .wasserstein import Wasserstein

SPACES: dict[str, type[Space]] = {
    space.name: space
    for space in (
        Euclidean, Discrete, Wasserstein, Frobenius, LogEuclidean, LogCholesky, AffineInvariant, Sphere, Aitchison,
        FisherRao, Precomputed,
    )
}  # fmt: skip


def find_space(metric: str | Callable[[Any, Any], float]) -> Space:
    """The space of a metric's name, or of a function of two objects.

    Raises
    ------
    ValueError
        For a name that is not known; the message lists those that are.
    """
    if callable(metric):
        return OwnDistance(metric)
    if not isinstance(metric, str) or metric not in SPACES:
        close = difflib.get_close_matches(str(metric), SPACES, n=1)
        hint = f" (did you mean '{close[0]}'?)" if close else ""
        raise ValueError(
            f"unknown metric {metric!r}{hint}; known are {', '.join(SPACES)}, or a function of two objects"
        )
    return SPACES[metric]()
