"""Activations by name, and any callable as one."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import partial

import numpy as np

from seedbed.counts import real_number

from .activation import (
    ERF,
    RELU,
    Activation,
    gelu,
    gelu_slope,
    silu,
    silu_slope,
    tanh_slope,
)


def _leaky(z, negative_slope):
    return np.where(z > 0.0, z, negative_slope * z)


def _leaky_slope(z, negative_slope):
    return np.where(z > 0.0, 1.0, negative_slope)


def leaky_relu(negative_slope: float = 0.01) -> Activation:
    """z right of zero and ``negative_slope * z`` left of it: 0 is ReLU, 1 the identity, -1 the absolute value.

    >>> leaky_relu(0.2)(np.array([-1.0, 2.0])).tolist()
    [-0.2, 2.0]
    """
    a = real_number(negative_slope, "negative_slope", np.isfinite, "finite")
    values, slopes = partial(_leaky, negative_slope=a), partial(_leaky_slope, negative_slope=a)
    return Activation(f"leaky_relu({a:g})", values, slopes, "rectifier", a, 2.0 / (1.0 + a * a))


# Critical weight variances: a fixed point of the variance at which neither it nor angles move (Roberts, Yaida, Hanin).
# Those of gelu and silu go with bias variances of 0.17292 and 0.55514.
ACTIVATIONS: dict[str, Activation] = {
    "relu": RELU,
    "leaky_relu": leaky_relu(),
    "erf": ERF,
    "gelu": Activation("gelu", gelu, gelu_slope, "gelu", critical_weight_variance=1.98306),
    "silu": Activation("silu", silu, silu_slope, critical_weight_variance=1.98800),
    "tanh": Activation("tanh", np.tanh, tanh_slope, critical_weight_variance=1.0),
    "sin": Activation("sin", np.sin, np.cos, critical_weight_variance=1.0),
}


def as_activation(activation: str | Activation | Callable) -> Activation:
    """The activation that is meant: by name, as it is, or any vectorised function of real numbers.

    Raises
    ------
    ValueError
        For an unknown name, or a function that does not return one finite number for each.

    >>> as_activation("tanh").name
    'tanh'
    >>> as_activation(np.cos).name
    'cos'
    """
    if isinstance(activation, Activation):
        return activation
    if isinstance(activation, str):
        if activation in ACTIVATIONS:
            return ACTIVATIONS[activation]
        close = difflib.get_close_matches(activation, ACTIVATIONS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(
            f"activation={activation!r} is not known{hint} (known: {', '.join(ACTIVATIONS)}, any callable)"
        )
    if not callable(activation):
        raise ValueError(f"activation must be a name, an Activation or a callable; got {type(activation).__name__}")
    name = getattr(activation, "__name__", type(activation).__name__)
    probe = np.linspace(-3.0, 3.0, 7).reshape(1, 7)
    values = np.asarray(activation(probe))
    if values.shape != probe.shape or not np.issubdtype(values.dtype, np.floating) or not np.isfinite(values).all():
        raise ValueError(f"the activation {name!r} must give one finite number for each that it gets, as NumPy's do")
    return Activation(name, activation)
