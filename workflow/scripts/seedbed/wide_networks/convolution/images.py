r"""Kernels of convolutional networks on images, with overlapping windows: flattened or pooled before the last layer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .relu_pairs import relu_layer
from .validation import checked_arrays, kernel_choice

STATE = 1 << 16  # numbers of one array of a block of pairs


class _Net(NamedTuple):
    depth: int
    size: int
    weight: float  # sigma_w^2
    bias: float  # sigma_b^2
    pooled: bool


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
    8 x 8 under a second, and a minute. Equal images meet their exact diagonal; digits of near images are kept.
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
    weight = 2.0 if sigma_w is None else float(sigma_w) ** 2
    if not (depth >= 1 and kernel_size >= 1 and kernel_size % 2 == 1):
        raise ValueError(f"depth must be 1 or more and kernel_size odd, got {depth!r} and {kernel_size!r}")
    if not (0.0 < weight < np.inf and 0.0 <= sigma_b < np.inf and (sigma_w is None or sigma_w > 0.0)):
        raise ValueError(f"sigma_w must be positive and sigma_b zero or more, got {sigma_w!r} and {sigma_b!r}")
    if readout not in ("flatten", "pool"):
        raise ValueError(f"readout must be 'flatten' or 'pool', got {readout!r}")
    net = _Net(int(depth), int(kernel_size), weight, float(sigma_b) ** 2, readout == "pool")
    positions = X.shape[1] * X.shape[2]
    per_pair = positions**2 if net.pooled else positions
    columns = int(np.clip(STATE // per_pair, 1, 128))
    step = max(1, STATE // (per_pair * columns))
    lengths = _lengths(X, net), _lengths(Z, net)
    result = np.empty((len(X), len(Z)))
    for a in range(0, len(X), step):
        rows = slice(a, min(a + step, len(X)))
        for b in range(0, rows.stop if same else len(Z), columns):
            cols = slice(b, min(b + columns, len(Z)))
            q, r = [x[rows] for x in lengths[0]], [z[cols] for z in lengths[1]]
            result[rows, cols] = _block(X[rows], Z[cols], q, r, net, which == "ntk")
    if same:
        lower = np.tril_indices(len(X), -1)
        result[lower[1], lower[0]] = result[lower]
    return result


def _checked_images(images, others) -> tuple[np.ndarray, np.ndarray]:
    grey = np.ndim(images) == 3
    shape = "(n, height, width)" if grey else "(n, height, width) or (n, height, width, channels)"
    X, Z = checked_arrays(images, others, 3 if grey else 4, "images", shape)
    return (X[..., None], Z[..., None]) if grey else (X, Z)


def _lengths(X: np.ndarray, net: _Net) -> list[np.ndarray]:
    """Variances of the preactivations at every position, (n, height, width), for every layer."""
    found = [net.bias + net.weight * _window_sum(np.mean(X * X, axis=-1), net.size) / net.size**2]
    for _ in range(net.depth - 1):
        found.append(net.bias + 0.5 * net.weight * _window_sum(found[-1], net.size) / net.size**2)
    return found


def _block(X, Z, lengths, others, net: _Net, with_tangent: bool) -> np.ndarray:
    """Kernel of a block of pairs of images."""
    scale = net.weight / net.size**2
    distance = _distances(X, Z, net.pooled)
    ends = np.mean(X * X, axis=-1), np.mean(Z * Z, axis=-1)
    distance = scale * _paired_window_sum(distance, *_spread(*ends, net.pooled), net)
    tangent = None
    for layer in range(net.depth):
        q, r = _spread(lengths[layer], others[layer], net.pooled)
        if tangent is None:
            tangent = 0.5 * (q + r) - distance if with_tangent else None
        new = relu_layer(distance, q, r)
        if tangent is not None:
            tangent = 0.5 * new.slope_kernel * tangent
        if layer == net.depth - 1:
            axes = tuple(range(2, distance.ndim))
            kernel = net.bias + 0.5 * net.weight * new.kernel.mean(axis=axes)
            return kernel if tangent is None else kernel + net.weight * tangent.mean(axis=axes)
        distance = scale * _paired_window_sum(0.5 * new.half_square_distance, 0.5 * q, 0.5 * r, net)
        if tangent is not None:
            q, r = _spread(lengths[layer + 1], others[layer + 1], net.pooled)
            tangent = 0.5 * (q + r) - distance + scale * _window_sum(tangent, net.size, net.pooled)
    raise AssertionError("a network has layers")


def _distances(X: np.ndarray, Z: np.ndarray, pooled: bool) -> np.ndarray:
    """Half the mean squared difference over channels, at equal positions or all pairs of them."""
    (n, h, w, c), m = X.shape, len(Z)
    found = np.zeros((n, m, h, w, h, w) if pooled else (n, m, h, w))
    for k in range(c):
        left, right = _spread(X[..., k], Z[..., k], pooled)
        found += np.square(left - right)
    return found / (2.0 * c)


def _spread(left: np.ndarray, right: np.ndarray, pooled: bool) -> tuple[np.ndarray, np.ndarray]:
    """Values at positions of images, such that they broadcast to pairs."""
    if pooled:
        return left[:, None, :, :, None, None], right[None, :, None, None, :, :]
    return left[:, None], right[None]


def _paired_window_sum(distance, q, r, net: _Net) -> np.ndarray:
    """Sum of half squared distances over windows; where one position of a pair lies outside, its features are zero."""
    if not net.pooled:
        return _window_sum(distance, net.size)
    h, w = distance.shape[2:4]
    whole = [_window_sum(np.broadcast_to(x, (*x.shape[:2], h, w, h, w)), net.size, True) for x in (q, r)]
    own = (
        _window_sum(q[:, :, :, :, 0, 0], net.size)[..., None, None],
        _window_sum(r[:, :, 0, 0], net.size)[:, :, None, None],
    )
    outside = 0.5 * (own[0] - whole[0]) + 0.5 * (own[1] - whole[1])
    return _window_sum(distance, net.size, True) + outside


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
