"""log K_v(x) on blocks of an array: kinds and organisation as in ``iv``.

The uniform expansion is that of log I with the signs of its leading part and of z = 1/w turned; below
w = 25 the values at the orders mu and mu + 1 (``k_small``) and a scaled forward recurrence.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional.bessel.series import coefficients
from seedbed.directional.bessel.series import log as series_log
from seedbed.simd import prefer_wide

from .compiled import BLOCKWISE, FLAGS, INLINE, entry, source_tag
from .factories import blockwise, by_kind, near_zero, put_right, uniform
from .k_small import TEMME_HIGH, k_pair, nearest, temme, upward_product
from .math import log
from .zero_and_infinity import log_kv_edge

HALF_LOG_PI_2, HALF_LOG_PI_2_LOW = coefficients.HALF_LOG_PI_2
HALF_LOG_PI_4 = -0.12078223763524522

SERIES = tuple(
    njit(**INLINE)(each)
    for each in (series_log.log_series_4, series_log.log_series_6, series_log.log_series_9, series_log.log_series_16)
)


@njit(**INLINE)
def assemble(v, w, big_l, log_w, s):
    """The expansion from its parts."""
    return (v * big_l - w) + ((HALF_LOG_PI_2 - 0.5 * log_w) + s)


uniforms = tuple(uniform(each, assemble, -1.0) for each in SERIES)
near_zeros = tuple(near_zero(each, -1.0, HALF_LOG_PI_2, HALF_LOG_PI_2_LOW) for each in SERIES[1:])


@njit(**FLAGS)
def small_temme(v, x, out, n):
    """round(v) log(2/x) + log(K_mu P), P = prod (x/2) K_{mu+j+1}/K_{mu+j} by forward recurrence; x <= 1."""
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        big_l = -log(0.5 * x[i])
        k_mu, rise = temme(mu, x[i], big_l)
        top = upward_product(mu, steps, rise, 0.25 * x[i] * x[i])[0]
        out[i] = steps * big_l + log(k_mu * top)


@njit(**FLAGS)
def small_fitted(v, x, out, n):
    """The same for x > 1, where K_mu is scaled by exp(x) (2x/pi)^(1/2)."""
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        k_mu, rise = k_pair(x[i], mu)
        top = upward_product(mu, steps, rise, 0.25 * x[i] * x[i])[0]
        out[i] = (steps + 0.5) * -log(0.5 * x[i]) + (log(k_mu * top) + HALF_LOG_PI_4) - x[i]


evaluate = by_kind(uniforms, (small_temme, small_fitted, small_fitted), log_kv_edge)
blocks = blockwise(evaluate, put_right(near_zeros), TEMME_HIGH, np.inf)


def _entry(tag):
    @entry(BLOCKWISE)
    def log_kv_blocks(v, x, out):
        """out[:] = log K_v(x); one-dimensional, contiguous, equal sizes."""
        if tag != 0:
            blocks(v, x, out)

    return log_kv_blocks


log_kv_blocks = _entry(source_tag())
