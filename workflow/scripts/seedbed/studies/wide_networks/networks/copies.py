"""Many copies of one small network, trained at once with a learning rate each.

A batch dimension over learning rates makes a whole grid of runs a few matrix products a step; all copies start from the
same weights and see the same examples, so that they differ by the rate alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

__all__ = ["NetworkCopies", "cross_entropy", "cross_entropy_slope", "squared_slope"]

Slope = Callable[[np.ndarray, np.ndarray], np.ndarray]


class NetworkCopies:
    r"""Copies of a fully connected network, :math:`z^{l+1} = \phi(z^l) W^l` with a bias in the first layer if given.

    Parameters
    ----------
    weights : sequence of ndarray of shape (n_in, n_out)
        Of the layers, first to last.
    n_copies : int
    activation : {"relu", "tanh"}
    bias : ndarray of shape (width,), optional
        Of the first layer.

    Attributes
    ----------
    parameters : list of ndarray of shape (n_copies, n_in, n_out)
        Weights, then the bias (n_copies, 1, width). Training changes them in place.

    Notes
    -----
    A step on B examples costs :math:`6 B \sum_l n_l n_{l+1}` operations a copy.
    """

    def __init__(
        self, weights: Sequence[np.ndarray], n_copies: int, activation: str = "relu", bias: np.ndarray | None = None
    ) -> None:
        every = [*weights, *([] if bias is None else [bias[None]])]
        self.parameters = [np.repeat(one[None], n_copies, axis=0) for one in every]
        self.depth, self.activation = len(weights), activation

    def layers(self, x: np.ndarray) -> list[np.ndarray]:
        """The activations of every layer, the input first; of the last layer the outputs themselves."""
        found = [x]
        for number in range(self.depth):
            z = found[-1] @ self.parameters[number]
            if number == 0 and len(self.parameters) > self.depth:
                z += self.parameters[-1]
            if number < self.depth - 1:
                z = np.maximum(z, 0, out=z) if self.activation == "relu" else np.tanh(z, out=z)
            found.append(z)
        return found

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """Outputs (n_copies, n, n_outputs)."""
        return self.layers(x)[-1]

    def features(self, x: np.ndarray) -> np.ndarray:
        """Activations of the last hidden layer (n_copies, n, width)."""
        return self.layers(x)[-2]

    def gradients(self, x: np.ndarray, y: np.ndarray, slope: Slope) -> tuple[np.ndarray, list[np.ndarray]]:
        """Outputs, and the gradients of a mean loss in the order of ``parameters``.

        Parameters
        ----------
        x : ndarray of shape (n, n_in)
        y : ndarray of shape (n, n_outputs)
        slope : callable
            ``slope(outputs, y)``, the derivative of the loss of each example by its outputs.
        """
        a = self.layers(x)
        delta = slope(a[-1], y) / len(x)
        found: list[np.ndarray] = []
        for number in reversed(range(self.depth)):
            found.insert(0, np.swapaxes(a[number], -1, -2) @ delta)
            if number:
                back = delta @ np.swapaxes(self.parameters[number], -1, -2)
                delta = back * (a[number] > 0 if self.activation == "relu" else 1 - a[number] ** 2)
        bias = [delta.sum(axis=-2, keepdims=True)] if len(self.parameters) > self.depth else []
        return a[-1], [*found, *bias]


def _probabilities(outputs: np.ndarray) -> np.ndarray:
    p = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p


def cross_entropy_slope(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of the cross-entropy of one-hot ``y``: softmax minus ``y``."""
    return _probabilities(outputs) - y


def squared_slope(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of half the squared error."""
    return outputs - y


def cross_entropy(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean cross-entropy of one-hot ``y`` for each copy; infinite where a run has diverged.

    A probability counts as at least 1e-12, so that one example cannot make a mean infinite.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        right = (_probabilities(outputs) * y).sum(axis=-1)
        loss = -np.log(np.maximum(right, 1e-12)).mean(axis=-1)
    return np.where(np.isfinite(loss), loss, np.inf)
