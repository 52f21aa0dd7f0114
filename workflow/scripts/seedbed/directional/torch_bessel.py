"""log I_v(x) and I_{v+1}/I_v for torch tensors, on any device, with analytic gradients.

Optional: import this module only if torch is installed. The coefficient table is that of the compiled
kernels: ``series`` is plain arithmetic and runs on tensors as it is. Below w = hypot(v, x) = 25 a power
series, and for the ratio the backward recurrence from the order v + 26; no loop's length depends on the
data, so that nothing has to be synchronised with a device. log K is in ``torch_bessel_k``.

float32 tensors are computed in float64 and cast back, as w - v asinh(v/x) would cancel all their digits.
The band around the zero curve is not treated apart: the error there is a few 1e-16 of w.
"""

from __future__ import annotations

import math

import torch

from seedbed.directional import (
    coefficients,
    series_log,
    series_order,
    series_polynomials,
    series_power,
    series_ratio,
    series_steps,
)

HALF_LOG_2PI = coefficients.HALF_LOG_2PI[0]
W_UNIFORM = 25.0
SHIFT = coefficients.ORDER_STEPS


def prepare(v, x):
    """Broadcast to float64 on one device."""
    x = torch.as_tensor(x)
    v = torch.as_tensor(v, device=x.device)
    return torch.broadcast_tensors(v.double(), x.double())


def big_l(v, x, w):
    """asinh(v/x), the quotient kept in range."""
    return torch.where(x > 1e-290 * (v + 1.0), torch.asinh(v / x), torch.log(v + w) - torch.log(x))


def _log_iv_uniform(v, x):
    w = torch.hypot(v, x)
    z = 1.0 / w
    s = series_log.log_series_16((v * z) ** 2, z)
    return (w - v * big_l(v, x, w)) - ((0.5 * torch.log(w) + HALF_LOG_2PI) - s)


def _ratio_uniform(v, x):
    w = torch.hypot(v, x)
    z = 1.0 / w
    return x * (1.0 / (w + v) + z * z * (series_ratio.ratio_series_16((v * z) ** 2, z) - 0.5))


def _power_series(v, x):
    """v log(x/2) + log((1 + s)/Gamma(v + 1)) for w < 25, as the compiled kernel puts it together."""
    s = series_power.power_sum_46(v, 0.25 * x * x)
    n = torch.floor(v + 0.5)
    m = v - n
    e = m * series_polynomials.reciprocal_gamma_tail(m)
    product = torch.ones_like(m)
    for j in range(1, 26):
        product = torch.where(n >= j, product * (m + j), product)
    return v * torch.log(0.5 * x) + (torch.log1p(s + e + s * e) - torch.log(product))


def _ratio_shifted(v, x):
    u = v + SHIFT
    w = torch.hypot(u, x)
    z = 1.0 / w
    start = 1.0 / (w + u) + z * z * (series_ratio.ratio_series_16((u * z) ** 2, z) - 0.5)
    return x * series_steps.downward_ratio(u, start, x * x)


def by_size(v, x, uniform, small):
    """``uniform`` from w = 25 on and ``small`` below, each fed harmless numbers where it is not wanted."""
    low = torch.hypot(v, x) < W_UNIFORM
    high = uniform(torch.where(low, 25.0, v), torch.where(low, 25.0, x))
    few = small(torch.where(low, v, 1.0), torch.where(low, x, 1.0))
    return torch.where(low, few, high)


def edges(v, x, value, at_zero, at_infinity):
    value = torch.where(x == 0, at_zero, value)
    value = torch.where(torch.isinf(x), at_infinity, value)
    bad = ~((v >= 0) & (x >= 0)) | torch.isinf(v)
    return torch.where(bad, math.nan, value)


def _log_iv(v, x):
    value = by_size(v, x, _log_iv_uniform, _power_series)
    return edges(v, x, value, torch.where(v == 0, 0.0, -math.inf), math.inf)


def _ratio(v, x):
    return edges(v, x, by_size(v, x, _ratio_uniform, _ratio_shifted), 0.0, 1.0)


def _order_slope(v, x):
    """d/dv log I_v(x) from the expansion at order v + 26 carried down by the recurrence, or directly."""

    def uniform(v, x):
        w = torch.hypot(v, x)
        z = 1.0 / w
        p = v * z
        return -big_l(v, x, w) + p * z * (series_order.order_series_16(p * p, z) - 0.5)

    def shifted(v, x):
        u = v + SHIFT
        h = 0.25 * x * x
        r, dr = torch.zeros_like(x), torch.zeros_like(x)
        for j in range(60, 0, -1):
            d = u + j + r
            r = h / d
            dr = -r / d * (1.0 + dr)
        a, da, b, db = torch.ones_like(x), torch.zeros_like(x), r, dr
        for j in range(SHIFT):
            c, dc = (u - j) * a + b, (u - j) * da + a + db
            b, db, a, da = h * a, h * da, c, dc
        return uniform(u, x) + da / a

    return by_size(v, x, uniform, shifted)


class _LogIv(torch.autograd.Function):
    @staticmethod
    def forward(ctx, v, x):
        ctx.save_for_backward(v, x)
        return _log_iv(v, x)

    @staticmethod
    def backward(ctx, grad):
        v, x = ctx.saved_tensors
        by_v = grad * _order_slope(v, x) if ctx.needs_input_grad[0] else None
        slope = bessel_ratio(v, x) + torch.where(v > 0, v / x, 0.0)
        return by_v, grad * slope if ctx.needs_input_grad[1] else None


class _Ratio(torch.autograd.Function):
    @staticmethod
    def forward(ctx, v, x):
        value = _ratio(v, x)
        ctx.save_for_backward(v, x, value)
        return value

    @staticmethod
    def backward(ctx, grad):
        v, x, a = ctx.saved_tensors
        over = torch.where(x > 0, a / x, 0.5 / (v + 1.0))
        return None, grad * (1.0 - a * a - (2.0 * v + 1.0) * over)


def typed(function, v, x):
    """Apply in float64 and return in the wider floating type of the arguments."""
    types = [a.dtype for a in (v, x) if torch.is_tensor(a) and a.is_floating_point()]
    wanted = max(types, key=lambda t: torch.finfo(t).bits, default=torch.float64)
    return function(*prepare(v, x)).to(wanted)


def log_iv(v, x):
    """log I_v(x); differentiable (once) with respect to ``v`` and ``x``. Edges as in `seedbed.directional.log_iv`.

    Parameters
    ----------
    v, x : Tensor or float
        Broadcast; v >= 0 and finite, x >= 0. Computed in float64, returned in the arguments' type.

    Returns
    -------
    Tensor
    """
    return typed(_LogIv.apply, v, x)


def bessel_ratio(v, x):
    """I_{v+1}(x)/I_v(x); differentiable with respect to ``x``. Parameters as in `log_iv`."""
    return typed(_Ratio.apply, v, x)
