"""The recursion of kernels pair by pair: in 50 digits for ReLU, by quadrature in the plane for smooth activations."""

from __future__ import annotations

import mpmath
import numpy as np


def mpmath_relu(x, y, depth, sigma_w2=2.0, sigma_b2=0.0, input_bias=0.0, negative_slope=0.0, fixed=0, digits=50):
    """(nngp, ntk) of one pair, from vectors whose doubles are taken as exact."""
    with mpmath.workdps(digits):
        w, b, a = mpmath.mpf(sigma_w2), mpmath.mpf(sigma_b2), mpmath.mpf(negative_slope)
        x, y = ([mpmath.mpf(float(v)) for v in row] for row in (x, y))

        def first(u, v):
            return b + w * (mpmath.fdot(u, v) / len(u) + mpmath.mpf(input_bias) ** 2)

        q, r, k = first(x, x), first(y, y), first(x, y)
        tangent = k if fixed < 1 else mpmath.mpf(0)
        for layer in range(2, depth + 2):
            norm = mpmath.sqrt(q * r)
            rho = max(min(k / norm, mpmath.mpf(1)), mpmath.mpf(-1))
            t = mpmath.acos(rho)
            relu = norm * (mpmath.sin(t) + (mpmath.pi - t) * mpmath.cos(t)) / (2 * mpmath.pi)
            slope = (1 - a) ** 2 * (mpmath.pi - t) / (2 * mpmath.pi) + a
            k = b + w * ((1 - a) ** 2 * relu + a * k)
            tangent = w * slope * tangent + (k if layer > fixed else 0)
            q, r = (b + w * (1 + a * a) / 2 * v for v in (q, r))
        return k, tangent


def plane_means(function, q, r, c, step=0.1, end=9.0):
    """E f(u) f(v) for normal u, v of variances q, r and covariance c, by a trapezoidal sum over the plane."""
    z = np.arange(-end, end + step / 2, step)
    weights = step * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    u = np.sqrt(q) * z
    v = c / np.sqrt(q) * z[:, None] + np.sqrt(max(r - c * c / q, 0.0)) * z[None, :]
    return weights * function(u) @ function(v) @ weights


def quadrature_recursion(activation, x, y, depth, sigma_w2, sigma_b2, fixed=0):
    """(nngp, ntk) of one pair, every mean of every layer by quadrature."""
    d = len(x)
    q, r, k = (sigma_b2 + sigma_w2 * float(u @ v) / d for u, v in ((x, x), (y, y), (x, y)))
    tangent = k if fixed < 1 else 0.0
    for layer in range(2, depth + 2):
        slope = plane_means(activation.slope, q, r, k)
        k, q, r = (sigma_b2 + sigma_w2 * plane_means(activation, *three) for three in ((q, r, k), (q, q, q), (r, r, r)))
        tangent = sigma_w2 * slope * tangent + (k if layer > fixed else 0.0)
    return k, tangent


def textbook(X, Z, depth, sigma_w2=2.0, sigma_b2=0.0):
    """(nngp, ntk) matrices of ReLU with arc cosines of clipped correlations, as public code has it."""
    d = X.shape[1]
    K = sigma_b2 + sigma_w2 * X @ Z.T / d
    q, r = (sigma_b2 + sigma_w2 * (A * A).sum(axis=1) / d for A in (X, Z))
    T = K.copy()
    for _ in range(depth):
        norm = np.sqrt(np.outer(q, r))
        cosine = np.clip(K / norm, -1.0, 1.0)
        t = np.arccos(cosine)
        K = sigma_b2 + sigma_w2 * norm * (np.sqrt(1.0 - cosine * cosine) + (np.pi - t) * cosine) / (2.0 * np.pi)
        T = K + sigma_w2 * (np.pi - t) / (2.0 * np.pi) * T
        q, r = sigma_b2 + sigma_w2 * q / 2.0, sigma_b2 + sigma_w2 * r / 2.0
    return K, T
