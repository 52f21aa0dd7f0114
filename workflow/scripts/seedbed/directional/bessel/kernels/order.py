"""The derivatives with respect to the order on arrays, compiled."""

from __future__ import annotations

from numba import njit

from .compiled import BLOCKWISE, FLAGS, entry, source_tag
from .order_slope import order_slopes

order_slope_i, order_slope_k = order_slopes(njit(**FLAGS))


def _entries(tag):
    @entry(BLOCKWISE)
    def log_iv_dv_points(v, x, out):
        """out[:] = d/dv log I_v(x)."""
        if tag != 0:
            for i in range(v.size):
                out[i] = order_slope_i(v[i], x[i])

    @entry(BLOCKWISE)
    def log_kv_dv_points(v, x, out):
        """out[:] = d/dv log K_v(x)."""
        if tag != 0:
            for i in range(v.size):
                out[i] = order_slope_k(v[i], x[i])

    return log_iv_dv_points, log_kv_dv_points


log_iv_dv_points, log_kv_dv_points = _entries(source_tag())
