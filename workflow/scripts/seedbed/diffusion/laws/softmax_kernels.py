"""Compiled passes of the empirical denoiser: softmax of rows in place, and the few points that matter.

The exponential is 2^k times a polynomial of degree 11, with the exponents set through integer bits: one branch-free
loop that vectorises, relative error about 1e-15.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.compiling import compile_or_load

__all__ = ["few_points", "softmax_rows"]

_FLAGS = {"error_model": "numpy", "fastmath": {"contract", "nsz", "reassoc"}, "boundscheck": False}
_LOWEST = -700.0  # e^-700 is 1e-304: nothing beside the largest, which is one


@njit(**_FLAGS, inline="always")
def _exponential(x):
    """e^x as a pair: a number in [1/sqrt 2, sqrt 2], and the power of two it is to be scaled by."""
    x = max(x, _LOWEST)
    k = np.floor(x * 1.4426950408889634 + 0.5)
    r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10
    p = 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 1.984126984126984e-04
    p = p * r + 1.3888888888888889e-03
    p = p * r + 8.333333333333333e-03
    p = p * r + 4.1666666666666664e-02
    p = p * r + 1.6666666666666666e-01
    p = p * r + 0.5
    p = p * r + 1.0
    return p * r + 1.0, k


@compile_or_load(["void(f8[:, ::1], f8[::1], f8, f8[::1], f8[::1])"], "diffusion", **_FLAGS, nogil=True)
def softmax_rows(logits, half_norms, inverse, largest, total):
    """``exp((logits - half_norms) * inverse - largest)`` in place of the logits, with the largest and the sum of a row.

    Parameters
    ----------
    logits : ndarray of shape (n, N)
        Scalar products of points and atoms; overwritten.
    half_norms : ndarray of shape (N,)
    inverse : float
        One over sigma squared.
    largest, total : ndarray of shape (n,)
        Written.
    """
    n, size = logits.shape
    bits = np.empty(size, np.int64)
    scale = bits.view(np.float64)
    for i in range(n):
        top = -np.inf
        for j in range(size):
            value = (logits[i, j] - half_norms[j]) * inverse
            logits[i, j] = value
            top = max(top, value)
        for j in range(size):
            p, k = _exponential(logits[i, j] - top)
            logits[i, j] = p
            bits[j] = (np.int64(k) + 1023) << 52
        z = 0.0
        for j in range(size):
            weight = logits[i, j] * scale[j]
            logits[i, j] = weight
            z += weight
        largest[i] = top
        total[i] = z


@compile_or_load(
    ["void(f4[:, ::1], f4[::1], f8[:, ::1], f8[:, ::1], f8, f8[:, ::1], f8[::1], f8[::1], f8[::1], i8[::1])"],
    "diffusion",
    **_FLAGS,
    nogil=True,
)
def few_points(logits, slack, y, atoms, variance, mean, spread, largest, total, counts):
    """Posterior means from the atoms that can matter, found by float32 logits and weighed by float64 differences.

    Parameters
    ----------
    logits : ndarray of float32, shape (n, N)
        Scalar products less half of squared norms.
    slack : ndarray of float32, shape (n,)
        An atom whose logit is this far below the best is left out.
    y, atoms : ndarray of shape (n, d) and (N, d)
    variance : float
        sigma squared.
    mean : ndarray of shape (n, d)
        Written: the posterior mean.
    spread : ndarray of shape (n,)
        Written: the trace of the posterior covariance.
    largest, total : ndarray of shape (n,)
        Written: the largest log weight, -|y - x|^2 / (2 sigma^2), and the sum of the weights over the largest.
    counts : ndarray of int64, shape (n,)
        Written: how many atoms mattered.
    """
    n, size = logits.shape
    d = atoms.shape[1]
    chosen = np.empty(size, np.int64)
    weights = np.empty(size)
    for i in range(n):
        best = logits[i, 0]
        for j in range(size):
            best = max(best, logits[i, j])
        least, count = best - slack[i], 0
        for j in range(size):
            if logits[i, j] >= least:
                chosen[count] = j
                count += 1
        top = -np.inf
        for c in range(count):
            distance = 0.0
            for e in range(d):
                distance += (y[i, e] - atoms[chosen[c], e]) ** 2
            weights[c] = -0.5 * distance / variance
            top = max(top, weights[c])
        z = 0.0
        for c in range(count):
            weights[c] = np.exp(weights[c] - top)
            z += weights[c]
        for e in range(d):
            mean[i, e] = 0.0
        for c in range(count):
            share = weights[c] / z
            for e in range(d):
                mean[i, e] += share * atoms[chosen[c], e]
        trace = 0.0
        for c in range(count):
            distance = 0.0
            for e in range(d):
                distance += (atoms[chosen[c], e] - mean[i, e]) ** 2
            trace += weights[c] / z * distance
        spread[i] = trace
        largest[i] = top
        total[i] = z
        counts[i] = count
