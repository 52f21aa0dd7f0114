"""Anderson acceleration of a fixed-point iteration, with its history in fixed buffers."""

from __future__ import annotations

import numpy as np


class AndersonAcceleration:
    """Type-II Anderson acceleration of ``s <- s + g(s)``.

    With the last differences ``dS`` of the points and ``dG`` of the residuals, the accelerated point is
    ``s + g - (dS + dG) c``, ``c = argmin ||g - dG c||`` (lightly regularised).

    Parameters
    ----------
    size : int
        Length of a flattened point.
    memory : int
        Number of differences kept; 0 switches the acceleration off.

    Notes
    -----
    Memory ``2 * memory * size`` numbers; a call of :meth:`add` costs ``2 * memory * size`` operations.
    It is a heuristic: the caller must compare the residual at the new point with the old one and go
    back when it grew (Walker & Ni 2011; Zhang, O'Donoghue & Boyd 2020 for the safeguard).
    """

    def __init__(self, size: int, memory: int):
        self.memory = memory
        self._points = np.empty((memory, size))
        self._residuals = np.empty((memory, size))
        self._products = np.zeros((memory, memory))
        self._last: tuple[np.ndarray, np.ndarray] | None = None
        self._count = 0

    def reset(self) -> None:
        """Forget the history (the map has changed, or a point was rejected)."""
        self._last = None
        self._count = 0

    def add(self, point: np.ndarray, residual: np.ndarray) -> None:
        """Store a point and its residual (flat arrays that the caller will not overwrite)."""
        if self._last is not None and self.memory:
            slot = self._count % self.memory
            np.subtract(point, self._last[0], out=self._points[slot])
            np.subtract(residual, self._last[1], out=self._residuals[slot])
            self._count += 1
            used = min(self._count, self.memory)
            row = self._residuals[:used] @ self._residuals[slot]
            self._products[slot, :used] = row
            self._products[:used, slot] = row
        self._last = (point, residual)

    def extrapolate(self) -> np.ndarray | None:
        """The accelerated point, or None while the history is too short."""
        used = min(self._count, self.memory)
        if used < min(5, self.memory) or used == 0 or self._last is None:
            return None
        point, residual = self._last
        gram = self._products[:used, :used]
        ridge = 1e-10 * np.trace(gram)
        if not ridge > 0:
            return None
        weights = np.linalg.solve(gram + ridge * np.eye(used), self._residuals[:used] @ residual)
        accelerated = point + residual
        accelerated -= weights @ self._residuals[:used]
        accelerated -= weights @ self._points[:used]
        return accelerated
