r"""The law of a random network's output at one input, over its initial weights.

Given the squared length of layer l the preactivations of the next are independent :math:`N(0, G_l)`, so
:math:`G_{l+1} = C_b + \frac{C_W}{n} \sum_j \phi(\sqrt{G_l}\, g_j)^2` is the whole law: no weights are needed. The
output is :math:`\sqrt{G}` times a Gaussian; its kurtosis is :math:`3 (1 + V / K^2)` with :math:`V / K^2 = E G^2 / (E
G)^2 - 1`.
"""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state

from seedbed.counts import real_number, whole_number

from .criticality import checked_length, scales
from .gaussian_moments import GaussianMoments

BLOCK = 1 << 20  # normals at a time


def sample_output_variance(
    width: int,
    depth: int,
    activation="relu",
    *,
    C_W: float | None = None,
    C_b: float | None = None,
    K: float = 1.0,
    residual: float | None = None,
    n_samples: int = 10_000,
    random_state=None,
) -> np.ndarray:
    r"""Draws of the variance of a network's output given all its hidden weights.

    Parameters
    ----------
    width, depth : int
        Units of each hidden layer, and how many hidden layers.
    activation : str or callable, default="relu"
    C_W, C_b : float, optional
        Initial variances of weights (times fan-in) and biases; critical by default.
    K : float, default=1.0
        Variance of the first layer's preactivations: :math:`C_b + C_W |x|^2 / d`.
    residual : float, optional
        Share b of the branch in a residual stream, :math:`z \leftarrow \sqrt{1-b}\, z + \sqrt b\, W \phi(z)` and the
        depth counts branches; without it, a plain network.
    n_samples : int, default=10000
    random_state : int, RandomState or None

    Returns
    -------
    ndarray of shape (n_samples,)

    Raises
    ------
    ValueError
        For sizes or variances out of range.

    Notes
    -----
    ``n_samples * width * depth`` normals, where networks need ``width`` times as many products. For homogeneous
    activations (ReLU, leaky ReLU) two chi-squared numbers a layer have the same law. G is heavy-tailed: where
    ``depth / width`` exceeds a quarter its second moment needs 1e5 draws and more.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import expected_vertex, sample_output_variance
    >>> G = sample_output_variance(64, 8, n_samples=100_000, random_state=0)
    >>> bool(abs(np.mean(G**2) / np.mean(G) ** 2 - 1 - expected_vertex(64, 8)) < 0.05)
    True
    """
    width, depth = checked_shape(width, depth)
    moments = GaussianMoments(activation)
    C_W, C_b, _ = scales(activation, C_W, C_b)
    K, n_samples = checked_length(K), whole_number(n_samples, "n_samples")
    if residual is not None:
        residual = real_number(residual, "residual, the share of the branch,", lambda x: 0.0 <= x <= 1.0, "from 0 to 1")
    draws = np.random.default_rng(check_random_state(random_state).randint(2**31))
    if residual is None and moments.slopes is not None:
        return _homogeneous(moments.slopes, width, depth, C_W, C_b, K, n_samples, draws)
    step = max(1, BLOCK // width)
    parts = [min(step, n_samples - start) for start in range(0, n_samples, step)]
    if residual is None:
        return np.concatenate([_plain(moments, width, depth, C_W, C_b, K, size, draws) for size in parts])
    return np.concatenate([_residual(moments, width, depth, C_W, C_b, K, residual, size, draws) for size in parts])


def expected_vertex(
    width: int, depth: int, activation="relu", *, C_W: float | None = None, C_b: float | None = None, K: float = 1.0
) -> float:
    r"""How far a network's output is from Gaussian over its initial weights: :math:`V / K^2 = E G^2 / (E G)^2 - 1`.

    Homogeneous activations without biases: exactly :math:`(1 + c/n)^L - 1`, with c = 5 for ReLU and 2 for the identity.
    Critical activations of the class of tanh: :math:`2 L / (3 n)`. Otherwise, to first order in 1/n,
    :math:`V' = \chi_\parallel^2 V + C_W^2 (E \phi^4 - (E \phi^2)^2) / n` along the lengths of the layers.

    Parameters
    ----------
    width, depth : int
    activation : str or callable, default="relu"
    C_W, C_b : float, optional
        Critical by default, and lengths then start where they stay.
    K : float, default=1.0
        Variance of the first preactivations where ``C_W`` or ``C_b`` is given.

    Returns
    -------
    float

    Examples
    --------
    >>> from seedbed.wide_networks import expected_vertex
    >>> round(expected_vertex(64, 8), 3), round(expected_vertex(64, 8, "tanh"), 3)
    (0.825, 0.083)
    """
    width, depth = checked_shape(width, depth)
    moments = GaussianMoments(activation)
    C_W, C_b, rest = scales(activation, C_W, C_b)
    K = checked_length(K)
    if moments.slopes is not None and C_b == 0.0:
        above, below = moments.slopes
        spread = 6.0 * (above**4 + below**4) / (above**2 + below**2) ** 2 - 1.0
        return float(np.expm1(depth * np.log1p(spread / width)))
    if rest == 0.0:
        return 2.0 * depth / (3.0 * width)
    return _first_order(moments, width, depth, C_W, C_b, K if rest is None else rest)


def checked_shape(width, depth) -> tuple[int, int]:
    return whole_number(width, "width"), whole_number(depth, "depth")


def _first_order(moments: GaussianMoments, n: int, depth: int, C_W: float, C_b: float, K: float) -> float:
    V = 0.0
    for _ in range(depth):
        square = moments.square(K)
        V = (C_W * moments.square_slope(K)) ** 2 * V + C_W**2 * (moments.fourth(K) - square**2) / n
        K = C_b + C_W * square
    return V / K**2


def _homogeneous(slopes, n: int, depth: int, C_W: float, C_b: float, K: float, size: int, draws) -> np.ndarray:
    """Of n Gaussians as many are positive as of n coins; sums of their squares are chi-squared."""
    above, below = slopes
    G = np.full(size, K)
    for _ in range(depth):
        positive = draws.binomial(n, 0.5, size)
        total = above**2 * _chi_square(positive, draws)
        if below != 0.0:
            total += below**2 * _chi_square(n - positive, draws)
        G = C_b + C_W / n * G * total
    return G


def _chi_square(degrees: np.ndarray, draws) -> np.ndarray:
    return 2.0 * draws.standard_gamma(0.5 * degrees)


def _plain(moments: GaussianMoments, n: int, depth: int, C_W, C_b, K, size: int, draws) -> np.ndarray:
    G = np.full(size, float(K))
    for _ in range(depth):
        z = np.sqrt(G)[:, None] * draws.standard_normal((size, n), dtype=np.float32)
        G = C_b + C_W * np.mean(moments.function(z) ** 2, axis=1)
    return G


def _residual(moments: GaussianMoments, n: int, depth: int, C_W, C_b, K, share, size: int, draws) -> np.ndarray:
    """The stream is not independent over units given G: it is carried along."""
    z = np.sqrt(K) * draws.standard_normal((size, n), dtype=np.float32).astype(float)
    for _ in range(depth):
        G = C_b + C_W * np.mean(moments.function(z) ** 2, axis=1, keepdims=True)
        z = np.sqrt(1.0 - share) * z + np.sqrt(share * G) * draws.standard_normal((size, n), dtype=np.float32)
    return C_b + C_W * np.mean(moments.function(z) ** 2, axis=1)
