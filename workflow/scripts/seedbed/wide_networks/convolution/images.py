r"""Kernels of convolutional networks on images, with overlapping windows: flattened or pooled before the last layer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seedbed.counts import whole_number
from seedbed.wide_networks.recursions.network import network_of, refuse_overflow

from .relu_pairs import directions, half_square_distance, relu_layer
from .validation import checked_arrays, kernel_choice

STATE = 1 << 16  # numbers of one array of a block of pairs


class _Net(NamedTuple):
    depth: int
    size: int
    weight: float  # sigma_w^2
    bias: float  # sigma_b^2
    pooled: bool


class _Layer(NamedTuple):
    """Of every position of images: lengths (n, height, width), and unit vectors (coordinates, n, height, width).

    Their coordinates are lengths over the window before (channels of a position at the start), and the bias.
    """

    lengths: np.ndarray
    units: np.ndarray

    def some(self, images: slice) -> _Layer:
        return _Layer(self.lengths[images], self.units[:, images])


def cnn_kernel(
    images,
    others=None,
    *,
    depth: int = 3,
    kernel_size: int = 3,
    sigma_w: float | None = None,
    sigma_b: float = 0.0,
    which: str = "ntk",
    readout: str = "flatten",
) -> np.ndarray:
    r"""Kernel of an infinitely wide ReLU network with convolutions, between images.

    ``depth`` convolutions with windows of ``kernel_size`` squared, stride one and zeros around the image, each followed
    by ReLU, and a linear readout. Weights have the variance :math:`\sigma_w^2` over fan-in, biases :math:`\sigma_b^2`.
    With :math:`W` the mean over a window, at positions p of one image and p' of the other,

    .. math:: K^{l+1} = \sigma_b^2 + \sigma_w^2 W[E \phi \phi], \qquad
        \Theta^{l+1} = K^{l+1} + \sigma_w^2 W[E \phi' \phi'\, \Theta^l].

    Parameters
    ----------
    images : array-like of shape (n, height, width) or (n, height, width, channels)
    others : array-like, optional
        m images of the same size; by default the same images.
    depth : int, default=3
        Hidden layers, all of them convolutions.
    kernel_size : int, default=3
        Odd.
    sigma_w : float, optional
        The root of 2 by default.
    sigma_b : float, default=0.0
    which : {"ntk", "nngp"}, default="ntk"
    readout : {"flatten", "pool"}, default="flatten"
        "flatten": the last layer has weights for every position, and only equal positions of the images meet. "pool":
        it sees the mean over positions, all pairs of positions are carried along, and shifts of the content matter
        less.

    Returns
    -------
    ndarray of shape (n, m)

    Raises
    ------
    ValueError
        For shapes, sizes or scales out of range, or values that are not finite.

    Notes
    -----
    With P positions a pair of images costs P arcs of a sine a layer if flattened and P squared if pooled: 300 digits of
    8 x 8 a second, and a minute. Equal images meet their exact diagonal; digits of images that nearly are multiples of
    each other are kept.
    Inputs are taken as they are: scale grey values to about one before.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import cnn_kernel
    >>> images = np.random.default_rng(0).normal(size=(2, 4, 4))
    >>> cnn_kernel(images, depth=2).shape, cnn_kernel(images, depth=2, readout="pool").shape
    ((2, 2), (2, 2))
    """
    X, Z, same = *_checked_images(images, others), others is None
    kernel_choice(which)
    depth, kernel_size = whole_number(depth, "depth"), whole_number(kernel_size, "kernel_size")
    if kernel_size % 2 == 0:
        raise ValueError(f"kernel_size must be odd, got {kernel_size}")
    network = network_of(depth, "relu", sigma_w, sigma_b, 0.0, 0)
    weight, bias = network.weight_variance, network.bias_variance
    if readout not in ("flatten", "pool"):
        raise ValueError(f"readout must be 'flatten' or 'pool', got {readout!r}")
    net = _Net(depth, kernel_size, weight, bias, readout == "pool")
    # a mean over a window is at most its largest, so that no position grows beyond this fully connected network
    refuse_overflow(network, np.hypot(np.sqrt(weight) * max(_length(X).max(), _length(Z).max()), np.sqrt(bias)))
    positions = X.shape[1] * X.shape[2]
    per_pair = positions**2 if net.pooled else positions
    columns = int(np.clip(STATE // per_pair, 1, 128))
    step = max(1, STATE // (per_pair * columns))
    left = _layers(X, net)
    right = left if same else _layers(Z, net)
    result = np.empty((len(X), len(Z)))
    for a in range(0, len(X), step):
        rows = slice(a, min(a + step, len(X)))
        for b in range(0, rows.stop if same else len(Z), columns):
            cols = slice(b, min(b + columns, len(Z)))
            pairs = [layer.some(rows) for layer in left], [layer.some(cols) for layer in right]
            result[rows, cols] = _block(*pairs, net, which == "ntk")
    if same:
        lower = np.tril_indices(len(X), -1)
        result[lower[1], lower[0]] = result[lower]
    return result


def _checked_images(images, others) -> tuple[np.ndarray, np.ndarray]:
    grey = np.ndim(images) == 3
    shape = "(n, height, width)" if grey else "(n, height, width) or (n, height, width, channels)"
    X, Z = checked_arrays(images, others, 3 if grey else 4, "images", shape)
    return (X[..., None], Z[..., None]) if grey else (X, Z)


def _length(X: np.ndarray) -> np.ndarray:
    """Of what is at every position."""
    return np.sqrt(np.mean(X * X, axis=-1))


def _layers(X: np.ndarray, net: _Net) -> list[_Layer]:
    """The images themselves, and the preactivations of every layer."""
    n_channels = X.shape[-1]
    lengths = _length(X)
    found = [_Layer(lengths, directions(np.moveaxis(X, -1, 0) / np.sqrt(n_channels), lengths))]
    share = net.weight / net.size**2
    for _ in range(net.depth):
        around = _window(np.sqrt(share) * lengths, net.size)
        coordinates = np.concatenate([around, np.full((1, *lengths.shape), np.sqrt(net.bias))])
        lengths = np.sqrt(np.sum(coordinates**2, axis=0))
        found.append(_Layer(lengths, directions(coordinates, lengths)))
        share = 0.5 * net.weight / net.size**2
    return found


def _window(values: np.ndarray, size: int) -> np.ndarray:
    """What lies around every position, zeros around, (size squared, n, height, width)."""
    edge = size // 2
    padded = np.pad(values, ((0, 0), (edge, edge), (edge, edge)))
    around = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return np.moveaxis(around.reshape(*values.shape, size * size), -1, 0)


def _block(left: list[_Layer], right: list[_Layer], net: _Net, with_tangent: bool) -> np.ndarray:
    """Kernel of a block of pairs of images."""
    product = _products(left[0], right[0], net.pooled)
    missing, to_opposite = (
        product * _half_square_distance(left[0], right[0], net.pooled, turn) for turn in (1.0, -1.0)
    )
    tangent, scale = None, net.weight / net.size**2
    for q, r in zip(left[1:], right[1:], strict=True):
        lengths = _products(q, r, net.pooled)
        apart = lengths * _half_square_distance(q, r, net.pooled)
        missing = scale * _window_sum(missing, net.size, net.pooled) + apart
        if to_opposite is not None:
            to_opposite = scale * _window_sum(to_opposite, net.size, net.pooled) + apart + 2.0 * net.bias
        if with_tangent:
            before = 0.0 if tangent is None else net.weight / net.size**2 * _window_sum(tangent, net.size, net.pooled)
            tangent = lengths - missing + before
        new = relu_layer(lengths, missing, to_opposite)
        missing, to_opposite, scale = new.missing, None, 0.5 * net.weight / net.size**2
        if tangent is not None:
            tangent *= 0.5 * new.slope_kernel
    axes = tuple(range(2, new.kernel.ndim))
    kernel = net.bias + 0.5 * net.weight * new.kernel.mean(axis=axes)
    return kernel if tangent is None else kernel + net.weight * tangent.mean(axis=axes)


def _products(left: _Layer, right: _Layer, pooled: bool) -> np.ndarray:
    """Of the lengths."""
    a, b = _spread(left.lengths, right.lengths, pooled)
    return a * b


def _half_square_distance(left: _Layer, right: _Layer, pooled: bool, turn: float = 1.0) -> np.ndarray | float:
    """Of the unit vectors."""
    pairs = (_spread(u, v, pooled) for u, v in zip(left.units, right.units, strict=True))
    return half_square_distance(pairs, turn)


def _spread(left: np.ndarray, right: np.ndarray, pooled: bool) -> tuple[np.ndarray, np.ndarray]:
    """Values at positions of images, such that they broadcast to pairs."""
    if pooled:
        return left[:, None, :, :, None, None], right[None, :, None, None, :, :]
    return left[:, None], right[None]


def _window_sum(values: np.ndarray, size: int, pooled: bool = False) -> np.ndarray:
    """Sums over windows, zeros around: of the last two axes, or of both pairs of the last four moved together."""
    for axis in (-4, -3) if pooled else (-2, -1):
        values = _sum_along(values, size, (axis, axis + 2) if pooled else (axis,))
    return values


def _sum_along(values: np.ndarray, size: int, axes: tuple[int, ...]) -> np.ndarray:
    total = np.array(values)
    for shift in range(1, size // 2 + 1):
        if shift >= values.shape[axes[0]]:
            break
        near, far = [slice(None)] * values.ndim, [slice(None)] * values.ndim
        for axis in axes:
            near[axis], far[axis] = slice(None, -shift), slice(shift, None)
        total[tuple(near)] += values[tuple(far)]
        total[tuple(far)] += values[tuple(near)]
    return total
