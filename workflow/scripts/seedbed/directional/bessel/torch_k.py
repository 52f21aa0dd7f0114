"""log K_v(x) for torch tensors; see ``torch_i``.

Derivatives: by x twice, by v once; the latter comes from the compiled functions, on the host. Others are refused.
"""

from __future__ import annotations

import math

from seedbed.directional.bessel.series import coefficients
from seedbed.directional.bessel.series import k_pair as series_k
from seedbed.directional.bessel.series import log as series_log
from seedbed.directional.bessel.series import polynomials as series_polynomials
from seedbed.directional.bessel.series import ratio as series_ratio
from seedbed.directional.bessel.series import steps as series_steps

from .functions import log_kv_dv
from .ratio_slopes import with_slopes
from .torch_i import big_l, by_size, log_half, typed
from .torch_slopes import differentiable, last, torch

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
    """K_mu and (x/2) K_{mu+1} for x <= 1."""
    m2 = mu * mu
    g1, g2 = series_polynomials.temme_1(m2), series_polynomials.temme_2(m2)
    below, above = g2 - mu * g1, g2 + mu * g1
    big = -log_half(x)
    sigma = mu * big
    s2 = (sigma * sigma).clamp(max=1.0)
    tail = big + big * s2 * series_polynomials.sinh_tail(s2)
    sinh_term = torch.where(sigma.abs() < 1.0, tail, torch.sinh(sigma) / torch.where(mu == 0, 1.0, mu))
    e, gammas = torch.exp(sigma), 1.0 + m2 * series_polynomials.reflection_tail(m2)
    f = (g1 * torch.cosh(sigma) + g2 * sinh_term) * gammas
    p, q = 0.5 * e * above * gammas, 0.5 / e * below * gammas
    s0, s1, d = series_steps.temme_sums(mu, f, p, q, 0.25 * x * x)
    return s0 / d, s1 / d


def _recur(v, x):
    """round(v), K_mu and (x/2) K_{mu+1} (as `k_pair` scales them above x = 1), and the last two of the recurrence.

    (x/2)^n K_{mu+n}: a quotient of two of them can be too small for a number where x is, they themselves are not.
    """
    n = torch.floor(v + 0.5)
    mu = v - n
    scaled = x > 1.0
    first, second = _temme(mu, x.clamp(max=1.0))
    a, b = series_k.k_pair(x.clamp(min=1.0), mu)
    first, second = torch.where(scaled, a, first), torch.where(scaled, a * b, second)
    h = 0.25 * x * x
    p, q = first, second
    top, below = torch.where(n < 1.0, p, q), p
    for j in range(1, 25):
        p, q = q, (mu + j) * q + h * p
        top, below = torch.where(n == j + 1.0, q, top), torch.where(n == j + 1.0, p, below)
    return n, first, second, top, below


def _small(v, x):
    n, _, _, top, _ = _recur(v, x)
    scaled = x > 1.0
    tail = torch.log(top) + torch.where(scaled, HALF_LOG_PI_4 - x, 0.0)
    return (n + 0.5 * scaled) * -log_half(x) + tail


def _small_slope(v, x):
    n, first, second, top, below = _recur(v, x)
    return torch.where(n > 0.0, -(v / x + 0.5 * x * (below / top)), (v - 2.0 * (second / first)) / x)


def _edges(v, x, value, at_infinity):
    value = torch.where(x == 0, math.inf if at_infinity == -math.inf else -math.inf, value)
    value = torch.where(torch.isinf(x), at_infinity, value)
    return torch.where(~((v >= 0) & (x >= 0)) | torch.isinf(v), math.nan, value)


def _log_kv(v, x):
    return _edges(v, x, by_size(v, x, _uniform, _small), -math.inf)


def _slope(v, x):
    """d/dx log K_v(x)."""
    return _edges(v, x, by_size(v, x, _uniform_slope, _small_slope), -1.0)


def _uniform_curvature(v, x):
    """The derivative of ``_uniform_slope``: of -w/x it is v^2/(w x^2), and the rest as in ``ratio_slopes``."""
    w = torch.hypot(v, x)
    z = 1.0 / w
    t, q = (v * z) ** 2, (x * z) ** 2
    R, by_t, by_minus_z = with_slopes(series_ratio.ratio_series_16, t, -z)
    return v / x * (v * z / x) + z * z * ((R - 0.5) * (t - q) - q * (2.0 * t * by_t - z * by_minus_z))


def _small_curvature(v, x):
    """From the differential equation; for small v and x -> 0 the slope is small against 1 / x."""
    s = _small_slope(v, x)
    return 1.0 + ((v / x) ** 2 - s * (s + 1.0 / x))


def _curvature(v, x):
    value = by_size(v, torch.where(torch.isinf(x), 1.0, x), _uniform_curvature, _small_curvature)
    value = torch.where(x == 0, math.inf, torch.where(torch.isinf(x), 0.0, value))
    return torch.where(~((v >= 0) & (x >= 0)) | torch.isinf(v), math.nan, value)


def _order_slope(v, x):
    found = log_kv_dv(v.detach().cpu().numpy(), x.detach().cpu().numpy())
    return torch.as_tensor(found, dtype=v.dtype, device=v.device)


def _refused(v, x):
    raise RuntimeError(
        "log_kv has no second derivatives by its order v here, alone or together with x: they would be wrong. Pass "
        "v.detach()"
    )


_SECOND = last(_curvature, "a second derivative of log_kv")
_LOG_KV = differentiable(
    _log_kv,
    last(_order_slope, "the derivative of log_kv by its order"),
    differentiable(_slope, _refused, _SECOND),
)


def log_kv(v, x):
    """log K_v(x); differentiable twice by ``x`` and once by ``v``. Edges as in `seedbed.directional.log_kv`.

    Parameters
    ----------
    v, x : Tensor or float
        Broadcast; v >= 0 and finite, x >= 0. Computed in float64, returned in the arguments' type.

    Returns
    -------
    Tensor

    Raises
    ------
    RuntimeError
        Where any other derivative is asked for.
    """
    return typed(_LOG_KV, v, x)
