"""The responses of one sample, with their distances."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from .named import find_space
from .space import Space


class Response:
    """Objects of a metric space, of which only distances are used.

    Parameters
    ----------
    space : Space
    objects : ndarray of shape (n, ...)
        Prepared objects.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    def __init__(self, space: Space, objects: np.ndarray):
        self.space = space
        self.objects = objects

    @classmethod
    def of(cls, y: Any, metric: str | Callable[[Any, Any], float] = "euclidean") -> Response:
        """Check the objects ``y``; see :func:`seedbed.reduction.spaces.named.find_space` for the metrics."""
        space = find_space(metric)
        return cls(space, space.prepare(y))

    def __len__(self) -> int:
        return len(self.objects)

    @cached_property
    def distances(self) -> np.ndarray:
        """All distances (n, n): symmetric, with a diagonal of zeros. Computed once."""
        return self.space.pairwise(self.objects)

    def distances_from(self, anchors: np.ndarray) -> np.ndarray:
        """Distances from some of the objects to all, (len(anchors), n), without the other n^2."""
        if "distances" in self.__dict__:
            return self.distances[anchors]
        rows = self.space.distances(self.objects[anchors], self.objects)
        rows[np.arange(len(anchors)), anchors] = 0.0  # whatever rounding has made of it
        return rows

    def take(self, rows: np.ndarray) -> Response:
        """The responses of a subsample, with the distances that are known already."""
        part = Response(self.space, self.objects[rows])
        if "distances" in self.__dict__:
            part.distances = self.distances[np.ix_(rows, rows)]
        return part

    @property
    def numbers(self) -> np.ndarray | None:
        """The coordinates (n, k) of Euclidean responses; None in every other space."""
        return self.objects if self.space.name == "euclidean" else None
