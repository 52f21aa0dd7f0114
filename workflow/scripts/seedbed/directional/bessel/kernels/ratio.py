"""I_{v+1}(x) / I_v(x) on blocks of an array; kinds as in ``iv``.

The ratio is x (1/(w+v) + (G - 1/2)/w^2), G the differentiated logarithmic series: nothing cancels. Below
w = 25 it is evaluated at an order shifted by 26, and the backward recurrence brings it down.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional.bessel.series import ratio as series_ratio
from seedbed.directional.bessel.series import steps as series_steps
from seedbed.simd import prefer_wide

from .compiled import BLOCKWISE, FLAGS, INLINE, entry, source_tag
from .factories import blockwise, by_kind, leave, uniform_slope
from .math import radius
from .zero_and_infinity import ratio_edge

# all points below w = 25 are of one kind here
SPLIT_1 = SPLIT_2 = np.inf
SHIFT = 26.0

SERIES = tuple(
    njit(**INLINE)(each)
    for each in (
        series_ratio.ratio_series_4,
        series_ratio.ratio_series_6,
        series_ratio.ratio_series_9,
        series_ratio.ratio_series_16,
    )
)
series_16 = SERIES[3]
downward_ratio = njit(**INLINE)(series_steps.downward_ratio)


@njit(**INLINE)
def assemble(v, x, w, z, g):
    """The expansion from its parts."""
    return x * (1.0 / (w + v) + z * z * (g - 0.5))


uniforms = tuple(uniform_slope(each, assemble, 1.0) for each in SERIES)


@njit(**FLAGS)
def small(v, x, out, n):
    prefer_wide()
    for i in range(n):
        u = v[i] + SHIFT
        w, z = radius(u, x[i])
        p = u * z
        start = 1.0 / (w + u) + z * z * (series_16(p * p, z) - 0.5)
        out[i] = x[i] * downward_ratio(u, start, x[i] * x[i])


evaluate = by_kind(uniforms, (small, small, small), ratio_edge)
blocks = blockwise(evaluate, leave, SPLIT_1, SPLIT_2)


def _entry(tag):
    @entry(BLOCKWISE)
    def ratio_blocks(v, x, out):
        """out[:] = I_{v+1}(x) / I_v(x); one-dimensional, contiguous, equal sizes."""
        if tag != 0:
            blocks(v, x, out)

    return ratio_blocks


ratio_blocks = _entry(source_tag())
