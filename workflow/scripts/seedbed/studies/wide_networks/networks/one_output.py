"""A ReLU network of one output in the NTK parametrisation, its gradient and its empirical kernel, by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

__all__ = ["OneOutputNetwork"]


class OneOutputNetwork:
    r"""Layers :math:`z^{l+1} = \sqrt{2/n_l}\, W^l \phi(z^l)`, all weights N(0, 1), ReLU, no biases.

    Parameters
    ----------
    width, depth : int
        Of the hidden layers, and how many there are.
    n_inputs : int
    rng : numpy.random.Generator

    Notes
    -----
    Gradients per layer factorise into inputs A and derivatives D, so that the kernel of N points is
    :math:`\sum_l (2/n_l)\, A_l A_l^T \odot D_l D_l^T`: N^2 width operations, and no Jacobian.
    """

    def __init__(self, width: int, depth: int, n_inputs: int, rng: np.random.Generator) -> None:
        sizes = [n_inputs, *[width] * depth, 1]
        self.weights = [rng.standard_normal((n_out, n_in), dtype=np.float32) for n_in, n_out in pairwise(sizes)]
        self._scales = [np.float32(np.sqrt(2.0 / n_in)) for n_in in sizes[:-1]]

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """Outputs (n,)."""
        return self._forward(x)[1][-1][:, 0]

    def kernel(self, x: np.ndarray) -> np.ndarray:
        """The empirical tangent kernel (n, n)."""
        inputs, z = self._forward(x)
        found = np.zeros((len(x), len(x)))
        for scale, a, d in zip(self._scales, inputs, self._derivatives(z), strict=True):
            found += scale**2 * (a @ a.T) * (d @ d.T)
        return found

    def train(self, x: np.ndarray, y: np.ndarray, rate: float, n_steps: int, final_loss: float = 0.0) -> np.ndarray:
        r"""Full-batch gradient descent on :math:`|f - y|^2 / (2N)`, until the mean squared error is ``final_loss``.

        Returns
        -------
        ndarray of shape (n_steps + 1, n)
            Errors f - y before every step and at the end.
        """
        errors = []
        for number in range(n_steps + 1):
            inputs, z = self._forward(x)
            errors.append(z[-1][:, 0] - y)
            if number == n_steps or (errors[-1] ** 2).mean() <= final_loss:
                break
            slope = (errors[-1] / len(x)).astype(np.float32)[:, None]
            layers = zip(self.weights, self._scales, inputs, self._derivatives(z), strict=True)
            for w, scale, a, d in layers:
                w -= np.float32(rate) * scale * ((d * slope).T @ a)
        return np.array(errors)

    def _forward(self, x: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        inputs, preactivations = [np.asarray(x, np.float32)], []
        for w, scale in zip(self.weights, self._scales, strict=True):
            preactivations.append(scale * (inputs[-1] @ w.T))
            inputs.append(np.maximum(preactivations[-1], 0))
        return inputs[:-1], preactivations

    def _derivatives(self, z: list[np.ndarray]) -> list[np.ndarray]:
        """Of the output, by the preactivations of every layer (n, width)."""
        found = [np.ones((len(z[0]), 1), np.float32)]
        for number in reversed(range(1, len(self.weights))):
            back = self._scales[number] * (found[0] @ self.weights[number])
            found.insert(0, back * (z[number - 1] > 0))
        return found
