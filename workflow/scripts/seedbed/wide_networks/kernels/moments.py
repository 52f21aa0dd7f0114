r"""Gaussian means of one layer and their slopes in variances and covariance, for gradients of kernels.

With (u, v) normal of variances q, q' and covariance c, Price's theorem makes slopes means of derivatives:

.. math:: \frac{\partial}{\partial c} E\, f(u) g(v) = E\, f'(u) g'(v), \qquad
    \frac{\partial}{\partial q} E\, f(u) g(v) = \tfrac12 E\, f''(u) g(v).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.wide_networks.activations.hermite import N_TERMS, hermite_coefficients
from seedbed.wide_networks.recursions.network import Network
from seedbed.wide_networks.recursions.tiles import FLOOR, last_degrees

_STEEP = 1e-7  # of sin t, below which an angle is taken as constant: rows that are the same stay the same


@dataclass(frozen=True, eq=False)
class Moments:
    """E phi phi and E phi' phi' of all pairs of rows, and how both change with variances dq (n,) and covariances dc.

    Attributes
    ----------
    mean, slope : ndarray of shape (n, n)
    change, slope_change : ndarray of shape (p, n, n)
    square, square_change : ndarray of shape (n,) and (p, n)
        E phi^2, and its change.
    """

    mean: np.ndarray
    slope: np.ndarray
    change: np.ndarray
    slope_change: np.ndarray
    square: np.ndarray
    square_change: np.ndarray


def moments(network: Network, q: np.ndarray, c: np.ndarray, dq: np.ndarray, dc: np.ndarray) -> Moments:
    """Means of one layer, and their changes along p directions dq (p, n), dc (p, n, n)."""
    by = _rectifier_moments if network.activation.family == "rectifier" else _series_moments
    return by(network, q, c, dq, dc)


def _rectifier_moments(network: Network, q, c, dq, dc) -> Moments:
    gain, share = network.activation.gain, network.kink / np.pi
    norm = np.sqrt(np.outer(q, q))
    safe = np.maximum(norm, FLOOR)
    rho = np.clip(c / safe, -1.0, 1.0)
    np.fill_diagonal(rho, 1.0)
    t, sine = np.arccos(rho), np.sqrt((1.0 - rho) * (1.0 + rho))
    mean = gain * norm * (rho + share * (sine - t * rho))
    slope = gain * (1.0 - share * t)
    relative = dq / np.maximum(q, FLOOR)
    halves = 0.5 * (relative[:, :, None] + relative[:, None, :])
    drho = dc / safe - rho * halves
    # E is the norm times a function of rho, whose slope in c is the slope itself
    change = mean * halves + slope * norm * drho
    dt = np.where(sine > _STEEP, -drho / np.maximum(sine, _STEEP), 0.0)
    return Moments(mean, slope, change, -gain * share * dt, gain * q, gain * dq)


def _series_moments(network: Network, q, c, dq, dc) -> Moments:
    q = np.maximum(q, FLOOR)
    degrees = last_degrees(network, float(q.max()))
    n_terms = min(2 * max(degrees) + 8, N_TERMS)
    a = hermite_coefficients(network.activation, q, n_terms + 3)
    k = np.arange(n_terms + 3.0)
    derivatives = [a]
    for _ in range(3):  # coefficients of the derivative: each from the next of the function
        a = a[:, 1:] * np.sqrt(k[1 : a.shape[1]] / q[:, None])
        derivatives.append(a)
    f0, f1, f2, f3 = (table[:, :n_terms] for table in derivatives)
    rho = np.clip(c / np.sqrt(np.outer(q, q)), -1.0, 1.0)
    np.fill_diagonal(rho, 1.0)
    mean, slope, half, curvature, half_slope = (
        _mehler(f, g, rho) for f, g in ((f0, f0), (f1, f1), (f2, f0), (f2, f2), (f3, f1))
    )
    own, other = dq[:, :, None], dq[:, None, :]
    change = 0.5 * (half * own + half.T * other) + slope * dc
    slope_change = 0.5 * (half_slope * own + half_slope.T * other) + curvature * dc
    square = np.einsum("ik,ik->i", f0, f0)
    return Moments(mean, slope, change, slope_change, square, (np.diag(half) + np.diag(slope)) * dq)


def _mehler(f: np.ndarray, g: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """Sum over k of f_k g_k rho^k, by Horner's rule."""
    found = np.zeros_like(rho)
    for k in range(f.shape[1] - 1, -1, -1):
        found *= rho
        found += np.outer(f[:, k], g[:, k])
    return found
