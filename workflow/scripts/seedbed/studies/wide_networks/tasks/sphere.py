"""Whether a limit kernel is positive definite on a sphere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from seedbed.wide_networks.kernels.ntk_kernel import ntk_kernel

Arrays = Mapping[str, np.ndarray]


def square(z: np.ndarray) -> np.ndarray:
    """A polynomial activation, of unit mean square."""
    return z * z / np.sqrt(3.0)


class KernelSpectrum:
    """The eigenvalues of a tangent kernel at the points.

    Parameters
    ----------
    depth : int
        Hidden layers.
    activation : str
        One of the library, or "square".
    weight_variance, bias_variance : float, optional
        Of every layer; critical weights without biases by default.
    input_bias : float
        A constant input beside the others.
    """

    task = "sphere"

    def __init__(
        self,
        depth: int = 1,
        activation: str = "relu",
        weight_variance: float | None = None,
        bias_variance: float = 0.0,
        input_bias: float = 0.0,
    ) -> None:
        self.depth, self.activation, self.input_bias = depth, activation, input_bias
        self.weight_variance, self.bias_variance = weight_variance, bias_variance

    def measure(self, data: Arrays) -> dict[str, np.ndarray]:
        """``eigenvalues`` (n,), rising."""
        activation: str | Callable = square if self.activation == "square" else self.activation
        sigma = None if self.weight_variance is None else self.weight_variance**0.5
        kernel = ntk_kernel(
            data["points"], depth=self.depth, activation=activation, sigma_w=sigma, sigma_b=self.bias_variance**0.5,
            input_bias=self.input_bias,
        )  # fmt: skip
        return {"eigenvalues": np.linalg.eigvalsh(kernel)}
