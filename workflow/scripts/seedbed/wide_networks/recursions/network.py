"""An infinitely wide network: depth, activation, variances; and how variances go from layer to layer."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral

import numpy as np

from seedbed.counts import is_number
from seedbed.wide_networks.activations.activation import Activation
from seedbed.wide_networks.activations.registry import as_activation

DEEP = 50  # layers, beyond which a kernel is nearly constant
LARGEST = 1e150  # of an entry or a scale: its square is still a number
LOOSE = 1e-8  # of a Hermite series: the share that may be left out where a thousand terms are not enough


@dataclass(frozen=True)
class Network:
    """A fully connected network in the limit of infinite width; ``depth`` is the number of hidden layers.

    ``left_out``: largest share of a Hermite series that may be missing.
    """

    depth: int
    activation: Activation
    weight_variance: float
    bias_variance: float
    input_bias: float
    fixed_layers: int
    left_out: float = LOOSE

    @property
    def homogeneous(self) -> bool:
        """Whether a row that is scaled scales its kernel: angles are then all that depth acts on."""
        return self.activation.family == "rectifier" and self.bias_variance == 0.0

    @property
    def kink(self) -> float:
        """Of a rectifier, (1 - a)^2 / (1 + a^2): 1 of ReLU, 0 of the identity."""
        a = self.activation.negative_slope
        return (1.0 - a) ** 2 / (1.0 + a * a)

    def variances(self, first: np.ndarray) -> np.ndarray:
        """Variances q of the preactivations of every layer, (depth + 1, rows), from those of the first."""
        found = [first]
        for _ in range(self.depth):
            found.append(self.bias_variance + self.weight_variance * self.activation.second_moment(found[-1]))
        return np.ascontiguousarray(found)

    def tangent_diagonal(self, variances: np.ndarray) -> np.ndarray:
        """The tangent kernel of rows with themselves, (rows,), from the variances of their layers."""
        tangent = variances[0] * (self.fixed_layers < 1)
        for layer, (q, after) in enumerate(pairwise(variances), start=2):
            slope = self.weight_variance * self.activation.slope_second_moment(q)
            tangent = slope * tangent + after * (layer > self.fixed_layers)
        return tangent


def network_of(
    depth: int,
    activation: str | Activation | Callable,
    sigma_w: float | None,
    sigma_b: float,
    input_bias: float,
    fixed_layers: int,
) -> Network:
    """The network that these parameters name.

    Raises
    ------
    ValueError
        For a parameter out of range; the message says which, and what would be right.
    """
    if not (is_number(depth) and isinstance(depth, Integral) and depth >= 1):
        raise ValueError(f"depth={depth!r}: a network has at least one hidden layer; give a whole number, depth >= 1")
    if not (is_number(fixed_layers) and isinstance(fixed_layers, Integral) and 0 <= fixed_layers <= depth):
        raise ValueError(
            f"fixed_layers={fixed_layers!r} must be a whole number from 0 (all are trained) to depth={depth}"
        )
    chosen = as_activation(activation)
    if sigma_w is not None and not (is_number(sigma_w) and 1.0 / LARGEST <= sigma_w <= LARGEST):
        raise ValueError(
            f"sigma_w={sigma_w!r} must be a positive number, from {1.0 / LARGEST:g} to {LARGEST:g}: without weights "
            "nothing reaches the output, and beyond squares are no numbers"
        )
    for name, value in (("sigma_b", sigma_b), ("input_bias", input_bias)):
        if not (is_number(value) and 0.0 <= value <= LARGEST):
            raise ValueError(f"{name}={value!r} must be a number, zero or positive, of at most {LARGEST:g}")
    weight = chosen.weight_variance if sigma_w is None else float(sigma_w) ** 2
    return Network(int(depth), chosen, weight, float(sigma_b) ** 2, float(input_bias), int(fixed_layers))


def refuse_overflow(network: Network, roots: np.ndarray) -> None:
    """Raise where variances of layers, of rows with these standard deviations in the first, are no numbers.

    Or, where a closed form multiplies them, their products.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        variances = network.variances(np.square([max(1.0, float(np.max(roots, initial=0.0)))]))
        grown = [*variances[:, 0], *network.tangent_diagonal(variances)]
        if network.activation.multiplies_variances:
            grown += [*np.square(4.0 * variances[:, 0])]
        finite = np.isfinite(grown).all()
    if not finite:
        raise ValueError(
            f"variances of layers grow beyond all numbers, from {variances[0, 0]:.3g} in the first: scale the inputs "
            "down, or take a smaller sigma_w, sigma_b, input_bias or depth"
        )


def refuse_large(values: np.ndarray, name: str) -> None:
    """Raise where squares of values are no numbers."""
    if np.abs(values).max(initial=0.0) > LARGEST:
        raise ValueError(f"values of {name} beyond {LARGEST:g} have squares that are no numbers: scale them down")


def warn_if_deep(network: Network) -> None:
    """Say that a very deep kernel tells nothing apart."""
    if network.depth > DEEP:
        warnings.warn(
            f"depth={network.depth}: kernels of more than {DEEP} layers are nearly the same number for all pairs, so "
            "that matrices of them are badly conditioned; fewer layers, or a larger ridge, are safer",
            UserWarning, stacklevel=4,
        )  # fmt: skip
