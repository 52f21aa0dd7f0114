"""The derivative of log K_v(x) with respect to x on blocks of an array; kinds as in ``kv``.

d/dx log K = -(w/x + x (1/2 - G(-1/w))/w^2) from the uniform expansion, all terms of one sign.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional.bessel.series import ratio as series_ratio
from seedbed.simd import prefer_wide

from .compiled import BLOCKWISE, FLAGS, INLINE, entry, source_tag
from .factories import blockwise, by_kind, leave, uniform_slope
from .k_small import TEMME_HIGH, k_pair, nearest, temme, upward_product
from .math import log
from .zero_and_infinity import log_kv_dx_edge

SERIES = tuple(
    njit(**INLINE)(each)
    for each in (
        series_ratio.ratio_series_4,
        series_ratio.ratio_series_6,
        series_ratio.ratio_series_9,
        series_ratio.ratio_series_16,
    )
)


@njit(**INLINE)
def assemble(v, x, w, z, g):
    """The expansion from its parts."""
    return -(w / x + x * z * z * (0.5 - g))


uniforms = tuple(uniform_slope(each, assemble, -1.0) for each in SERIES)


@njit(**INLINE)
def climb(v, x, steps, mu, rise):
    """-(v/x + K_{v-1}/K_v), the quotient from the recurrence's last two products."""
    top, below = upward_product(mu, steps, rise, 0.25 * x * x)
    # without a step, K_{v-1} is not there: d/dx log K = v/x - K_{v+1}/K_v, which barely cancels
    return -(v / x + 0.5 * x * (below / top)) if steps > 0.0 else (v - 2.0 * rise) / x


@njit(**FLAGS)
def small_temme(v, x, out, n):
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        out[i] = climb(v[i], x[i], steps, mu, temme(mu, x[i], -log(0.5 * x[i]))[1])


@njit(**FLAGS)
def small_fitted(v, x, out, n):
    prefer_wide()
    for i in range(n):
        steps, mu = nearest(v[i])
        out[i] = climb(v[i], x[i], steps, mu, k_pair(x[i], mu)[1])


evaluate = by_kind(uniforms, (small_temme, small_fitted, small_fitted), log_kv_dx_edge)
blocks = blockwise(evaluate, leave, TEMME_HIGH, np.inf)


def _entry(tag):
    @entry(BLOCKWISE)
    def log_kv_dx_blocks(v, x, out):
        """out[:] = d/dx log K_v(x); one-dimensional, contiguous, equal sizes."""
        if tag != 0:
            blocks(v, x, out)

    return log_kv_dx_blocks


log_kv_dx_blocks = _entry(source_tag())
