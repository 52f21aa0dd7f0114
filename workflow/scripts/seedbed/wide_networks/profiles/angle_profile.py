"""A kernel on the sphere as a function of the angle, and how strongly it holds each polynomial degree."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammaln

from seedbed.counts import whole_number
from seedbed.wide_networks.real_arrays import real_array
from seedbed.wide_networks.recursions.network import Network, network_of, refuse_overflow

from .chebyshev import chebyshev_series, defects_of_angles, kernels_at

_NODES = 400


class AngleProfile:
    r"""f(t): the kernel of a wide network at the angle t, between rows of norm :math:`\sqrt d`, by its first variance.

    .. math:: \Theta(x, x') = q_1 f(t), \qquad q_1 = \sigma_b^2 + \sigma_w^2 (1 + b_0^2)

    For ReLU without biases it holds for rows of all norms, with :math:`\sigma_w^2 |x| |x'| / d` in place of
    :math:`q_1`. f is analytic on [0, pi]; for critical ReLU f(0) is L + 1 ("ntk") or 1 ("nngp").

    Attributes
    ----------
    chebyshev_ : ndarray
        Coefficients of :math:`T_k(2 t/\pi - 1)`; f is their sum to about 1e-15 of its largest value.
    variance_ : float
        :math:`q_1`.
    depth, which : int, str

    Raises
    ------
    ValueError
        From a call: for angles outside [0, pi].
    """

    __module__ = "seedbed.wide_networks"  # where pickles look for it, wherever this file moves

    def __init__(self, network: Network, which: str):
        weight = network.weight_variance
        self.depth, self.which = network.depth, which
        self.variance_ = network.bias_variance + weight * (1.0 + network.input_bias**2)
        refuse_overflow(network, np.sqrt(self.variance_))
        share = weight / self.variance_

        def function(t: np.ndarray) -> np.ndarray:
            nngp, ntk = kernels_at(network, self.variance_, defects_of_angles(t, share))
            return (ntk if which == "ntk" else nngp) / self.variance_

        found = chebyshev_series(function)
        if found is None:
            raise ValueError(f"the profile of depth {network.depth} is no Chebyshev series of less than 385 terms")
        self.chebyshev_ = np.trim_zeros(found, "b")

    def __call__(self, t: Any) -> np.ndarray:
        """f(t) for angles of any shape, in radians; O(terms) each."""
        t = real_array(t, "angles")
        if not ((t >= 0.0) & (t <= np.pi)).all():
            raise ValueError("angles must lie between 0 and pi")
        return np.polynomial.chebyshev.chebval(2.0 * t / np.pi - 1.0, self.chebyshev_)

    def spectrum(self, dim: int, degrees: Any) -> np.ndarray:
        r"""Eigenvalues of the kernel on the sphere in ``dim`` dimensions, uniform law, by polynomial degree.

        Funk and Hecke: with :math:`P_k` the Gegenbauer polynomial of :math:`P_k(1) = 1`,

        .. math:: \lambda_k = \frac{\Gamma(d/2)}{\sqrt\pi\, \Gamma((d - 1)/2)}
            \int_0^\pi f(t)\, P_k(\cos t) \sin^{d - 2} t\; dt.

        Parameters
        ----------
        dim : int
            d >= 2; rows lie on the sphere in d dimensions.
        degrees : int or array-like of int
            k >= 0.

        Returns
        -------
        ndarray of the shape of ``degrees``
            A degree is learned the faster the larger its eigenvalue is. Times numbers of harmonics their sum is f(0).

        Notes
        -----
        Gauss-Legendre with 400 nodes in t, where the integrand is analytic; more for degrees beyond 250.
        """
        degrees = np.asarray(degrees)
        d = whole_number(dim, "dim, in which the sphere lies,", 2)
        if degrees.size == 0 or not np.issubdtype(degrees.dtype, np.integer) or degrees.min() < 0:
            raise ValueError(f"degrees={degrees.tolist()} must be whole numbers, zero or larger")
        highest = int(degrees.max())
        x, weights = np.polynomial.legendre.leggauss(max(_NODES, highest + 150))
        t = 0.5 * np.pi * (x + 1.0)
        constant = np.exp(gammaln(0.5 * d) - gammaln(0.5 * (d - 1))) / np.sqrt(np.pi)
        values = 0.5 * np.pi * constant * weights * self(t) * np.sin(t) ** (d - 2)
        cosine = np.cos(t)
        before, polynomial = np.ones_like(t), cosine.copy()
        found = np.empty(highest + 1)
        found[0] = values.sum()
        for k in range(1, highest + 1):
            found[k] = values @ polynomial
            before, polynomial = polynomial, ((2 * k + d - 2) * cosine * polynomial - k * before) / (k + d - 2)
        return found[degrees]


def angle_profile(
    depth: int,
    activation: Any = "relu",
    *,
    which: str = "ntk",
    sigma_w: float | None = None,
    sigma_b: float = 0.0,
    input_bias: float = 0.0,
    fixed_layers: int = 0,
) -> AngleProfile:
    """The kernel of :func:`ntk_kernel` on the sphere of radius sqrt(d), as a function of the angle.

    Parameters
    ----------
    depth, activation, sigma_w, sigma_b, input_bias, fixed_layers
        As of :func:`ntk_kernel`.
    which : {"ntk", "nngp"}, default="ntk"

    Returns
    -------
    AngleProfile
        Callable; ``chebyshev_`` holds its coefficients, ``spectrum(dim, degrees)`` its eigenvalues.

    Raises
    ------
    ValueError
        For parameters out of range.

    Notes
    -----
    O(depth) operations for each of 64 to 512 angles.

    Examples
    --------
    >>> f = angle_profile(3)
    >>> f([0.0, np.pi]).round(12).tolist()
    [4.0, 0.685708636283]
    >>> f.spectrum(5, [0, 1, 2]).round(4).tolist()
    [1.2169, 0.2169, 0.0496]
    """
    if which not in ("ntk", "nngp"):
        raise ValueError(f"which={which!r} must be 'ntk' or 'nngp'")
    return AngleProfile(network_of(depth, activation, sigma_w, sigma_b, input_bias, fixed_layers), which)
