"""Gaussian means of one layer and their changes with variances and covariance in closed form, for gradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.wide_networks.recursions.network import Network
from seedbed.wide_networks.units import unit_of

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
    by = _rectifier_moments if network.activation.family == "rectifier" else _arcsine_moments
    return by(network, q, c, dq, dc)


def _rectifier_moments(network: Network, q, c, dq, dc) -> Moments:
    gain, share = network.activation.gain, network.kink / np.pi
    unit = unit_of(q)
    norm = unit * np.sqrt(np.outer(q / unit, q / unit))
    safe = np.where(norm > 0.0, norm, 1.0)
    rho = np.clip(c / safe, -1.0, 1.0)
    np.fill_diagonal(rho, 1.0)
    t, sine = np.arccos(rho), np.sqrt((1.0 - rho) * (1.0 + rho))
    mean = gain * norm * (rho + share * (sine - t * rho))
    slope = gain * (1.0 - share * t)
    relative = dq / np.where(q > 0.0, q, 1.0)
    halves = 0.5 * (relative[:, :, None] + relative[:, None, :])
    drho = dc / safe - rho * halves
    # E is the norm times a function of rho, whose slope in c is the slope itself
    change = mean * halves + slope * norm * drho
    dt = np.where(sine > _STEEP, -drho / np.maximum(sine, _STEEP), 0.0)
    return Moments(mean, slope, change, -gain * share * dt, gain * q, gain * dq)


def _arcsine_moments(network: Network, q, c, dq, dc) -> Moments:
    """Of erf and GELU: differentials of the formulas in ``recursions.arcsine_loops``; all divisors are 1 or more."""
    gelu = network.activation.family == "gelu"
    scale = 1.0 if gelu else 2.0
    q, k, dk = scale * q[:, None], scale * c, scale * dc
    dq, dr = scale * dq[:, :, None], scale * dq[:, None, :]
    a, b = 1.0 / (1.0 + q), 1.0 / (1.0 + q.T)
    inside, d_inside = np.maximum(q * q.T - k * k, 0.0), q.T * dq + q * dr - 2.0 * k * dk
    delta = 1.0 + q + q.T + inside
    arcsine, root = np.arcsin(np.clip(k * np.sqrt(a * b), -1.0, 1.0)), np.sqrt(delta)
    d_delta = dq + dr + d_inside
    d_arcsine = (dk - 0.5 * k * (a * dq + b * dr)) / root
    if gelu:
        both, mean, shares = 0.25 + arcsine / (2.0 * np.pi), 0.5 / (np.pi * root), a + b
        d_mean, d_shares = -0.5 * mean * d_delta / delta, -a * a * dq - b * b * dr
        rest, others = inside + k * k * shares, shares + 1.0 / delta
        square, slope = k * both + mean * rest, both + mean * k * others
        d_both, d_rest = d_arcsine / (2.0 * np.pi), d_inside + 2.0 * k * dk * shares + k * k * d_shares
        change = dk * both + k * d_both + d_mean * rest + mean * d_rest
        d_others = d_shares - d_delta / delta**2
        slope_change = d_both + (d_mean * k + mean * dk) * others + mean * k * d_others
    else:
        square, change = 2.0 / np.pi * arcsine, 2.0 / np.pi * d_arcsine
        slope = 4.0 / (np.pi * root)
        slope_change = -0.5 * slope * d_delta / delta
    own = np.arange(len(q))
    return Moments(square, slope, change, slope_change, square[own, own], change[:, own, own])
