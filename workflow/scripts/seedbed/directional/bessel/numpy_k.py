"""log K and its derivative with NumPy alone: the same formulas as the compiled kernels."""

from __future__ import annotations

import numpy as np

from seedbed.directional.bessel.kernels.edge_rules import edge_rules
from seedbed.directional.bessel.series import coefficients
from seedbed.directional.bessel.series import k_pair as series_k
from seedbed.directional.bessel.series import log as series_log
from seedbed.directional.bessel.series import polynomials as series_polynomials
from seedbed.directional.bessel.series import ratio as series_ratio
from seedbed.directional.bessel.series import steps as series_steps

from .double_double import add_up, two_sum, zero_band_parts
from .numpy_i import NEAR, big_l, by_level, in_chunks

HALF_LOG_PI_2, HALF_LOG_PI_2_LOW = coefficients.HALF_LOG_PI_2
TEMME_HIGH = 1.0
HALF_LOG_PI_4 = -0.12078223763524522

_, _log_kv_edge, _, _log_kv_dx_edge = edge_rules(lambda function: function)


def _uniform(v, x, w, n_terms):
    z = 1.0 / w
    s = getattr(series_log, f"log_series_{n_terms}")((v * z) ** 2, -z)
    result = (v * big_l(v, x, w) - w) + ((HALF_LOG_PI_2 - 0.5 * np.log(w)) + s)
    near = np.flatnonzero(np.abs(result) < NEAR * w)
    if near.size:
        f, f_low, lw, lw_low, w = zero_band_parts(v[near], x[near])
        z = 1.0 / w
        g, g_low = two_sum(-0.5 * lw, HALF_LOG_PI_2)
        rest = series_log.log_series_16((v[near] * z) ** 2, -z)
        result[near] = add_up(-f, -f_low, g, g_low - 0.5 * lw_low + HALF_LOG_PI_2_LOW, rest)
    return result


def _temme(mu, x):
    """K_mu and (x/2) K_{mu+1}/K_mu for x <= 1."""
    m2 = mu * mu
    g1, g2 = series_polynomials.temme_1(m2), series_polynomials.temme_2(m2)
    below, above = g2 - mu * g1, g2 + mu * g1
    big = -np.log(0.5 * x)
    sigma = mu * big
    s2 = np.minimum(sigma * sigma, 1.0)
    tail = big + big * s2 * series_polynomials.sinh_tail(s2)
    sinh_term = np.where(np.abs(sigma) < 1.0, tail, np.sinh(sigma) / np.where(mu == 0.0, 1.0, mu))
    e, gammas = np.exp(sigma), 1.0 + m2 * series_polynomials.reflection_tail(m2)
    f = (g1 * np.cosh(sigma) + g2 * sinh_term) * gammas
    p, q = 0.5 * e * above * gammas, 0.5 / e * below * gammas
    s0, s1, d = series_steps.temme_sums(mu, f, p, q, 0.25 * x * x)
    return s0 / d, s1 / s0


def _recur(v, x):
    """round(v), K_mu (as `k_pair` scales it above x = 1), and the last two products of the forward recurrence."""
    n = np.floor(v + 0.5)
    mu = v - n
    low = x <= TEMME_HIGH
    k_mu, rise = np.empty_like(x), np.empty_like(x)
    k_mu[low], rise[low] = _temme(mu[low], x[low])
    k_mu[~low], rise[~low] = series_k.k_pair(x[~low], mu[~low])
    h = 0.25 * x * x
    p, q = np.ones_like(x), rise
    top, below = np.where(n < 1.0, 1.0, q), np.ones_like(x)
    for j in range(1, 25):
        p, q = q, (mu + j) * q + h * p
        top, below = np.where(n == j + 1.0, q, top), np.where(n == j + 1.0, p, below)
    return n, k_mu, rise, top, below


def _small(v, x):
    n, k_mu, _, top, _ = _recur(v, x)
    scaled = x > TEMME_HIGH
    tail = np.log(k_mu * top) + np.where(scaled, HALF_LOG_PI_4, 0.0)
    return (n + 0.5 * scaled) * -np.log(0.5 * x) + tail - np.where(scaled, x, 0.0)


def log_kv(v: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """out[:] = log K_v(x)."""
    in_chunks(v, x, out, lambda a, b: by_level(a, b, _uniform, _small), _log_kv_edge)


def _uniform_dx(v, x, w, n_terms):
    z = 1.0 / w
    g = getattr(series_ratio, f"ratio_series_{n_terms}")((v * z) ** 2, -z)
    return -(w / x + x * z * z * (0.5 - g))


def _small_dx(v, x):
    n, _, rise, top, below = _recur(v, x)
    return np.where(n > 0.0, -(v / x + 0.5 * x * (below / top)), (v - 2.0 * rise) / x)


def log_kv_dx(v: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """out[:] = d/dx log K_v(x)."""
    in_chunks(v, x, out, lambda a, b: by_level(a, b, _uniform_dx, _small_dx), _log_kv_dx_edge)
