"""log K_v(x) for torch tensors; see ``torch_bessel``. Its order is a constant to autograd."""

from __future__ import annotations

import math

import torch

from seedbed.directional import coefficients, series_k, series_log, series_polynomials, series_ratio, series_steps
from seedbed.directional.torch_bessel import big_l, by_size, typed

HALF_LOG_PI_2 = coefficients.HALF_LOG_PI_2[0]
HALF_LOG_PI_4 = -0.12078223763524522


def _uniform(v, x):
    w = torch.hypot(v, x)
    z = 1.0 / w
    s = series_log.log_series_16((v * z) ** 2, -z)
    return (v * big_l(v, x, w) - w) + ((HALF_LOG_PI_2 - 0.5 * torch.log(w)) + s)


def _uniform_slope(v, x):
    w = torch.hypot(v, x)
    z = 1.0 / w
    return -(w / x + x * z * z * (0.5 - series_ratio.ratio_series_16((v * z) ** 2, -z)))


def _temme(mu, x):
    """K_mu and (x/2) K_{mu+1}/K_mu for x <= 1."""
    m2 = mu * mu
    g1, g2 = series_polynomials.temme_1(m2), series_polynomials.temme_2(m2)
    below, above = g2 - mu * g1, g2 + mu * g1
    big = -torch.log(0.5 * x)
    sigma = mu * big
    s2 = (sigma * sigma).clamp(max=1.0)
    tail = big + big * s2 * series_polynomials.sinh_tail(s2)
    sinh_term = torch.where(sigma.abs() < 1.0, tail, torch.sinh(sigma) / torch.where(mu == 0, 1.0, mu))
    e, gammas = torch.exp(sigma), 1.0 + m2 * series_polynomials.reflection_tail(m2)
    f = (g1 * torch.cosh(sigma) + g2 * sinh_term) * gammas
    p, q = 0.5 * e * above * gammas, 0.5 / e * below * gammas
    s0, s1, d = series_steps.temme_sums(mu, f, p, q, 0.25 * x * x)
    return s0 / d, s1 / s0


def _recur(v, x):
    """round(v), K_mu (as `k_pair` scales it above x = 1), and the last two products of the forward recurrence."""
    n = torch.floor(v + 0.5)
    mu = v - n
    scaled = x > 1.0
    k_mu, rise = _temme(mu, x.clamp(max=1.0))
    a, b = series_k.k_pair(x.clamp(min=1.0), mu)
    k_mu, rise = torch.where(scaled, a, k_mu), torch.where(scaled, b, rise)
    h = 0.25 * x * x
    p, q = torch.ones_like(x), rise
    top, below = torch.where(n < 1.0, 1.0, q), torch.ones_like(x)
    for j in range(1, 25):
        p, q = q, (mu + j) * q + h * p
        top, below = torch.where(n == j + 1.0, q, top), torch.where(n == j + 1.0, p, below)
    return n, k_mu, rise, top, below


def _small(v, x):
    n, k_mu, _, top, _ = _recur(v, x)
    scaled = x > 1.0
    tail = torch.log(k_mu * top) + torch.where(scaled, HALF_LOG_PI_4 - x, 0.0)
    return (n + 0.5 * scaled) * -torch.log(0.5 * x) + tail


def _small_slope(v, x):
    n, _, rise, top, below = _recur(v, x)
    return torch.where(n > 0.0, -(v / x + 0.5 * x * (below / top)), (v - 2.0 * rise) / x)


def _edges(v, x, value, at_infinity):
    value = torch.where(x == 0, math.inf if at_infinity == -math.inf else -math.inf, value)
    value = torch.where(torch.isinf(x), at_infinity, value)
    return torch.where(~((v >= 0) & (x >= 0)) | torch.isinf(v), math.nan, value)


class _LogKv(torch.autograd.Function):
    @staticmethod
    def forward(ctx, v, x):
        ctx.save_for_backward(v, x)
        return _edges(v, x, by_size(v, x, _uniform, _small), -math.inf)

    @staticmethod
    def backward(ctx, grad):
        v, x = ctx.saved_tensors
        return None, grad * _edges(v, x, by_size(v, x, _uniform_slope, _small_slope), -1.0)


def log_kv(v, x):
    """log K_v(x); differentiable with respect to ``x``. Edges as in `seedbed.directional.log_kv`.

    Parameters
    ----------
    v, x : Tensor or float
        Broadcast; v >= 0 and finite, x >= 0. Computed in float64, returned in the arguments' type.

    Returns
    -------
    Tensor
    """
    return typed(_LogKv.apply, v, x)
