"""log I_v(x) and I_{v+1}/I_v for torch tensors, on any device, with analytic gradients.

Derivatives by v and x are right wherever they exist: two of log I, one of the ratio. A third, or second one of the
ratio, is refused by a message (``torch_slopes``).

Optional: import this module only if torch is installed. The coefficient table is that of the compiled
kernels: ``series`` is plain arithmetic and runs on tensors as it is. Below w = hypot(v, x) = 25 a power
series, and for the ratio the backward recurrence from the order v + 26; no loop's length depends on the
data, so that nothing has to be synchronised with a device. log K is in ``torch_k``.

float32 tensors are computed in float64 and cast back, as w - v asinh(v/x) would cancel all their digits.
The band around the zero curve is not treated apart: the error there is a few 1e-16 of w.
"""

from __future__ import annotations

import math

from seedbed.directional.bessel.series import coefficients
from seedbed.directional.bessel.series import log as series_log
from seedbed.directional.bessel.series import order as series_order
from seedbed.directional.bessel.series import polynomials as series_polynomials
from seedbed.directional.bessel.series import power as series_power
from seedbed.directional.bessel.series import ratio as series_ratio
from seedbed.directional.bessel.series import steps as series_steps

from . import ratio_slopes
from .torch_slopes import differentiable, last, torch

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


def log_half(x):
    """log(x/2), also where x/2 is no number any more."""
    return torch.where(x > 1e-300, torch.log(0.5 * x), torch.log(x) - math.log(2.0))


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
    return v * log_half(x) + (torch.log1p(s + e + s * e) - torch.log(product))


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


def _slope(v, x):
    """d/dx log I_v(x)."""
    return _ratio(v, x) + torch.where(v > 0, v / x, 0.0)


def _by_slopes(index, at_zero, at_infinity):
    """One of the four second derivatives of ``ratio_slopes.Slopes``, with its limits."""

    def uniform(v, x):
        return ratio_slopes.uniform_slopes(v, x, torch.hypot(v, x))[index]

    def shifted(v, x):
        return ratio_slopes.shifted_slopes(v, x, torch.hypot)[index]

    def whole(v, x):
        value = by_size(v, torch.where(torch.isinf(x), 1.0, x), uniform, shifted)
        return edges(v, x, value, at_zero(v), at_infinity)

    return whole


def _order_curvature(v, x):
    def uniform(v, x):
        return ratio_slopes.uniform_order_curvature(v, torch.hypot(v, x))

    def shifted(v, x):
        return ratio_slopes.shifted_order_curvature(v, x, torch.hypot)

    return edges(v, x, by_size(v, x, uniform, shifted), -torch.special.polygamma(1, v + 1.0), 0.0)


def _slope_at_zero(v):
    """A'(0) - v/x^2 at x = 0."""
    return torch.where(v > 0, -math.inf, 0.5 / (v + 1.0))


_SECOND_I, _FIRST_RATIO = "a second derivative of log_iv", "a first derivative of bessel_ratio"
_ratio_dx = last(_by_slopes(0, lambda v: 0.5 / (v + 1.0), 0.0), _FIRST_RATIO)
_ratio_dv = last(_by_slopes(1, lambda v: 0.0, 0.0), _FIRST_RATIO)
_log_iv_dxdx = last(_by_slopes(2, _slope_at_zero, 0.0), _SECOND_I)
_log_iv_dvdx = last(_by_slopes(3, lambda v: math.inf, 0.0), _SECOND_I)
_log_iv_dvdv = last(_order_curvature, _SECOND_I)
_RATIO = differentiable(_ratio, _ratio_dv, _ratio_dx)
_LOG_IV = differentiable(
    _log_iv,
    differentiable(_order_slope, _log_iv_dvdv, _log_iv_dvdx),
    differentiable(_slope, _log_iv_dvdx, _log_iv_dxdx),
)


def typed(function, v, x):
    """Apply in float64 and return in the wider floating type of the arguments."""
    types = [a.dtype for a in (v, x) if torch.is_tensor(a) and a.is_floating_point()]
    wanted = max(types, key=lambda t: torch.finfo(t).bits, default=torch.float64)
    return function(*prepare(v, x)).to(wanted)


def log_iv(v, x):
    """log I_v(x); twice differentiable with respect to ``v`` and ``x``. Edges as in `seedbed.directional.log_iv`.

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
        Where a third derivative is asked for.

    Notes
    -----
    Second derivatives keep their relative accuracy, but where that by both ``v`` and ``x`` is far below 1/x (v near 0),
    or that by ``v`` far below that at order v + 26 (large arguments below 25): there the absolute one.
    """
    return typed(_LOG_IV, v, x)


def bessel_ratio(v, x):
    """I_{v+1}(x)/I_v(x); differentiable once with respect to ``v`` and ``x``. Parameters as in `log_iv`."""
    return typed(_RATIO, v, x)
