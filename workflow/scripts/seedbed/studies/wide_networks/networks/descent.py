"""Descent on copies of a network, a learning rate each: plain, or Adam's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["Adam", "Sgd"]


class Sgd:
    r"""Plain gradient descent, :math:`w \leftarrow w - \eta f_l g`.

    Parameters
    ----------
    rates : ndarray of shape (n_copies,)
        :math:`\eta` of each copy.
    factors : sequence of float
        :math:`f_l` of each parameter.
    """

    def __init__(self, rates: np.ndarray, factors: Sequence[float]) -> None:
        self._steps = [(factor * np.asarray(rates, np.float32))[:, None, None] for factor in factors]

    def step(self, parameters: Sequence[np.ndarray], gradients: Sequence[np.ndarray], scale: float = 1.0) -> None:
        """Change the parameters in place; ``scale`` multiplies all rates (a schedule)."""
        for w, g, size in zip(parameters, gradients, self._steps, strict=True):
            w -= np.float32(scale) * size * g


class Adam(Sgd):
    r"""Adam (Kingma and Ba 2015), :math:`w \leftarrow w - \eta f_l \hat m / (\sqrt{\hat v} + \epsilon)`.

    Parameters
    ----------
    rates : ndarray of shape (n_copies,)
    factors : sequence of float
    decay : tuple of two floats
        Of the running means of the gradient and of its square.
    epsilon : float
    """

    def __init__(
        self,
        rates: np.ndarray,
        factors: Sequence[float],
        decay: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(rates, factors)
        self.decay, self.epsilon = decay, np.float32(epsilon)
        self._means: list[tuple[np.ndarray, np.ndarray]] = []
        self._count = 0

    def step(self, parameters: Sequence[np.ndarray], gradients: Sequence[np.ndarray], scale: float = 1.0) -> None:
        """Change the parameters in place; ``scale`` multiplies all rates (a schedule)."""
        self._means = self._means or [(np.zeros_like(w), np.zeros_like(w)) for w in parameters]
        self._count += 1
        first, second = (np.float32(1 - decay) for decay in self.decay)
        fixed, root = 1 - self.decay[0] ** self._count, (1 - self.decay[1] ** self._count) ** 0.5
        moved = np.float32(scale * root / fixed)
        for w, g, size, (m, v) in zip(parameters, gradients, self._steps, self._means, strict=True):
            m += first * (g - m)
            v += second * (g * g - v)
            w -= moved * size * m / (np.sqrt(v) + np.float32(root) * self.epsilon)
