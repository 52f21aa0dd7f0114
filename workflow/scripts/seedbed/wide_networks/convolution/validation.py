"""Arrays of inputs with more than two axes, with one message for what is wrong."""

from __future__ import annotations

import numpy as np

from seedbed.wide_networks.real_arrays import real_array
from seedbed.wide_networks.recursions.network import refuse_large


def checked_arrays(first, second, dimensions: int, name: str, shape: str) -> tuple[np.ndarray, np.ndarray]:
    """Two arrays of float64 with equal shapes but for their first axis; the second is the first where it is None."""
    X = _checked(first, dimensions, name, shape)
    Z = X if second is None else _checked(second, dimensions, f"the other {name}", shape)
    if X.shape[1:] != Z.shape[1:]:
        raise ValueError(f"{name} and the other {name} differ in shape: {X.shape[1:]} and {Z.shape[1:]}")
    return X, Z


def _checked(values, dimensions: int, name: str, shape: str) -> np.ndarray:
    array = real_array(values, name)
    if array.ndim != dimensions or 0 in array.shape:
        raise ValueError(
            f"{name} must have the shape {shape} and not be empty, got {array.shape}; rows of flat features are given"
            " their shape by reshape"
        )
    refuse_large(array, name)
    return array


def kernel_choice(which: str) -> None:
    if which not in ("ntk", "nngp"):
        raise ValueError(f"which must be 'ntk' (the tangent kernel) or 'nngp' (of random networks), got {which!r}")
