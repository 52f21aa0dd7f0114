"""Compiled passes of denoisers: softmax of rows in place, the few points that matter, and mixtures of Gaussians.

The exponential is 2^k times a polynomial of degree 11, with the exponents set through integer bits: one branch-free
loop that vectorises, relative error below 1e-14. All are in one file since numba's cache knows a function by its file.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.compiling import compile_or_load
from seedbed.simd import bits_of, from_bits, larger, prefer_wide

__all__ = ["few_points", "mixture_moments", "near_atoms", "softmax_rows"]

_FLAGS = {"error_model": "numpy", "fastmath": {"contract", "nsz", "reassoc", "nnan"}, "boundscheck": False}
# the exponential: reordering would undo its rounding
_EXACT = {"error_model": "numpy", "fastmath": {"contract", "nsz", "nnan"}, "boundscheck": False, "forceinline": True}
_SHIFT, _BITS = 6755399441055744.0, np.uint64(52)
_LOWEST = -700.0  # e^-700 is 1e-304: nothing beside the largest, which is one
_CHUNK = 128  # logits of which the largest is kept: most chunks hold none that is near
_BLOCK = 64  # points of a mixture that go through together


@njit(**_EXACT)
def _exponential(x):
    """e^x for x <= 0, of -700 below it: a polynomial after reduction by log 2, scaled through the bits of the exponent.

    Adding 1.5 * 2^52 leaves the nearest whole number in the last bits, where the shift finds it.
    """
    x = larger(x, _LOWEST)
    k = x * 1.4426950408889634 + _SHIFT
    whole = k - _SHIFT
    r = x - whole * 0.6931471803691238 - whole * 1.9082149292705877e-10
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
    return from_bits(bits_of(p * r + 1.0) + (bits_of(k) << _BITS))


@compile_or_load(
    ["void(f8[:, ::1], f8[::1], f8, f8[::1], f8[::1], f8[::1], f8[:, ::1])"], "diffusion", **_FLAGS, nogil=True
)
def softmax_rows(logits, half_norms, inverse, largest, total, squares, mean):
    """``exp((logits - half_norms) * inverse - largest)`` in place of the logits, and sums so far on the same scale.

    Parameters
    ----------
    logits : ndarray of shape (n, m)
        Scalar products of points and some of the atoms; overwritten.
    half_norms : ndarray of shape (m,)
    inverse : float
        One over sigma squared.
    largest, total, squares : ndarray of shape (n,)
        The largest exponent, and the sums of weights and of weights times half norms: over the atoms before, from minus
        infinity and zeros on, and now over these too.
    mean : ndarray of shape (n, d)
        Weighted sum of the atoms before, which is brought to the scale.
    """
    prefer_wide()
    for i in range(logits.shape[0]):
        row, top = logits[i], largest[i]
        for j in range(row.size):
            row[j] = (row[j] - half_norms[j]) * inverse
            top = larger(top, row[j])
        factor = np.exp(largest[i] - top)
        z, q = 0.0, 0.0
        for j in range(row.size):
            row[j] = _exponential(row[j] - top)
            z += row[j]
            q += row[j] * half_norms[j]
        largest[i] = top
        total[i] = factor * total[i] + z
        squares[i] = factor * squares[i] + q
        for e in range(mean.shape[1]):
            mean[i, e] *= factor


@compile_or_load(
    ["void(f4[:, ::1], f4[::1], f4[::1], i8, f4[::1], i4[:, ::1], i8[::1])"], "diffusion", **_FLAGS, nogil=True
)
def near_atoms(logits, half_norms, slack, first, best, chosen, counts):
    """Atoms that can matter: those whose float32 logit is not far below the best.

    Parameters
    ----------
    logits : ndarray of float32, shape (n, m)
        Scalar products of points and some of the atoms.
    half_norms : ndarray of float32, shape (m,)
    slack : ndarray of float32, shape (n,)
        An atom whose logit is this far below the best is left out.
    first : int
        Which atom the first column is.
    best : ndarray of float32, shape (n,)
        The largest logit, of the atoms before and now of these too.
    chosen : ndarray of int32, shape (n, N)
        Those near the best so far, ``counts`` of them in each row, to which these are added.
    counts : ndarray of int64, shape (n,)
    """
    size = logits.shape[1]
    peaks = np.empty(-(-size // _CHUNK), np.float32)
    for i in range(logits.shape[0]):
        row = logits[i]
        for k in range(peaks.size):
            peak = np.float32(-np.inf)
            for j in range(k * _CHUNK, min(k * _CHUNK + _CHUNK, size)):
                peak = larger(peak, row[j] - half_norms[j])
            peaks[k] = peak
            best[i] = max(best[i], peak)
        least, count = best[i] - slack[i], counts[i]
        for k in range(peaks.size):
            if peaks[k] >= least:
                for j in range(k * _CHUNK, min(k * _CHUNK + _CHUNK, size)):
                    if row[j] - half_norms[j] >= least:
                        chosen[i, count] = first + j
                        count += 1
        counts[i] = count


@compile_or_load(
    ["void(i4[:, ::1], i8[::1], f8[:, ::1], f8[:, ::1], f8, f8[:, ::1], f8[::1], f8[::1], f8[::1])"],
    "diffusion",
    **_FLAGS,
    nogil=True,
)
def few_points(chosen, counts, y, atoms, variance, mean, spread, largest, total):
    """Posterior means from the atoms that can matter, weighed by differences.

    Parameters
    ----------
    chosen, counts : ndarray of shape (n, N) and (n,)
        As :func:`near_atoms` writes them.
    y, atoms : ndarray of shape (n, d) and (N, d)
    variance : float
        sigma squared.
    mean : ndarray of shape (n, d)
        Written: the posterior mean.
    spread : ndarray of shape (n,)
        Written: the trace of the posterior covariance.
    largest, total : ndarray of shape (n,)
        Written: the largest log weight, -|y - x|^2 / (2 sigma^2), and the sum of the weights over the largest.
    """
    d = atoms.shape[1]
    weights = np.empty(len(atoms))
    for i in range(len(y)):
        point, centre, count = y[i], mean[i], counts[i]
        top = -np.inf
        for c in range(count):
            atom, distance = atoms[chosen[i, c]], 0.0
            for e in range(d):
                distance += (point[e] - atom[e]) ** 2
            weights[c] = -0.5 * distance / variance
            top = max(top, weights[c])
        z = 0.0
        for c in range(count):
            weights[c] = _exponential(weights[c] - top)
            z += weights[c]
        centre[:] = 0.0
        for c in range(count):
            atom, share = atoms[chosen[i, c]], weights[c] / z
            for e in range(d):
                centre[e] += share * atom[e]
        trace = 0.0
        for c in range(count):
            atom, distance = atoms[chosen[i, c]], 0.0
            for e in range(d):
                distance += (atom[e] - centre[e]) ** 2
            trace += weights[c] / z * distance
        spread[i] = trace
        largest[i] = top
        total[i] = z


@compile_or_load(
    ["void(f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[::1], f8, f8[:, ::1], f8[::1])"], "diffusion", **_FLAGS, nogil=True
)
def mixture_moments(y, means, variances, log_weights, noise, mean, trace):
    """Mean and trace of the covariance of the clean point, given y.

    A coordinate of a whole block of points at a time, so that loops over points vectorise.

    Parameters
    ----------
    y : ndarray of shape (n, d)
    means, variances : ndarray of shape (K, d)
    log_weights : ndarray of shape (K,)
    noise : float
        sigma squared.
    mean, trace : ndarray of shape (n, d) and (n,)
        Written.
    """
    n_components, d = means.shape
    precisions, kept = np.empty_like(means), np.empty_like(means)
    constants, within = np.empty(n_components), np.zeros(n_components)
    for k in range(n_components):
        log_determinant = 0.0
        for e in range(d):
            v = variances[k, e] + noise
            precisions[k, e] = 1.0 / v
            kept[k, e] = variances[k, e] / v
            within[k] += noise * kept[k, e]
            log_determinant += np.log(v)
        constants[k] = log_weights[k] - 0.5 * log_determinant
    points, weights = np.empty((d, _BLOCK)), np.empty((n_components, _BLOCK))
    top, total, spread, centre = np.empty(_BLOCK), np.empty(_BLOCK), np.empty(_BLOCK), np.empty(_BLOCK)
    for start in range(0, y.shape[0], _BLOCK):
        size = min(_BLOCK, y.shape[0] - start)
        for e in range(d):
            for i in range(size):
                points[e, i] = y[start + i, e]
        top[:] = -np.inf
        for k in range(n_components):
            log_joint = weights[k]
            log_joint[:] = constants[k]
            for e in range(d):
                x, m, half = points[e], means[k, e], 0.5 * precisions[k, e]
                for i in range(size):
                    log_joint[i] -= half * (x[i] - m) ** 2
            for i in range(size):
                top[i] = larger(top[i], log_joint[i])
        total[:] = 0.0
        spread[:] = 0.0
        for k in range(n_components):
            weight = weights[k]
            for i in range(size):
                weight[i] = _exponential(weight[i] - top[i])
                total[i] += weight[i]
        for k in range(n_components):
            weight = weights[k]
            for i in range(size):
                weight[i] /= total[i]
                spread[i] += weight[i] * within[k]
        for e in range(d):
            x = points[e]
            centre[:] = 0.0
            for k in range(n_components):
                weight, m, share = weights[k], means[k, e], kept[k, e]
                for i in range(size):
                    centre[i] += weight[i] * (m + share * (x[i] - m))
            for k in range(n_components):
                weight, m, share = weights[k], means[k, e], kept[k, e]
                for i in range(size):
                    spread[i] += weight[i] * (m + share * (x[i] - m) - centre[i]) ** 2
            for i in range(size):
                mean[start + i, e] = centre[i]
        trace[start : start + size] = spread[:size]
