"""Kernels of infinitely wide networks, as one function."""

from __future__ import annotations

from typing import Any

import numpy as np

from seedbed.wide_networks.recursions.network import Network, network_of, warn_if_deep
from seedbed.wide_networks.recursions.rows import checked, rows_of

from .matrix import kernel_matrices

WHICH = {"ntk": ("ntk",), "nngp": ("nngp",), "both": ("ntk", "nngp")}


def ntk_kernel(
    X: Any,
    Y: Any = None,
    *,
    depth: int = 2,
    activation: Any = "relu",
    sigma_w: float | None = None,
    sigma_b: float = 0.0,
    input_bias: float = 0.0,
    which: str = "ntk",
    fixed_layers: int = 0,
    dtype: Any = np.float64,
) -> Any:
    r"""Neural tangent kernel, or Gaussian process kernel, of a fully connected network of infinite width.

    .. math::
        K^1 = \sigma_b^2 + \sigma_w^2 \left(\frac{x \cdot x'}{d} + b_0^2\right), \quad
        K^{l+1} = \sigma_b^2 + \sigma_w^2\, E\, \varphi(u) \varphi(v), \quad
        \Theta^1 = K^1, \quad \Theta^{l+1} = K^{l+1} + \sigma_w^2\, E\, \varphi'(u) \varphi'(v)\, \Theta^l

    with (u, v) normal of the covariance :math:`K^l`; after L hidden layers the kernels are
    :math:`K^{L+1}` ("nngp") and :math:`\Theta^{L+1}` ("ntk").

    Parameters
    ----------
    X : {array-like, sparse matrix} of shape (n, d)
    Y : {array-like, sparse matrix} of shape (m, d), optional
        By default X, and the matrix is symmetric with an exact diagonal.
    depth : int, default=2
        L, the number of hidden layers.
    activation : {"relu", "leaky_relu", "erf", "gelu", "silu", "tanh", "sin"}, Activation or callable, default="relu"
        A callable is any smooth function of arrays; functions with a kink need a closed form: ReLU, ``leaky_relu(a)``.
    sigma_w : float, optional
        By default the critical one of the activation, sqrt(2) for ReLU; of a callable what keeps a variance of 1.
    sigma_b : float, default=0.0
        Of the biases of all layers.
    input_bias : float, default=0.0
        :math:`b_0`, a constant further input beside :math:`x/\sqrt d`: a bias of the first layer alone. 0.3 to 1 suits
        standardised columns; without any bias ReLU's kernels of depth 1 are singular on the sphere.
    which : {"ntk", "nngp", "both"}, default="ntk"
        "both" is a pair of matrices, ntk and nngp.
    fixed_layers : int, default=0
        Number of first layers that are not trained; with L only the last one is, and the two kernels are the same.
    dtype : {numpy.float64, numpy.float32}, default=numpy.float64
        Of the result: single precision is the double result, rounded, in half the memory.

    Returns
    -------
    ndarray of shape (n, m), or a pair of them

    Raises
    ------
    ValueError
        For a parameter out of range, what is no matrix of finite numbers, more than 20000 x 20000 pairs, or an
        activation whose series does not converge.

    Notes
    -----
    Rows of zeros have no direction: without biases the kernel of a homogeneous network (ReLU) is 0 there.

    O(n m (d + c)): for ReLU without ``sigma_b``, and for rows of one norm, c is some 60 operations whatever the depth
    (:func:`angle_profile`); otherwise one arc cosine per layer (ReLU, erf, GELU) or the terms of a Hermite series.
    Angles are right to 1e-16 of themselves near 0 and pi, where textbook recursions lose half of the digits.

    References
    ----------
    A. Jacot, F. Gabriel, C. Hongler (2018), Neural tangent kernel, arXiv:1806.07572. Y. Cho, L. K. Saul (2009),
    Kernel methods for deep learning.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import ntk_kernel
    >>> ntk_kernel(np.array([[1.0, 0.0], [0.0, 1.0]]), depth=1).round(4).tolist()
    [[2.0, 0.3183], [0.3183, 2.0]]
    """
    network = network_of(depth, activation, sigma_w, sigma_b, input_bias, fixed_layers)
    if not isinstance(which, str) or which not in WHICH:
        raise ValueError(f"which={which!r} must be one of {', '.join(map(repr, WHICH))}")
    try:
        kind = np.dtype(dtype)
    except TypeError:
        kind = None
    if kind not in (np.float64, np.float32):
        raise ValueError(f"dtype={dtype!r} must be float64 or float32")
    warn_if_deep(network)
    found = matrices_between(network, X, Y, WHICH[which], kind)
    return found[0] if len(found) == 1 else tuple(found)


def matrices_between(network: Network, X: Any, Y: Any, wanted: tuple[str, ...], kind: np.dtype) -> list[np.ndarray]:
    """The wanted kernels between rows that users gave."""
    X = checked(X)
    if Y is None:
        return kernel_matrices(network, rows_of(X, network), None, wanted, kind)
    Y = checked(Y, "Y")
    if X.shape[1] != Y.shape[1]:
        raise ValueError(f"X has {X.shape[1]} columns and Y has {Y.shape[1]}: they must be the same")
    return kernel_matrices(network, rows_of(X, network), rows_of(Y, network), wanted, kind)
