r"""The normalising constant of the von Mises-Fisher density and what follows from it.

c_p(kappa) = kappa^v / ((2 pi)^(p/2) I_v(kappa)), v = p/2 - 1, with respect to surface measure. The power of
kappa is cancelled against the one in I_v on paper, so that all functions here are smooth through
kappa = 0, and what grows like kappa is left out, so that nothing is lost for large kappa either.
"""

from __future__ import annotations

import numpy as np

from seedbed.directional.bessel import ratio_slopes
from seedbed.directional.bessel.functions import bessel_ratio
from seedbed.directional.bessel.series import log as series_log
from seedbed.directional.bessel.series import power as series_power
from seedbed.directional.bessel.series import ratio as series_ratio

LOG_2PI = 1.8378770664093453
LN2 = 0.6931471805599453
W_UNIFORM = 25.0


def _arguments(p, kappa) -> tuple[np.ndarray, np.ndarray]:
    p, kappa = np.broadcast_arrays(np.asarray(p, float), np.asarray(kappa, float))
    if not (np.all(p >= 2) and np.all(np.isfinite(p))):
        raise ValueError("the dimension p must be finite and at least 2")
    if not np.all(kappa >= 0):
        raise ValueError("concentrations must be non-negative numbers")
    return 0.5 * p - 1.0, kappa


def log_peak(p, kappa):
    r"""Logarithm of the density at the mean direction, :math:`\log c_p(\kappa) + \kappa`.

    Parameters
    ----------
    p, kappa : array_like
        Dimension (at least 2) and concentration (at least 0); broadcast.

    Returns
    -------
    ndarray or float64; inf for infinite ``kappa``

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    For w = hypot(v, kappa) >= 25 it is
    :math:`v\log(v+w) - v^2/(w+\kappa) + \tfrac12\log(2\pi w) - \sum_k d_k w^{-k} - \tfrac p2\log 2\pi`.
    """
    v, kappa = _arguments(p, kappa)
    w = np.hypot(v, kappa)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = 1.0 / np.maximum(w, W_UNIFORM)
        share = np.where(np.isinf(w), 0.0, v / np.maximum(w, W_UNIFORM))
        s = series_log.log_series_16(share * share, z)
        high = v * np.log(v + w) - np.where(np.isinf(w), 0.0, v * v / (w + kappa)) + 0.5 * (LOG_2PI + np.log(w)) - s
        small = np.minimum(kappa, W_UNIFORM)
        few = np.minimum(v, W_UNIFORM)
        low = _log_gamma(few + 1.0) + few * LN2 - np.log1p(series_power.power_sum_46(few, 0.25 * small**2)) + small
    return (np.where(w < W_UNIFORM, low, high) - (v + 1.0) * LOG_2PI)[()]


def _log_gamma(y):
    from scipy.special import gammaln

    return gammaln(y)


def log_normalizer(p, kappa):
    r"""Logarithm of the normalising constant, :math:`\log c_p(\kappa)`; arguments as in `log_peak`.

    At kappa = 0 it is :math:`\log\Gamma(p/2) - \log 2 - (p/2)\log\pi`, minus the log of the sphere's area.
    """
    kappa = np.asarray(kappa, float)
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(kappa), -np.inf, log_peak(p, kappa) - kappa)[()]


def resultant_gap(p, kappa):
    r""":math:`1 - A_p(\kappa)`, without cancellation from hypot(v, kappa) = 25 on; arguments as in `log_peak`."""
    v, kappa = _arguments(p, kappa)
    w = np.hypot(v, kappa)
    with np.errstate(invalid="ignore"):
        z = 1.0 / np.maximum(w, W_UNIFORM)
        t = np.where(np.isinf(w), 0.0, v / np.maximum(w, W_UNIFORM)) ** 2
        correction = kappa * z * z * (series_ratio.ratio_series_16(t, z) - 0.5)
        high = (v + v * v / (w + kappa)) / (w + v) - correction
    return np.where(np.isinf(kappa), 0.0, np.where(w < W_UNIFORM, 1.0 - bessel_ratio(v, kappa), high))[()]


def resultant_slope(p, kappa):
    r""":math:`A_p'(\kappa)`, the variance of the projection on the mean direction, to full relative accuracy.

    Arguments as in `log_peak`; 1/p at zero, 0 for infinite kappa.
    """
    v, kappa = _arguments(p, kappa)
    w = np.hypot(v, kappa)
    with np.errstate(all="ignore"):
        inside = np.where(np.isinf(w), W_UNIFORM, kappa)
        high = ratio_slopes.uniform_slopes(v, inside, np.maximum(np.hypot(v, inside), W_UNIFORM)).ratio_dx
        low = ratio_slopes.shifted_slopes(np.minimum(v, W_UNIFORM), np.minimum(inside, W_UNIFORM), np.hypot).ratio_dx
    return np.where(np.isinf(kappa), 0.0, np.where(w < W_UNIFORM, low, high))[()]


def concentration_divergence(p, kappa, other):
    r"""Kullback-Leibler divergence between the laws of these concentrations around one direction, kappa first.

    It is the Bregman divergence :math:`\int_{\kappa}^{\lambda} (\lambda - s) A_p'(s)\,ds` of minus the log-normaliser:
    taken so, by 16 Gauss points, where the concentrations are near and the closed form would cancel.
    """
    delta = other - kappa
    if abs(delta) <= 0.5 * np.hypot(0.5 * p + 1.0, min(kappa, other)) and max(kappa, other) < 1e140:
        nodes, weights = np.polynomial.legendre.leggauss(16)
        shares = 0.5 * (nodes + 1.0)
        return float(0.5 * delta * delta * (weights @ ((1.0 - shares) * resultant_slope(p, kappa + shares * delta))))
    return float(log_peak(p, kappa) - log_peak(p, other) + delta * resultant_gap(p, kappa))


def entropy(p, kappa):
    r"""Differential entropy :math:`-\log c_p(\kappa) - \kappa A_p(\kappa)` in nats; -inf for infinite kappa.

    Arguments as in `log_peak`. Computed as :math:`\kappa(1 - A) - (\log c_p + \kappa)`.
    """
    kappa = np.asarray(kappa, float)
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(kappa), -np.inf, kappa * resultant_gap(p, kappa) - log_peak(p, kappa))[()]
